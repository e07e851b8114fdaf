"""The main job, as a practitioner does it: sign in, log an initiative, see it in the circle."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import prove

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> \"quoted\" 'n' & عربى"


def fill_in(page, title):
    page.fill("[name=title]", title)
    page.check("[name=conflicts][value=cyprus]")
    page.fill("[name=start]", "2024-03")
    page.check("[name=lead_track][value=media]")
    page.check("[name=tracks][value=religion]")
    page.check("[name=sharing][value=network]")
    page.check("[name=agreed]")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_practitioner_logs_an_initiative_and_sees_it_in_the_circle(open_page, sign_in, javascript, width):
    page = open_page(width=width, javascript=javascript)
    sign_in(page, "practitioner")
    page.goto("/conflicts/cyprus/")
    expect(page.locator("[data-track=media]").first).to_contain_text("none recorded")
    page.goto("/initiatives/new/")
    fill_in(page, HOSTILE)
    page.click("button[name=action][value=publish]")
    prove(page)
    expect(page.locator("h1")).to_contain_text(HOSTILE)
    page.goto("/conflicts/cyprus/")
    expect(page.locator("tr[data-track=media]")).to_contain_text("active")
    page.click("tr[data-track=media] a >> text='1' >> nth=0")
    expect(page.locator("#initiative-rows")).to_contain_text(HOSTILE)
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Cyprus")


def test_what_is_missing_is_said_and_nothing_typed_is_lost(open_page, sign_in):
    page = open_page()
    sign_in(page, "practitioner")
    page.goto("/initiatives/new/")
    page.fill("[name=title]", "Half a story")
    page.fill("[name=start]", "1993-13")
    page.click("button[name=action][value=publish]")
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("There is no month 13")
    expect(page.locator("[name=title]")).to_have_value("Half a story")
    page.fill("[name=start]", "1993-12")
    page.click("button[name=action][value=publish]")
    expect(summary).to_contain_text("Choose at least one conflict system")
    expect(summary).to_contain_text("Choose one lead track")
    page.click("button[name=action][value=draft]")
    expect(page.locator("#messages")).to_contain_text("Draft saved")


def test_the_list_narrows_while_one_types_and_comes_back_on_back(open_page):
    page = open_page()
    page.goto("/initiatives/")
    expect(page.locator("#initiative-rows")).to_contain_text("24 initiatives")
    page.fill("[name=q]", "wajir")
    expect(page.locator("#initiative-rows")).to_contain_text("1 initiative")
    page.locator("#initiative-rows a", has_text="Wajir peace committee").first.click()
    expect(page.locator("h1")).to_contain_text("Wajir peace committee")
    page.go_back()
    expect(page.locator("#initiative-rows")).to_contain_text("1 initiative")
    expect(page.locator("header")).to_be_visible()


def test_back_after_saving_finds_the_record_and_makes_no_second_one(open_page, sign_in):
    page = open_page()
    sign_in(page, "practitioner")
    page.goto("/initiatives/new/")
    page.fill("[name=title]", "Once is enough")
    page.fill("[name=start]", "2020")
    page.click("button[name=action][value=draft]")
    expect(page.locator("#messages")).to_contain_text("Draft saved")
    page.go_back()
    expect(page.locator("[name=start]")).to_have_value("2020")
    page.fill("[name=summary]", "A later thought")
    page.click("button[name=action][value=draft]")
    expect(page.locator("#messages")).to_contain_text("Draft saved")
    page.goto("/initiatives/?q=once+is+enough")
    expect(page.locator("#initiative-rows")).to_contain_text("1 initiative")
    page.locator("#initiative-rows h2 a", has_text="Once is enough").click()
    expect(page.locator("main")).to_contain_text("A later thought")

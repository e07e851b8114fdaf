"""Text that was never saved comes back to who typed it, and to nobody else."""

import time

import pytest
from playwright.sync_api import expect

from initiatives.models import Autosave
from mtd_tracker.accounts.models import User

pytestmark = pytest.mark.browser

TITLE, SUMMARY = "Half a story", "Typed while signed out."


@pytest.fixture
def typing(open_page, sign_in):
    """The practitioner's form of a new record, with a title typed a moment ago."""
    page = open_page()
    sign_in(page, "practitioner")
    page.goto("/initiatives/new/")
    page.fill("[name=title]", TITLE)
    return page


def take_up(page):
    """From the desk to the form that was left."""
    page.goto("/")
    page.locator("section", has=page.locator("#unsaved")).get_by_role("link", name=TITLE).click()
    expect(page.locator("[name=title]")).to_have_value(TITLE)


def test_on_leaving_it_is_kept_for_who_typed_it_alone(typing, open_page, sign_in):
    typing.goto("/conflicts/")  # sooner than the seconds after which it would be kept anyhow
    deadline = time.monotonic() + 10
    while not Autosave.objects.exists() and time.monotonic() < deadline:
        typing.wait_for_timeout(100)
    take_up(typing)
    colleague = open_page()
    sign_in(colleague, "manager")
    expect(colleague.locator("main")).not_to_contain_text(TITLE)
    colleague.goto(typing.url)
    expect(colleague.locator("[name=title]")).to_have_value("")
    colleague.goto("/initiatives/new/")
    expect(colleague.locator("main")).not_to_contain_text(TITLE)


def test_what_is_typed_after_the_session_ended_is_kept_once_one_is_signed_in_again(typing, sign_in):
    expect(typing.locator("#kept")).to_contain_text("Kept")
    User.objects.get(email="practitioner@demo.example").sessions.all().delete()
    typing.fill("[name=summary]", SUMMARY)
    expect(typing.locator("#kept")).to_contain_text("You are signed out")
    another_tab = typing.context.new_page()
    sign_in(another_tab, "practitioner")
    typing.bring_to_front()
    typing.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # which no tab without a screen sends
    expect(typing.locator("#kept")).to_contain_text("Kept")
    typing.close()
    take_up(another_tab)
    expect(another_tab.locator("[name=summary]")).to_have_value(SUMMARY)

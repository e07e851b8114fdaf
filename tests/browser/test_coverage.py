"""A manager's way through coverage: the circle, the lanes, a comparison, a kept question, the report; and lists."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
DASHBOARD = "/conflicts/northern-ireland/?from=1990&as_of=2000-12-31"
PATIENCE = 15_000  # milliseconds, so that what isn't there fails soon


def test_a_manager_reads_compares_keeps_and_prints_coverage(open_page, sign_in):
    page = open_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, "manager")
    look_at_the_circle(page)
    look_at_the_lanes(page)
    compare_two_systems(page)
    keep_a_question(page)
    print_a_report(page)


def test_a_tap_tells_a_tracks_figures_also_without_scripts(open_page):
    page = open_page(width=360, javascript=False)
    page.set_default_timeout(PATIENCE)
    page.goto(DASHBOARD)
    words = page.locator("#said-northern-ireland-business")
    expect(words).to_be_hidden()
    node(page, "business").locator(".node-disc").click()
    expect(words).to_be_visible()
    expect(words).to_contain_text("2 active")
    words.get_by_role("link", name="Close").click()
    expect(words).to_be_hidden()
    page.click("#turn")
    expect(page).to_have_url(re.compile("turn=1#circle-figure$"))
    expect(page.locator("svg.circle")).to_be_in_viewport()
    node(page, "business").locator(".node-disc").click()
    words.get_by_role("link", name="Turn this track to the top").click()
    expect(page).to_have_url(re.compile("turn=7#circle-figure$"))
    page.click("#arcs")
    expect(page).to_have_url(re.compile("arcs=off"))
    assert page.locator("#circle-figure .circle-arc").count() == 0


def test_whoever_works_by_keyboard_goes_on_in_the_part_that_was_replaced(open_page):
    page = open_page()
    page.set_default_timeout(PATIENCE)
    page.goto(DASHBOARD)
    scroll_to(page, 60)
    page.get_by_role("link", name="Last 5 years").press("Enter")
    expect(page.locator("#coverage")).to_be_focused()
    assert page.evaluate("scrollY") == 60
    page.keyboard.press("Tab")
    expect(page.get_by_label("From")).to_be_focused()
    scroll_to(page, 600)
    page.locator("#turn").press("Enter")
    expect(page).to_have_url(re.compile("turn=1"))
    expect(page.locator("#turn")).to_be_focused()
    assert page.evaluate("scrollY") == 600


def test_whoever_sorts_a_list_or_filters_it_by_keyboard_goes_on_in_its_rows(open_page):
    page = open_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/initiatives/?q=peace")
    title, words = page.get_by_role("link", name="Title"), page.locator("[type=search]")
    goes_on_in_the_rows(page, title)
    goes_on_in_the_rows(page, words)
    goes_on_in_the_rows(page, page.get_by_role("link", name="Take out").first)
    expect(page).to_have_url(re.compile(r"/initiatives/\?sort=title#"))


def goes_on_in_the_rows(page, pressed):
    with page.expect_event("load"):
        pressed.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#initiative-rows').contains(document.activeElement)")


def scroll_to(page, top):
    page.evaluate("top => scrollTo({top, behavior: 'instant'})", top)


def node(page, track):
    return page.locator(f'a.circle-node[href="#said-northern-ireland-{track}"]')


def look_at_the_circle(page):
    page.goto(DASHBOARD)
    business = node(page, "business")
    caption = business.locator(".node-caption")
    expect(caption).to_be_hidden()
    business.locator(".node-disc").hover()
    expect(caption).to_be_visible()
    expect(caption).to_contain_text("2 active")
    page.mouse.move(0, 0)
    expect(caption).to_be_hidden()
    business.focus()
    expect(caption).to_be_visible()
    stood = business.locator(".node-disc").get_attribute("cx")
    page.click("#turn")
    expect(page).to_have_url(re.compile("turn=1"))
    expect(business.locator(".node-disc")).not_to_have_attribute("cx", stood)
    arrows = page.locator("#circle-figure .circle-flow")
    drawn = arrows.count()
    assert drawn
    for switch in page.locator("[id^=flows-]").all():
        switch.click()
        expect(switch).to_contain_text("Show")
    expect(arrows).to_have_count(0)
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        address = page.locator("#circle-figure a", has_text=re.compile(f"^{kind}$")).get_attribute("href")
        picture = page.request.get(address)
        assert picture.body().lstrip().startswith(start)
        assert "attachment" in picture.headers["content-disposition"]
    page.go_back()
    expect(arrows).not_to_have_count(0)


def look_at_the_lanes(page):
    page.goto(DASHBOARD)
    page.click("#lanes-link")
    expect(page.locator("svg.lanes")).to_be_visible()
    page.locator("svg.lanes").evaluate("lanes => scrollTo(0, scrollY + lanes.getBoundingClientRect().top + 200)")
    assert page.locator("svg.lanes-years").bounding_box()["y"] == 0
    span = page.locator("#lanes-title").inner_text()
    page.locator("[id^=zoom-]").first.click()
    expect(page.locator("#lanes-title")).not_to_have_text(span)
    expect(page.locator("#sequence table tbody tr").first).to_be_visible()


def compare_two_systems(page):
    page.goto("/conflicts/compare/")
    for name in ("Cyprus", "Northern Ireland"):
        page.get_by_label(name, exact=True).check()
    page.click("#compare-apply")
    expect(page.locator("#compare svg.circle-small")).to_have_count(2)
    expect(page).to_have_url(re.compile("system=cyprus.*system=northern-ireland"))


def keep_a_question(page):
    page.goto(DASHBOARD)
    page.get_by_role("link", name="Keep this question").click()
    page.fill("[name=name]", "Ireland then")
    page.check("[name=on_home]")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#messages")).to_contain_text("The question is kept")
    page.get_by_role("link", name="My kept questions").click()
    expect(page.get_by_role("heading", name="Kept questions")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="Ireland then").click()
    expect(page).to_have_url(re.compile("/conflicts/northern-ireland/.*from=1990.*as_of=2000-12-31"))
    page.goto("/questions/")
    page.get_by_role("link", name="Edit").click()
    page.select_option("[name=sharing]", "link")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Edit").click()
    expect(page.locator("main")).to_contain_text("Its link:")
    page.goto("/questions/")
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator("main")).to_contain_text("None kept yet")


def print_a_report(page):
    page.goto("/conflicts/northern-ireland/report/?as=public&as_of=2000-12-31")
    expect(page.locator(".report-bar")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".report-bar")).to_be_hidden()
    expect(page.locator(".sheet")).to_contain_text("Coverage of Northern Ireland")
    page.emulate_media(media="screen")
    with page.expect_download() as loading:
        page.get_by_role("link", name="PDF", exact=True).click()
    report = loading.value
    assert report.suggested_filename == "coverage-northern-ireland-public.pdf"
    assert report.path().read_bytes().startswith(b"%PDF-")

"""The whole walk of a review: sent, returned with a comment, changed and sent again, approved."""

import pytest
from playwright.sync_api import expect

from initiatives.actions.lifecycle import publish
from initiatives.models import Initiative, Organisation
from tests.browser.conftest import axe_violations, prove
from tests.browser.test_logging import fill_in

pytestmark = pytest.mark.browser


def test_a_managers_header_stays_on_one_line_with_most_to_do(open_page, sign_in):
    Organisation.objects.filter(name="Bridge Builders").update(reviews=True)
    written = Initiative.objects.filter(author__email="practitioner@demo.example", publication="published")
    draft = written.filter(sharing="organisation").exclude(start_on=None).first()
    draft.publication = "draft"
    draft.save()
    publish(draft, by=draft.author, agreed=True)
    page = open_page()
    sign_in(page, "manager")
    places = page.get_by_label("Main").get_by_role("link")
    expect(page.locator(".site-nav")).to_contain_text("To review 1")
    page.evaluate("document.querySelector('#to-do-wide').textContent = '99+'")
    for width in (992, 1024, 1200, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert len({place.bounding_box()["y"] for place in places.all()}) == 1, width
        expect(page.locator(".site-person").get_by_role("link", name="Log an initiative", exact=True)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_record_goes_through_review_and_back_and_to_its_readers(open_page, sign_in, javascript, width):
    Organisation.objects.filter(name="Bridge Builders").update(reviews=True)
    author, manager, outsider = (open_page(width=width, javascript=javascript) for _ in range(3))
    for page, account in ((author, "practitioner"), (manager, "manager"), (outsider, "outsider")):
        sign_in(page, account)

    author.goto("/initiatives/new/")
    fill_in(author, "Ferry talks")
    author.click("button >> text='Send for review'")
    prove(author)
    expect(author.locator("#messages")).to_contain_text("Sent for review")
    address = f"/initiatives/{Initiative.objects.get(title='Ferry talks').ref}/"
    assert outsider.goto(address).status == 404

    manager.goto("/")
    manager.click("main >> text='Read it'")
    manager.click("main a >> text='Ferry talks'")
    expect(manager.locator("main")).to_contain_text("Every signed-in member of an organisation")
    look_at(manager, javascript)
    manager.click("button >> text='Return to the author'")
    expect(manager.locator("#error-summary")).to_contain_text("Say what is to be changed")
    manager.fill("[name=comment]", "Which ferry?")
    manager.click("button >> text='Return to the author'")
    expect(manager.locator("#messages")).to_contain_text("Returned to its author")

    author.goto("/")
    expect(author.locator("main")).to_contain_text("Which ferry?")
    look_at(author, javascript)
    author.click("main >> text='Change it'")
    author.fill("[name=summary]", "The ferry at the mill.")
    author.check("[name=agreed]")
    author.click("button >> text='Send for review'")
    expect(author.locator("main")).to_contain_text("In review since")
    look_at(author, javascript)

    manager.goto("/reviews/")
    look_at(manager, javascript)
    manager.click("main a >> text='Ferry talks'")
    expect(manager.locator(".revision-changes")).to_contain_text("The ferry at the mill.")
    manager.click("button >> text='Approve and publish'")
    expect(manager.locator("#messages")).to_contain_text("Approved")

    outsider.goto(address)
    expect(outsider.locator("h1")).to_contain_text("Ferry talks")
    expect(outsider.locator("main")).not_to_contain_text("Which ferry?")


def look_at(page, javascript):
    """No sideways scroll; and no finding of axe, which needs scripts itself."""
    if javascript:
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0

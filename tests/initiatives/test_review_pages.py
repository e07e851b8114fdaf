"""What reviewers and authors are shown of a review, and what readers are not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from initiatives.actions import lifecycle
from initiatives.actions.review import approve, send_back
from initiatives.actions.sharing import change_sharing
from initiatives.models import Grant, ReviewStep
from tests.factories import MembershipFactory
from tests.initiatives.form_pages import as_sent, edit_page
from tests.initiatives.reviewing import COMMENT, browser, page_of, stored

pytestmark = pytest.mark.usefixtures("reviewing")


def test_reviewers_see_their_queue_and_its_length_and_nobody_else(client, sent, alice, maria, otto, colin, curator):
    record = sent("Market talks")
    client.force_login(maria)
    for address in ("/", "/reviews/", "/conflicts/"):
        assertContains(client.get(address), 'To review <span class="site-count">1</span>')
    assertContains(client.get("/reviews/"), page_of(record))
    client.force_login(otto)
    response = client.get("/reviews/")
    assertContains(response, "Nothing waits for your review")
    assertNotContains(response, "To review <span")
    for user in (alice, colin, curator):
        client.force_login(user)
        assert client.get("/reviews/").status_code == 403
        assertNotContains(client.get("/"), "To review <span")


def test_the_longest_waiting_comes_first(client, sent, draft, alice, maria):
    older, newer = draft("Sent first"), sent("Sent second")
    lifecycle.publish(older, by=alice)
    ReviewStep.objects.filter(initiative=older).update(at="2020-01-01T00:00:00Z")
    client.force_login(maria)
    assert list(client.get("/reviews/").context["page"]) == [older, newer]


@pytest.mark.parametrize("address", ["/", "/reviews/", "/conflicts/"])
def test_the_queries_of_a_reviewer_do_not_grow(client, sent, maria, mo, address):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    client.force_login(maria)
    sent()
    few = queries()
    for number in range(5):
        send_back(sent(f"Returned {number}", by=mo), by=maria, version=2, comment="A")
        sent(f"Waiting {number}")
    assert queries() == few


def test_an_authors_desk_says_what_to_do(client, sent, alice, maria):
    waiting, back = sent("Waiting one"), sent("Returned one")
    send_back(back, by=maria, version=2, comment=COMMENT)
    client.force_login(alice)
    response = client.get("/")
    for words in ("Returned one", "returned by Maria", COMMENT, "Waiting one", "in review since"):
        assertContains(response, words)
    assertContains(response, f"/initiatives/{waiting.ref}/mark/take-back/")
    assert list(response.context["drafts"]["shown"]) == []


def test_a_desk_holds_what_one_sent_while_one_may_open_it(client, sent, draft, alice, maria, olga):
    record = draft()
    grant = Grant.objects.create(initiative=record, user=olga, access="write")
    lifecycle.publish(record, by=olga)
    client.force_login(olga)
    assertContains(client.get("/"), "in review since")
    grant.delete()
    assertNotContains(client.get("/"), "in review since")


def test_a_desk_holds_nothing_that_one_returned_to_others(client, draft, alice, maria):
    record = draft(sharing="restricted")
    Grant.objects.create(initiative=record, user=maria)
    send_back(lifecycle.publish(record, by=alice), by=maria, version=2, comment=COMMENT)
    client.force_login(maria)
    assertNotContains(client.get("/"), COMMENT)


def test_the_record_says_where_it_stands(client, sent, alice, maria):
    record = sent()
    client.force_login(maria)
    response = client.get(record.get_absolute_url())
    assertContains(response, page_of(record))
    assertNotContains(response, "take-back")
    client.force_login(alice)
    response = client.get(record.get_absolute_url())
    assertContains(response, "take-back")
    assertNotContains(response, page_of(record))
    send_back(record, by=maria, version=2, comment=COMMENT)
    assertContains(client.get(record.get_absolute_url()), COMMENT)


def test_a_reviewer_reads_who_will_read_it_and_what_changed_since_it_was_returned(sent, alice, maria):
    record = sent(sharing="network")
    response = browser(maria).get(page_of(record))
    assertContains(response, "Every signed-in member of an organisation on this site.")
    assert response.context["since_last"] is None
    send_back(record, by=maria, version=2, comment="A")
    for title in ("In between", "Final title"):
        page = edit_page(browser(alice), record)
        browser(alice).post(reverse("initiatives:edit", args=[record.ref]), as_sent(page, title=title, action="draft"))
    lifecycle.publish(record, by=alice, agreed=True)
    response = browser(maria).get(page_of(record))
    changes = [(c.label, c.old, c.new) for c in response.context["since_last"]]
    assert changes == [("Title", "Market talks", "Final title")]
    assertNotContains(response, "In between")


def test_a_comment_is_for_those_who_edit_and_never_for_readers(sent, alice, maria, mo, colin, olga):
    record = sent(sharing="public")
    send_back(record, by=maria, version=2, comment=COMMENT)
    lifecycle.publish(record, by=alice, agreed=True)
    approve(record, by=mo, version=4, comment=COMMENT)
    for user in (None, colin, olga):
        client = browser(user) if user else Client()
        for address in ("/", record.get_absolute_url(), "/initiatives/", "/initiatives/export.json"):
            assertNotContains(client.get(address), COMMENT)
        for name in ("history", "review", "edit"):
            assert client.get(reverse(f"initiatives:{name}", args=[record.ref])).status_code in (302, 403)
    for user in (alice, maria):
        assertContains(browser(user).get(reverse("initiatives:history", args=[record.ref])), COMMENT)
        assertNotContains(browser(user).get(record.get_absolute_url()), COMMENT)


def test_what_was_said_while_it_was_restricted_stays_with_those_named(sent, draft, alice, maria, mo):
    record = draft(sharing="restricted")
    Grant.objects.create(initiative=record, user=maria)
    lifecycle.publish(record, by=alice)
    send_back(record, by=maria, version=2, comment=COMMENT)
    edit = browser(alice)
    edit.post(
        reverse("initiatives:edit", args=[record.ref]),
        as_sent(edit_page(edit, record), sharing="organisation", title="Openly", action="publish"),
    )
    assert stored(record).publication == "in_review"
    assertNotContains(browser(mo).get(page_of(record)), COMMENT)
    assertNotContains(browser(mo).get(page_of(record)), "Market talks")
    assertContains(browser(maria).get(page_of(record)), COMMENT)
    approve(record, by=mo, version=4)
    assertNotContains(browser(mo).get(reverse("initiatives:history", args=[record.ref])), COMMENT)
    both = [(maria, "read", None), (mo, "read", None)]
    change_sharing(record, {"grants": both}, by=mo, reason="I reviewed it", agreed=True)
    assertNotContains(browser(mo).get(reverse("initiatives:history", args=[record.ref])), COMMENT)
    assertContains(browser(maria).get(reverse("initiatives:history", args=[record.ref])), COMMENT)


def test_what_was_said_in_another_organisation_stays_there(sent, alice, maria, otto, harbour):
    MembershipFactory(user=alice, organisation=harbour)
    record = sent()
    send_back(record, by=maria, version=2, comment=COMMENT)
    harbour.reviews = True
    harbour.save()
    edit = browser(alice)
    said = as_sent(edit_page(edit, record), owner="harbour", title="Handed over", action="publish")
    edit.post(reverse("initiatives:edit", args=[record.ref]), said)
    response = browser(otto).get(page_of(record))
    assertContains(response, "Handed over")
    assertNotContains(response, COMMENT)
    assertNotContains(response, "Market talks")


def test_a_withdrawn_record_that_is_returned_stands_on_the_desk_until_it_is_published(client, draft, alice, maria, mo):
    record = draft(publication="published")
    client.force_login(alice)
    lifecycle.withdraw(record, by=alice)
    lifecycle.publish(record, by=alice)
    send_back(record, by=maria, version=stored(record).version, comment=COMMENT)
    assert stored(record).publication == "withdrawn"
    assertContains(client.get("/"), COMMENT)
    assertContains(client.get(record.get_absolute_url()), COMMENT)
    lifecycle.publish(record, by=alice)
    approve(record, by=mo, version=stored(record).version)
    assertNotContains(client.get("/"), COMMENT)


def test_the_reviewers_pages_hold_text_as_text(sent, maria, alice):
    record = sent("<b>bold</b>")
    send_back(record, by=maria, version=2, comment="<b>bold</b>")
    assert b"<b>" not in browser(alice).get("/").content
    assert b"<b>" not in edit_page(browser(alice), record).content
    lifecycle.publish(record, by=alice)
    for address in (page_of(record), "/reviews/", reverse("initiatives:history", args=[record.ref])):
        assert b"<b>" not in browser(maria).get(address).content

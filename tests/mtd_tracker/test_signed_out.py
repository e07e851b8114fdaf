"""A form that was sent after its sender had been signed out; see mtd_tracker/signed_out.py and accounts/waiting.py."""

import time
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.models import Initiative
from mtd_tracker.signed_out import HELD, HELD_FOR, MOST
from tests.factories import make_initiative

PASSWORD = "correct-horse-battery"
NEW, TOKEN = "/initiatives/new/", "5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"
WAITING = "/accounts/waiting/"
SENT = {"title": "Typed at length", "action": "draft", "form_token": TOKEN}


@pytest.fixture(autouse=True)
def _people(alice, colin):
    cache.clear()
    for person in (alice, colin):
        person.set_password(PASSWORD)
        person.save()


@pytest.fixture
def signed_out(client, alice):
    """A browser in which Alice was signed in until somebody ended her sessions."""
    sign_in(client, alice)
    alice.sessions.all().delete()
    return client


def sign_in(client, person, **query):
    sent = {"login": person.email, "password": PASSWORD}
    response = client.post(f"/accounts/login/?{urlencode(query)}", sent)
    return client.get(response.url, follow=True)


def answer(client, page, act):
    """Press a button of the page that asks."""
    sent = page.context["which"]
    return client.post(WAITING, {"act": act, "sent": sent}, follow=True)


def test_it_is_sent_once_its_sender_has_signed_in_again_and_says_so(signed_out, alice):
    response = signed_out.post(NEW, SENT)
    assertRedirects(response, f"/accounts/login/?next={NEW}", fetch_redirect_response=False)
    assertContains(signed_out.get(response.url), "What you typed is kept")
    page = sign_in(signed_out, alice, next=NEW)
    assert page.request["PATH_INFO"] == WAITING
    for told in ("Log an initiative", "Typed at length", "Send it now", "Throw it away"):
        assertContains(page, told)
    signed_out.get(NEW)
    assert not Initiative.objects.exists()
    answer(signed_out, page, "send")
    assert Initiative.objects.get().title == "Typed at length"
    assert Initiative.objects.get().author == alice
    assert HELD not in signed_out.session


def test_thrown_away_nothing_of_it_is_done(signed_out, alice):
    signed_out.post(NEW, SENT)
    page = sign_in(signed_out, alice, next=NEW)
    assertContains(answer(signed_out, page, "away"), "Nothing of it was done")
    assert HELD not in signed_out.session
    assertContains(signed_out.get(WAITING, follow=True), "No form waits for you here")
    assert not Initiative.objects.exists()


def test_an_answer_to_another_form_than_the_one_that_waits_does_nothing(signed_out, alice):
    signed_out.post(NEW, SENT)
    sign_in(signed_out, alice, next=NEW)
    for sent in ({"act": "send"}, {"act": "send", "sent": "1.0"}, {"act": "send", "sent": "é\0"}):
        assertContains(signed_out.post(WAITING, sent), "Send this form?")
    assert not Initiative.objects.exists()
    assert HELD in signed_out.session


def test_the_answer_is_held_against_forgery(alice, signed_out):
    signed_out.post(NEW, SENT)
    page = sign_in(signed_out, alice, next=NEW)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_out.cookies
    assert strict.post(WAITING, {"act": "send", "sent": page.context["which"]}).status_code == 403


def test_an_address_with_a_query_is_sent_to_as_a_whole(signed_out, alice):
    signed_out.post(f"{NEW}?token={TOKEN}", SENT)
    answer(signed_out, sign_in(signed_out, alice, next=f"{NEW}?token={TOKEN}"), "send")
    assert Initiative.objects.get().title == "Typed at length"


def test_a_mark_says_what_it_would_do_to_which_record_and_publishes_nothing_unasked(signed_out, alice):
    draft = make_initiative("Talks by the river", by=alice, publication="draft", sharing="public")
    signed_out.post(reverse("initiatives:mark", args=[draft.ref, "publish"]), {"agreed": "on"})
    page = sign_in(signed_out, alice)
    for told in ("Publish", "Talks by the river", "Those concerned have agreed", "It then appears in the lists"):
        assertContains(page, told)
    draft.refresh_from_db()
    assert draft.publication == "draft"


def test_of_a_record_that_the_person_may_not_open_nothing_is_told(signed_out, alice, olga):
    hidden = make_initiative("Talks of others", by=olga, sharing="organisation")
    for name, more in (("mark", ["withdraw"]), ("edit", [])):
        signed_out.post(reverse(f"initiatives:{name}", args=[hidden.ref, *more]), {"title": "Known"})
        page = sign_in(signed_out, alice)
        assertContains(page, "Send this form?")
        assertNotContains(page, "Talks of others")
        assertNotContains(page, "Withdraw from publication")
        alice.sessions.all().delete()


@pytest.mark.parametrize(
    "leave",
    [
        lambda client: client.post("/accounts/logout/"),
        lambda client: client.post("/accounts/security/sessions/", {"all": "everywhere"}),
        lambda client: client.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": "three slow clouds", "password2": "three slow clouds"},
        ),
    ],
)
def test_whoever_signs_out_by_themself_leaves_no_mark_and_no_form_is_kept(client, alice, leave):
    sign_in(client, alice)
    leave(client)
    assert not client.cookies["last_person"].value
    response = client.post(NEW, SENT)
    assert HELD not in client.session
    assertContains(client.get(response.url), "could not be kept")


def test_for_somebody_else_at_the_same_browser_it_is_gone(signed_out, alice, colin):
    signed_out.post(NEW, SENT)
    page = sign_in(signed_out, colin, next=NEW)
    assertNotContains(page, "Typed at length")
    assert HELD not in signed_out.session
    assertContains(signed_out.get(WAITING, follow=True), "No form waits for you here")


def test_what_is_held_is_shown_to_the_one_alone_whom_the_mark_means(signed_out, colin):
    signed_out.post(NEW, SENT)
    signed_out.force_login(colin)  # past the receiver
    assertContains(signed_out.get(WAITING, follow=True), "No form waits for you here")


def test_after_half_an_hour_it_is_gone(signed_out, alice, monkeypatch):
    signed_out.post(NEW, SENT)
    later = time.time() + HELD_FOR + 1
    monkeypatch.setattr("mtd_tracker.signed_out.time.time", lambda: later)
    assertNotContains(sign_in(signed_out, alice, next=NEW), "Send this form?")
    assert HELD not in signed_out.session


@pytest.mark.parametrize("mark", [None, "", "forged", "forged:mark", "\0"])
def test_in_a_browser_that_nobody_was_signed_in_nothing_is_kept(db, mark):
    client = Client()
    if mark is not None:
        client.cookies["last_person"] = mark
    response = client.post(NEW, SENT)
    assert HELD not in client.session
    assertContains(client.get(response.url), "could not be kept")


@pytest.mark.parametrize("sent", [{"password1": "four words of mine"}, {"title": "x" * MOST}])
def test_no_password_and_no_book_is_kept(signed_out, sent):
    signed_out.post(NEW, SENT | sent)
    assert HELD not in signed_out.session


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_part_of_a_page_brings_a_note_and_no_other_page(signed_out, method):
    response = getattr(signed_out, method)("/initiatives/similar/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#messages", "innerHTML")
    assertContains(response, "Sign in again in another tab", status_code=401)
    assertNotContains(response, "<html", status_code=401)
    assert HELD not in signed_out.session


def test_the_mark_of_who_was_signed_in_last_tells_no_name(client, alice):
    sign_in(client, alice)
    mark = client.cookies["last_person"]
    assert mark["httponly"]
    for word in (alice.email, alice.name, str(alice.ref), alice.ref.hex):
        assert word not in mark.value

"""A form that was sent after its sender had been signed out; see mtd_tracker/signed_out.py."""

import time
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.models import Initiative
from mtd_tracker.signed_out import HELD, HELD_FOR, MOST

PASSWORD = "correct-horse-battery"
NEW, TOKEN = "/initiatives/new/", "5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"
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


def test_it_goes_on_once_its_sender_has_signed_in_again(signed_out, alice):
    response = signed_out.post(NEW, SENT)
    assertRedirects(response, f"/accounts/login/?next={NEW}", fetch_redirect_response=False)
    assertContains(signed_out.get(response.url), "What you typed is kept")
    assert not Initiative.objects.exists()
    sign_in(signed_out, alice, next=NEW)
    assert Initiative.objects.get().title == "Typed at length"
    assert Initiative.objects.get().author == alice
    assert HELD not in signed_out.session


def test_an_address_with_a_query_goes_on_as_a_whole(signed_out, alice):
    signed_out.post(f"{NEW}?token={TOKEN}", SENT)
    sign_in(signed_out, alice, next=f"{NEW}?token={TOKEN}")
    assert Initiative.objects.get().title == "Typed at length"


def test_who_signs_out_by_themself_is_the_same(client, alice):
    sign_in(client, alice)
    client.post("/accounts/logout/")
    client.post(NEW, SENT)
    sign_in(client, alice, next=NEW)
    assert Initiative.objects.get().author == alice


def test_for_somebody_else_at_the_same_browser_it_is_gone(signed_out, alice, colin):
    signed_out.post(NEW, SENT)
    page = sign_in(signed_out, colin, next=NEW)
    assertNotContains(page, "Typed at length")
    signed_out.post("/accounts/logout/")
    sign_in(signed_out, alice, next=NEW)
    assert not Initiative.objects.exists()


def test_after_half_an_hour_it_is_gone(signed_out, alice, monkeypatch):
    signed_out.post(NEW, SENT)
    later = time.time() + HELD_FOR + 1
    monkeypatch.setattr("mtd_tracker.signed_out.time.time", lambda: later)
    sign_in(signed_out, alice, next=NEW)
    assert not Initiative.objects.exists()


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

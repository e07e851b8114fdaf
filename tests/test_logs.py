"""What people write reaches no log: not when they read, not when a form is refused, not when something fails."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.actions.invitations import invite
from initiatives.invitations import token_of
from initiatives.models import Initiative
from tests.test_two_worlds import CANARY, add_hidden_record, crawl, world

__all__ = ["world"]  # a fixture, used here under the same name


@pytest.fixture
def hidden(world, alice, tracks, principles, activities, caplog):
    caplog.set_level(logging.DEBUG)
    return add_hidden_record(alice, world, tracks, principles, activities, sharing="restricted")


def test_reading_leaves_no_word_in_the_log(hidden, alice, caplog):
    pages = crawl(alice)
    assert any(CANARY in text for _, _, text in pages.values()), "there is something to leak"
    assert CANARY not in caplog.text


def test_a_refused_form_leaves_no_word_in_the_log(hidden, alice, caplog):
    client = Client()
    client.force_login(alice)
    edit = reverse("initiatives:edit", args=[hidden.ref])
    for sent in ({"title": CANARY, "start": CANARY}, {"title": CANARY, "version": "0", "start": "2020"}):
        assert client.post(edit, sent).status_code in (200, 409)
    assert client.get(f"/initiatives/?conflict={CANARY}").status_code == 200
    assert CANARY not in caplog.text


def test_a_failure_leaves_no_word_in_the_log(hidden, alice, caplog, monkeypatch):
    def fail(self, *args, **kwargs):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(Initiative, "save", fail)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    token = "5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"
    answer = client.post(reverse("initiatives:new"), {"title": CANARY, "action": "draft", "form_token": token})
    assert answer.status_code == 500
    assert "on purpose" in caplog.text
    assert CANARY not in caplog.text
    assert CANARY not in answer.content.decode()


@pytest.mark.parametrize("sent", ["as somebody else", "without a token of the form"])
def test_the_log_of_a_refusal_has_no_link_that_opens_something(sent, bridge, maria, alice, caplog):
    caplog.set_level(logging.DEBUG)
    token = token_of(invite(bridge, by=maria, email="new@example.org", role="manager"))
    client = Client(enforce_csrf_checks=sent == "without a token of the form")
    if sent == "as somebody else":
        client.force_login(alice)
    answer = client.post(reverse("invitation", args=[token]), {"name": "New"})
    assert answer.status_code == 403
    assert "/invitations/<str:token>/" in caplog.text
    assert token not in caplog.text


def test_the_log_of_an_address_that_is_none_does_not_repeat_it(db, client, caplog):
    assert client.get("/invitation/some-token/").status_code == 404
    assert "an address that is none" in caplog.text
    assert "some-token" not in caplog.text

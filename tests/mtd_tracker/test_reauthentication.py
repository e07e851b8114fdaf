"""Asked once more who one is; see mtd_tracker/reauthentication.py."""

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from django.test import RequestFactory

from mtd_tracker.reauthentication import require_reauthentication
from tests.proving import sign_in_and_prove


def request_of(client, user):
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    return request


def test_having_signed_in_is_not_enough(client, alice):
    alice.set_password("correct-horse-battery")
    alice.save()
    client.post("/accounts/login/", {"login": alice.email, "password": "correct-horse-battery"})
    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(request_of(client, alice))


def test_the_password_once_more_is_enough_for_a_while(client, alice, settings):
    alice.set_password("correct-horse-battery")
    alice.save()
    client.force_login(alice)
    client.post("/accounts/reauthenticate/", {"password": "correct-horse-battery"})
    require_reauthentication(request_of(client, alice))
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(request_of(client, alice))


def test_a_wrong_password_proves_nothing(client, alice):
    alice.set_password("correct-horse-battery")
    alice.save()
    client.force_login(alice)
    client.post("/accounts/reauthenticate/", {"password": "guessed"})
    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(request_of(client, alice))


def test_tests_can_prove_it_in_one_line(client, alice):
    alice.set_password("correct-horse-battery")
    alice.save()
    sign_in_and_prove(client, alice)
    require_reauthentication(request_of(client, alice))

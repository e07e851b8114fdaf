from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from mtd_tracker.accounts.models import Session, User
from mtd_tracker.sessions import browser_in_words


@pytest.mark.django_db
@pytest.mark.parametrize("key", [r'"aaaaaaaaaaaa\000"', "short", "AAAA" * 8, "a-b_" * 8], ids=repr)
def test_a_session_that_was_never_given_is_not_even_looked_for(client, key):
    with CaptureQueriesContext(connection) as asked:
        response = client.get("/initiatives/new/", headers={"cookie": f"sessionid={key}"})
    assert response["Location"].startswith("/accounts/login/")
    assert not [query for query in asked if "accounts_session" in query["sql"]]


@pytest.mark.django_db
def test_a_session_that_was_given_is_that_persons(client, alice):
    client.force_login(alice)
    assert client.get("/initiatives/new/?token=").status_code == 200


# ---------------------------------------------------------------- limits

START = datetime(2026, 11, 25, 10, tzinfo=UTC)
PASSWORD = "seven quiet rivers"
FORM = "/initiatives/new/?token="


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def person(alice):
    alice.set_password(PASSWORD)
    alice.save()
    cache.clear()
    return alice


def sign_in(client, person, **more):
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD} | more)


def test_without_use_a_session_ends_and_the_sign_in_page_says_why_and_leads_back(client, person, clock):
    sign_in(client, person)
    clock.shift(timedelta(minutes=119))
    assert client.get(FORM).status_code == 200
    clock.shift(timedelta(minutes=120))
    response = client.get("/initiatives/new/?a=b", follow=True)
    assert response.redirect_chain == [("/accounts/login/?next=/initiatives/new/%3Fa%3Db", 302)]
    assertContains(response, "nothing was asked for in 120 minutes")
    assertContains(response, 'value="/initiatives/new/?a=b"')
    assert not Session.objects.exists()
    assertNotContains(client.get("/accounts/login/"), "nothing was asked for")  # told once


def test_it_is_told_on_a_public_page_too(client, person, clock):
    sign_in(client, person)
    clock.shift(timedelta(hours=3))
    assertContains(client.get("/conflicts/"), "nothing was asked for in 120 minutes")


def test_who_chose_to_stay_signed_in_does_so_for_two_weeks_and_no_longer(client, person, clock):
    sign_in(client, person, remember="on")
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600
    clock.shift(timedelta(days=13, hours=23))
    assert client.get(FORM).status_code == 200
    clock.shift(timedelta(hours=1))
    assertContains(client.get(FORM, follow=True), "you signed in long ago")


def test_use_does_not_prolong_a_session_beyond_its_longest(client, person, clock, settings):
    settings.SESSION_MAX_HOURS = 12
    sign_in(client, person)
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        assert client.get(FORM).status_code == 200
        session = client.session
        session["written"] = True  # a change is saved with the session, and prolongs nothing either
        session.save()
    clock.shift(timedelta(hours=1))
    assert client.get(FORM).status_code == 302


def test_the_cookie_of_a_session_without_staying_goes_with_the_browser(client, person):
    sign_in(client, person)
    assert client.cookies["sessionid"]["max-age"] == ""


def test_use_is_noted_once_a_minute_and_no_request_writes_besides(client, person, clock):
    sign_in(client, person)
    client.get(FORM)
    for seconds, writes in ((0, 0), (59, 0), (1, 1), (30, 0), (30, 1)):
        clock.shift(timedelta(seconds=seconds))
        with CaptureQueriesContext(connection) as asked:
            client.get(FORM)
        assert len([query for query in asked if "UPDATE" in query["sql"]]) == writes


# ---------------------------------------------------------------- one's own sessions

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Chrome on Android"),
        (MAC, "Safari on a Mac"),
        (f"{PHONE} Edg/140", "Edge on Android"),
        ("curl/8", "An unknown browser"),
        ("", "An unknown browser"),
        ("<script>Windows" * 90, "A browser on Windows"),
    ],
)
def test_a_browser_in_words(user_agent, words):
    assert browser_in_words(user_agent) == words


@pytest.fixture
def both(person):
    """Her computer and her phone."""
    clients = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": PHONE})
    for client in clients:
        sign_in(client, person)
    return clients


SESSIONS = "/accounts/security/sessions/"


def test_one_sees_where_one_is_signed_in_and_no_key_that_would_open_it(both, person, olga):
    other = Client(headers={"user-agent": MAC})
    other.force_login(olga)
    response = both[0].get(SESSIONS)
    for words in ("Firefox on Windows", "this one", "Chrome on Android"):
        assertContains(response, words)
    assertNotContains(response, "Safari")
    for session in Session.objects.all():
        assertNotContains(response, session.session_key)


def test_one_ends_one_session(both, person):
    computer, phone = both
    ref = Session.objects.get(browser="Chrome on Android").ref
    computer.post(SESSIONS, {"session": ref})
    assert phone.get(FORM).status_code == 302
    assert computer.get(FORM).status_code == 200


def test_nobody_ends_the_session_of_somebody_else(both, client, olga):
    client.force_login(olga)
    for session in Session.objects.exclude(user=olga):
        client.post(SESSIONS, {"session": session.ref})
    client.post(SESSIONS, {"all": "elsewhere"})
    assert both[0].get(FORM).status_code == both[1].get(FORM).status_code == 200
    assert client.post(SESSIONS, {"session": "x\0y"}).url == SESSIONS


@pytest.mark.parametrize(("which", "here"), [("elsewhere", 200), ("everywhere", 302)])
def test_one_signs_out_everywhere(both, which, here):
    computer, phone = both
    computer.post(SESSIONS, {"all": which})
    assert phone.get(FORM).status_code == 302
    assert computer.get(FORM).status_code == here


def test_a_request_under_way_does_not_bring_an_ended_session_back(both, person):
    under_way = both[1].session
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        under_way.save()
    assert not Session.objects.exists()


# ---------------------------------------------------------------- losing access


@pytest.mark.parametrize(
    "lose",
    [
        lambda person: User.objects.filter(pk=person.pk).update(is_active=False),
        lambda person: person.memberships.update(active=False),
        lambda person: person.memberships.all().delete(),
        lambda person: (person.set_password("three slow clouds"), person.save()),
        lambda person: person.delete(),
    ],
    ids=["switched off", "membership deactivated", "membership deleted", "password changed", "deleted"],
)
def test_losing_access_takes_effect_on_the_next_request(both, person, lose):
    assert both[0].get(FORM).status_code == 200
    lose(person)
    assert both[0].get(FORM).status_code in (302, 403)


def test_a_curator_who_is_one_no_longer_curates_no_longer(client, curator):
    client.force_login(curator)
    assert client.get("/taxonomy/tracks/new/").status_code == 200
    User.objects.update(is_curator=False)
    assert client.get("/taxonomy/tracks/new/").status_code == 403


def test_an_account_switched_off_and_on_again_finds_no_session_waiting(both, person):
    person.is_active = False
    person.save()
    person.is_active = True
    person.save()
    assert both[0].get(FORM).status_code == 302


def test_a_new_password_ends_every_session_this_one_too(both, person):
    new = {"oldpassword": PASSWORD, "password1": "three slow clouds", "password2": "three slow clouds"}
    both[0].post("/accounts/password/change/", new)
    assert both[0].get(FORM).status_code == both[1].get(FORM).status_code == 302
    assert not Session.objects.filter(user=person).exists()

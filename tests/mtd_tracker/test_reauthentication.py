"""Asked once more who one is; see mtd_tracker/reauthentication.py."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from django.core.cache import cache
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.test import Client, RequestFactory
from django.urls import clear_url_caches

from initiatives import urls
from mtd_tracker.reauthentication import PROVED, require_reauthentication
from tests.proving import code_of, give_app, sign_in_and_prove

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()


def request_of(client, user):
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    return request


def test_having_signed_in_is_not_enough(client, alice):
    alice.set_password(PASSWORD)
    alice.save()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(request_of(client, alice))


def test_the_password_once_more_is_enough_for_a_while(client, alice, settings):
    alice.set_password(PASSWORD)
    alice.save()
    client.force_login(alice)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    require_reauthentication(request_of(client, alice))
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(request_of(client, alice))


def test_a_wrong_password_proves_nothing(client, alice):
    alice.set_password(PASSWORD)
    alice.save()
    client.force_login(alice)
    client.post("/accounts/reauthenticate/", {"password": "guessed"})
    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(request_of(client, alice))


def test_tests_can_prove_it_in_one_line(client, alice):
    alice.set_password(PASSWORD)
    alice.save()
    sign_in_and_prove(client, alice)
    require_reauthentication(request_of(client, alice))


# ---------------------------------------------------------------- a form that was sent meanwhile

# Any protected form does: this is the smallest there is. What it is sent, it writes down.
FORM = "/organisations/new/"


@pytest.fixture
def written(monkeypatch):
    """What the protected form received. Shape: [(address, {name: values})]."""
    received = []

    def protected(request):
        if request.method == "POST":
            require_reauthentication(request)
            received.append((request.get_full_path(), dict(request.POST.lists()), len(request.FILES)))
            return HttpResponse("written") if "stay" in request.POST else redirect("/conflicts/")
        return HttpResponse("the form")

    place = next(pattern for pattern in urls.urlpatterns if pattern.name == "organisation-new")
    monkeypatch.setattr(place, "callback", protected)
    clear_url_caches()
    yield received
    clear_url_caches()


@pytest.fixture
def signed_in(client, alice):
    alice.set_password(PASSWORD)
    alice.save()
    client.force_login(alice)
    return client


def prove(client, address, password=PASSWORD, **more):
    return client.post("/accounts/reauthenticate/", {"password": password, "next": address}, **more)


TYPED = {
    "title": "Straße & “Weg” +1 %",
    "text": "one\r\n\r\n<b>two</b>\r\n",
    "tracks": ["media", "business"],
    "empty": "",
}


@pytest.mark.parametrize("address", [FORM, f"{FORM}?as=draft&next=/x/?y=%26&%C3%A9=%C3%BC", f"{FORM}?"])
def test_it_goes_on_whole_at_its_own_address_and_once(signed_in, written, address):
    asked = signed_in.post(address, TYPED)
    assert asked.url.startswith("/accounts/reauthenticate/?next=")
    target = parse_qs(urlsplit(asked.url).query)["next"][0]
    assert written == []
    done = prove(signed_in, target, follow=True)
    assert [place.partition("?")[0] for place, _ in done.redirect_chain] == [FORM, "/conflicts/"]
    expected = {name: value if isinstance(value, list) else [value] for name, value in TYPED.items()}
    [(where, form, files)] = written
    assert (QueryDict(where.partition("?")[2]), form, files) == (QueryDict(target.partition("?")[2]), expected, 0)

    for again in (lambda: prove(signed_in, target, follow=True), lambda: signed_in.get(target)):
        again()
    assert len(written) == 1


def test_what_it_answers_stands_at_its_own_address(signed_in, written):
    """So that a form with errors, which is sent where it stands, is sent to the right place."""
    signed_in.post(FORM, {"stay": "1"})
    assert prove(signed_in, FORM, follow=True).request["PATH_INFO"] == FORM


def test_two_requests_in_the_same_moment_write_once(signed_in, written):
    signed_in.post(FORM, TYPED)
    prove(signed_in, FORM)
    session = dict(signed_in.session)
    assert PROVED in session
    signed_in.get(FORM)
    kept = signed_in.session
    kept[PROVED] = session[PROVED]  # as the second one read it before the first had finished
    kept.save()
    assert signed_in.get(FORM).content == b"the form"
    assert len(written) == 1


def test_without_the_right_password_nothing_goes_on(signed_in, written):
    signed_in.post(FORM, TYPED)
    prove(signed_in, FORM, "guessed")
    signed_in.get(FORM)
    assert written == []
    prove(signed_in, FORM, follow=True)  # a slip of the pen loses nothing
    assert len(written) == 1


def test_a_form_that_was_left_does_not_come_back_when_proving_for_something_else(signed_in, written):
    signed_in.post(FORM, TYPED)
    signed_in.get("/accounts/security/app/")  # asks too
    prove(signed_in, "/accounts/security/app/", follow=True)
    signed_in.get(FORM)
    assert written == []


def test_a_form_goes_on_for_a_minute_only_and_at_no_other_address(signed_in, written):
    signed_in.post(FORM, TYPED)
    prove(signed_in, FORM)
    signed_in.get("/conflicts/")
    signed_in.get(FORM)
    assert written == []
    signed_in.post(FORM, TYPED)
    assert len(written) == 1  # having proved it holds for a while


def test_a_code_proves_it_as_well(signed_in, written, alice):
    secret = give_app(alice)
    asked = signed_in.post(FORM, TYPED)
    other_way = f"/accounts/reauthenticate/code/?next={quote(FORM, safe='')}"
    assert other_way in signed_in.get(asked.url).content.decode()
    signed_in.post(other_way, {"code": code_of(secret), "next": FORM}, follow=True)
    assert len(written) == 1


def test_a_fragment_leads_the_whole_page_there(signed_in, written):
    asked = signed_in.post(FORM, TYPED, headers={"HX-Request": "true", "HX-Target": "diary"})
    assert asked["HX-Redirect"] == f"/accounts/reauthenticate/?next={quote(FORM, safe='')}"
    prove(signed_in, FORM, follow=True)
    assert len(written) == 1


def test_it_goes_on_where_forms_from_elsewhere_are_refused(alice, written):
    alice.set_password(PASSWORD)
    alice.save()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    strict.get("/accounts/logout/")  # any page with a form
    token = {"csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    assert strict.post(FORM, TYPED).status_code == 403
    strict.post(FORM, TYPED | token)
    strict.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": FORM} | token, follow=True)
    assert len(written) == 1


def test_guessing_is_stopped(signed_in):
    for _ in range(5):
        prove(signed_in, "/", "guessed")
    assert b"Too many failed attempts" in prove(signed_in, "/").content

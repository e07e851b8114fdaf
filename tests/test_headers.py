"""The headers of every address, exactly: for a reader without an account and for one who is signed in."""

import pytest
from django.test import Client

from tests.everybody import address_of_record, address_without_record, arguments, people, record
from tests.factories import make_initiative
from tests.test_permission_matrix import PLAIN, RECORD

__all__ = ["arguments", "people", "record"]  # fixtures, used here under the same names

CONTENT_SECURITY_POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
EVERYWHERE = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICT = EVERYWHERE | {"Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload"}
BESIDES = {"Content-Type", "Content-Length", "Content-Language", "Content-Disposition", "Location", "Allow"}
BESIDES |= {"Expires", "HX-Push-Url"}
KEPT_BY_NOBODY = ("no-store", "private")
ASKED_ANEW = {"no-cache", "private"}


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]


@pytest.fixture
def every_address(arguments, record):
    initiative = record("organisation")
    plain = [address_without_record(name, arguments) for name in sorted(PLAIN)]
    return [*plain, *(address_of_record(name, initiative) for name in sorted(RECORD)), "/nothing-here/", "/admin/"]


def check(response, address):
    headers = dict(response.headers)
    policy = headers.pop("Content-Security-Policy")
    assert {part.strip() for part in policy.split(";") if part.strip()} == CONTENT_SECURITY_POLICY, address
    for name, value in STRICT.items():
        assert headers.pop(name) == value, (address, name)
    vary, cache = headers.pop("Vary", ""), headers.pop("Cache-Control", "")
    assert set(headers) <= BESIDES, (address, headers)
    return vary, cache


def test_headers_of_what_anybody_may_ask(every_address):
    client = Client()
    for address in every_address:
        _, cache = check(client.get(address, secure=True), address)
        words = set(cache.split(", "))
        assert words == ASKED_ANEW or words >= set(KEPT_BY_NOBODY), (address, cache)


@pytest.mark.parametrize("name", ["author", "manager", "curator", "administrator"])
def test_nothing_that_somebody_signed_in_was_sent_is_kept(every_address, people, name):
    client = Client()
    client.force_login(people[name])
    for address in every_address:
        _, cache = check(client.get(address, secure=True), address)
        assert all(word in cache for word in KEPT_BY_NOBODY), (address, cache)


def test_pages_that_differ_for_htmx_say_so(client, alice, valley):
    make_initiative(by=alice, conflicts=[valley], sharing="public")
    for address in ("/initiatives/", "/conflicts/valley/", "/conflicts/compare/"):
        for headers in ({}, {"HX-Request": "true", "HX-Target": "initiative-rows"}):
            vary, _ = check(client.get(address, secure=True, headers=headers), address)
            assert {"HX-Request", "HX-Target"} <= {name.strip() for name in vary.split(",")}


def test_cookies_are_out_of_reach_of_scripts(client, alice, settings):
    alice.set_password("a-password-of-many-words")
    alice.save()
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    answer = client.post(
        "/accounts/login/", {"login": alice.email, "password": "a-password-of-many-words"}, secure=True
    )
    assert answer.status_code == 302
    for name in ("sessionid", "csrftoken"):
        cookie = answer.cookies[name]
        assert cookie["httponly"], name
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name

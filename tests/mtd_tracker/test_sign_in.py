"""Signing in by e-mail: by each path, and what each path keeps to itself."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects, assertTemplateUsed

from mtd_tracker.accounts.models import User
from tests.proving import give_app

PASSWORD = "seven quiet rivers"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()


@pytest.fixture
def nora(db):
    """Somebody with a password and without a membership."""
    return User.objects.create_user("nora@example.org", PASSWORD, name="Nora")


def sign_in(client, login="nora@example.org", password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": login, "password": password} | more)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def reset_link(message):
    return re.search(r"https?://[^/\s]+(/\S+)", message.body).group(1)


def test_the_address_is_read_in_any_case(client, nora):
    assertRedirects(sign_in(client, "  Nora@Example.ORG "), "/", fetch_redirect_response=False)
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, nora):
    answers = [
        sign_in(client, address, "not the right one").content.decode().replace(address, "")
        for address in ("nora@example.org", "nobody@example.org")
    ]
    without_tokens = [re.sub(r'(value="|X-CSRFToken": ")\w{64}', "", answer) for answer in answers]
    assert without_tokens[0] == without_tokens[1]
    assert "go together" in answers[0]
    assert not is_signed_in(client)


@pytest.mark.parametrize("values", [{"login": "a\0b@example.org"}, {"password": "x\0y"}, {"login": ""}])
def test_unreadable_input_is_an_error_beside_the_field(client, nora, values):
    response = sign_in(client, **values)
    assert response.status_code == 200
    assertContains(response, "field-errors")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/initiatives/?q=water", "/initiatives/?q=water"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_one_goes_on_within_the_site_only(client, nora, target, expected):
    assert sign_in(client, next=target).url == expected


def test_the_page_carries_on_where_one_was_going(client, db):
    assertContains(client.get(reverse("account_login"), {"next": "/initiatives/new/"}), 'value="/initiatives/new/"')


def test_many_failures_are_stopped_with_a_readable_page(client, nora):
    for _ in range(5):
        sign_in(client, password="wrong again and again")
    assertContains(sign_in(client), "Too many failed attempts")
    assert not is_signed_in(client)


def test_many_requests_from_one_place_are_refused_readably(client, nora, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, password="wrong again and again")
    response = sign_in(client)
    assert response.status_code == 429
    assertContains(response, "Too many tries", status_code=429)


@pytest.mark.usefixtures("cache_gone")
def test_where_failures_cannot_be_counted_nobody_signs_in_and_who_is_signed_in_works_on(client, nora, alice):
    client.raise_request_exception = False
    working = Client()
    working.force_login(alice)
    response = sign_in(client)
    assertContains(response, "nobody can sign in, change a password or prove who they are", status_code=503)
    assert response["Retry-After"] == "120"
    assert not is_signed_in(client)
    assert working.get("/").status_code == 200


@pytest.mark.usefixtures("cache_gone")
@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("account_reset_password", {"email": "nora@example.org"}),
        ("account_reset_password", {"email": "nobody@example.org"}),
        ("account_change_password", {"oldpassword": PASSWORD}),
        ("account_reauthenticate", {"password": PASSWORD}),
    ],
)
def test_so_it_is_wherever_tries_are_counted(client, alice, name, sent):
    client.raise_request_exception = False
    if name != "account_reset_password":
        client.force_login(alice)
    assertContains(client.post(reverse(name), sent), "Wait a few minutes", status_code=503)


def test_a_deactivated_person_learns_so_only_with_the_right_password(client, nora):
    User.objects.update(is_active=False)
    assertRedirects(sign_in(client), reverse("account_inactive"))
    assertContains(sign_in(client, password="not the right one"), "go together")
    assert not is_signed_in(client)


def test_signing_out_asks_first_and_only_a_post_does_it(client, nora):
    client.force_login(nora)
    assertContains(client.get(reverse("account_logout")), "Sign out?")
    assert is_signed_in(client)
    assertRedirects(client.post(reverse("account_logout")), "/", fetch_redirect_response=False)
    assert not is_signed_in(client)


def test_nobody_signs_up_on_their_own(client, db):
    answers = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for response in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), answers)):
        assertTemplateUsed(response, "account/signup_closed.html")
        assertContains(response, "How to get an account")
    assert not User.objects.exists()


def test_a_reset_is_answered_alike_for_known_and_unknown_addresses(client, nora, mailoutbox):
    pages = []
    for address in ("nora@example.org", "nobody@example.org"):
        response = client.post(reverse("account_reset_password"), {"email": address}, follow=True)
        pages.append(re.sub(r"\w{64}", "", response.content.decode()))
    assert pages[0] == pages[1]
    assert [message.subject for message in mailoutbox] == [
        "[MTD tracker] A new password",
        "[MTD tracker] Nobody signs in with this address",
    ]
    assert "/password/reset/key/" not in mailoutbox[1].body


@pytest.mark.parametrize("email", ["nora@example.org", "nobody@example.org"])
def test_a_mail_server_that_does_not_answer_is_told_alike_for_any_address(client, nora, monkeypatch, email):
    def refuse(*args, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    response = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
    assertContains(response, "could not be sent just now")


def test_the_link_in_the_mail_sets_a_password_once(client, nora, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "NORA@example.org"})
    assert "Hello Nora" in mailoutbox[0].body
    link = reset_link(mailoutbox[0])
    page = client.get(link, follow=True)
    assertContains(page, "Choose a new password")
    assertNotContains(page, link.rstrip("/").rsplit("-", 1)[1])  # the key never stands in a page
    new = {"password1": "three slow clouds", "password2": "three slow clouds"}
    assertContains(client.post(page.request["PATH_INFO"], new, follow=True), "Your password is changed")
    assert User.objects.get().check_password("three slow clouds")
    assertContains(client.get(link, follow=True), "no longer works")


@pytest.mark.parametrize("key", ["1-wrong", "zzzzzzzzzzzzz-wrong", "zzzzzzzzzzzzzzzzzzzz-wrong", "1-a%00b", "%00-x"])
def test_a_made_up_link_is_no_error_of_ours(client, nora, key):
    response = client.get(f"/accounts/password/reset/key/{key}/")
    assert response.status_code in (200, 404)


def test_a_new_password_that_is_too_weak_is_refused_with_the_reason(client, nora, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "nora@example.org"})
    page = client.get(reset_link(mailoutbox[0]), follow=True)
    response = client.post(page.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assertContains(response, "too short")
    assert User.objects.get().check_password(PASSWORD)


def test_changing_the_password_needs_the_old_one_and_signs_out(client, nora):
    client.force_login(nora)
    new = {"password1": "three slow clouds", "password2": "three slow clouds"}
    refused = client.post(reverse("account_change_password"), {"oldpassword": "a guess"} | new)
    assertContains(refused, "not your password until now")
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD} | new)
    assert not is_signed_in(client)
    assert User.objects.get().check_password("three slow clouds")


def test_whoever_has_no_password_yet_is_led_to_ask_for_one(client, nora):
    nora.set_unusable_password()
    nora.save()
    client.force_login(nora)
    response = client.get(reverse("account_change_password"), follow=True)
    assertTemplateUsed(response, "account/password_reset.html")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("account_login", 200),
        ("account_logout", 302),
        ("account_signup", 200),
        ("account_inactive", 200),
        ("account_change_password", 302),
        ("account_set_password", 302),
        ("account_reset_password", 200),
        ("account_reset_password_done", 200),
        ("account_reset_password_from_key_done", 200),
    ],
)
def test_what_opens_signed_out(client, db, name, status):
    assert client.get(reverse(name)).status_code == status


def test_a_form_from_another_session_is_refused_in_plain_words(nora):
    strict = Client(enforce_csrf_checks=True)
    response = sign_in(strict)
    assertContains(response, "no longer valid", status_code=403)


def test_what_is_not_found_offers_to_sign_in_and_come_back(client, nora):
    response = client.get("/organisations/nowhere/?a=b&c=d")
    assertContains(response, "/accounts/login/?next=/organisations/nowhere/%3Fa%3Db%26c%3Dd", status_code=404)
    client.force_login(nora)
    assertNotContains(client.get("/organisations/nowhere/"), "?next=", status_code=404)


def test_a_request_that_is_refused_before_anybody_is_known_still_gets_a_page(client, db):
    response = client.get("/", headers={"host": "elsewhere.example"})
    assertContains(response, "could not be read", status_code=400)


# ---------------------------------------------------------------- guessing at a known address

WRONG = "wrong again and again"


def use_up_the_tries_of_strangers(email="nora@example.org"):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        sign_in(stranger, email, WRONG)
    assertContains(sign_in(stranger, email), "Too many failed attempts")


def test_whoever_guesses_keeps_nobody_out_of_a_browser_that_they_used_before(client, nora):
    sign_in(client)
    client.post(reverse("account_logout"))
    use_up_the_tries_of_strangers()
    sign_in(client)
    assert is_signed_in(client)


def test_a_new_password_by_mail_opens_the_way_however_much_others_guess(client, nora, mailoutbox):
    use_up_the_tries_of_strangers()
    client.post(reverse("account_reset_password"), {"email": "nora@example.org"})
    page = client.get(reset_link(mailoutbox[0]), follow=True)
    new = {"password1": "three slow clouds", "password2": "three slow clouds"}
    client.post(page.request["PATH_INFO"], new)
    use_up_the_tries_of_strangers()  # again, before she signs in
    sign_in(client, password="three slow clouds")
    assert is_signed_in(client)


def test_in_a_known_browser_guessing_is_stopped_as_well(client, nora):
    sign_in(client)
    client.post(reverse("account_logout"))
    for _ in range(5):
        sign_in(client, password=WRONG)
    assertContains(sign_in(client), "Too many failed attempts")


def test_a_known_browser_is_marked_for_that_account_alone_and_the_mark_names_nobody(client, nora, alice):
    sign_in(client)
    mark = client.cookies["known_browser"]
    assert "nora" not in mark.value
    assert (mark["httponly"], mark["samesite"], mark["path"]) == (True, "Lax", "/accounts/")
    client.post(reverse("account_logout"))
    use_up_the_tries_of_strangers("alice@example.org")
    assertContains(sign_in(client, "alice@example.org", WRONG), "Too many failed attempts")


@pytest.mark.parametrize("cookie", ["made:up", "", "x" * 5000, "a:b:c"])
def test_a_made_up_mark_is_none(client, nora, cookie):
    use_up_the_tries_of_strangers()
    client.cookies["known_browser"] = cookie
    assertContains(sign_in(client), "Too many failed attempts")


def test_at_most_five_mails_an_hour_go_to_one_address_known_or_not(client, nora, mailoutbox):
    for email in ("nora@example.org", "nobody@example.org"):
        answers = [client.post(reverse("account_reset_password"), {"email": email}).status_code for _ in range(7)]
        assert answers == [302] * 5 + [429] * 2
    assert len(mailoutbox) == 10


# ---------------------------------------------------------------- nothing tells a known address from an unknown one


def everything(response):
    """Status, headers and body of an answer, without what differs each time."""
    body = re.sub(r'(value="|X-CSRFToken": ")\w{64}', "", response.content.decode())
    cookies = {name: dict(one) | {"expires": ""} for name, one in response.cookies.items()}
    return response.status_code, dict(response.headers) | {"Content-Length": "", "Expires": ""}, cookies, body


@pytest.mark.parametrize("state", ["known", "switched off", "without a password", "with a second factor"])
def test_no_answer_tells_what_is_known_of_an_address(nora, state, mailoutbox):
    if state == "switched off":
        User.objects.update(is_active=False)
    elif state == "without a password":
        nora.set_unusable_password()
        nora.save()
    elif state == "with a second factor":
        give_app(nora)
    for page, sent in (("account_login", {"password": WRONG}), ("account_reset_password", {})):
        answers, mails = [], []
        for address in ("nora@example.org", "nora@example.net"):
            client = Client()
            values = sent | {"login": address, "email": address}
            answer = everything(client.post(reverse(page), values))
            answers.append([str(part).replace(address, "") for part in answer])
            mails.append(len(mailoutbox))
            mailoutbox.clear()
        assert answers[0] == answers[1]
        assert mails[0] == mails[1]


@pytest.mark.parametrize("state", ["known", "unknown", "switched off", "without a password"])
def test_each_try_costs_one_hash_whatever_is_known_of_the_address(client, nora, state, monkeypatch):
    """What takes time is the hash, by far: see Argon2."""
    if state == "switched off":
        User.objects.update(is_active=False)
    elif state == "without a password":
        nora.set_unusable_password()
        nora.save()
    made = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: made.append(1) or encode(*args))
    sign_in(client, "nobody@example.org" if state == "unknown" else "nora@example.org", WRONG)
    assert len(made) == 1


@pytest.mark.parametrize("email", ["nora@example.org", "nobody@example.org"])
def test_a_reset_takes_as_long_for_any_address(client, nora, settings, monkeypatch, email):
    settings.RESET_STEP = 0.5
    slept, clock = [], iter([100.0, 100.0 + (0.11 if email.startswith("nora") else 0.03)])
    monkeypatch.setattr(
        "mtd_tracker.accounts.forms.time", SimpleNamespace(monotonic=lambda: next(clock), sleep=slept.append)
    )
    client.post(reverse("account_reset_password"), {"email": email})
    assert slept == [pytest.approx(0.39 if email.startswith("nora") else 0.47)]


# ---------------------------------------------------------------- told by mail


def test_a_changed_password_is_told_by_mail(client, nora, mailoutbox):
    client.force_login(nora)
    new = {"password1": "three slow clouds", "password2": "three slow clouds"}
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD} | new)
    assert [(message.subject, message.to) for message in mailoutbox] == [
        ("[MTD tracker] Your password was changed", ["nora@example.org"])
    ]
    assert "tell whoever runs this site" in mailoutbox[0].body


# ---------------------------------------------------------------- limits of several processes


# Run in processes of their own, on a database of their own: tests share one connection.
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("createcachetable")
for app in ("accounts", "account", "taxonomy"):
    call_command("migrate", app, verbosity=0)
"""
GUESS = """
import django, sys
django.setup()
from django.test import Client
client = Client(REMOTE_ADDR=sys.argv[1], headers={"host": "localhost"})
for _ in range(4):
    answer = client.post("/accounts/login/", {"login": "nora@example.org", "password": "wrong again and again"})
    print("stopped" if "Too many failed" in answer.content.decode() else "heard")
"""


def test_processes_share_the_limits_by_the_database(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        "CACHE_URL": "db://cache",
        "DJANGO_SETTINGS_MODULE": "mtd_tracker.settings",
    }
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True, timeout=120)
    guessing = [
        subprocess.Popen(
            [sys.executable, "-c", GUESS, f"203.0.113.{place}"], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        for place in range(2)
    ]
    said = " ".join(one.communicate(timeout=120)[0].decode() for one in guessing).split()
    assert (said.count("heard"), said.count("stopped")) == (5, 3)

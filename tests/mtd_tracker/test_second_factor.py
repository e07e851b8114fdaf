"""A second factor: set up, used, lost; and who can't do without."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.models import Membership
from mtd_tracker.accounts.models import User
from mtd_tracker.accounts.second_factor import OPEN_BEFORE
from tests.proving import code_of, give_app, give_recovery_codes, sign_in_and_prove

pytestmark = pytest.mark.usefixtures("done_at_once")
PASSWORD = "seven quiet rivers"
HTMX = {"HX-Request": "true", "HX-Target": "initiative-rows"}


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()


@pytest.fixture
def nora(db):
    return User.objects.create_user("nora@example.org", PASSWORD, name="Nora")


def sign_in(client, password=PASSWORD, email="nora@example.org", **more):
    return client.post(reverse("account_login"), {"login": email, "password": password} | more)


def give_code(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def set_up_app(client):
    """As the person does it. Shape: (secret, recovery codes as shown)."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<code class="secret">(\w+)</code>', page).group(1)
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret, periods_ago=1)}, follow=True)
    return secret, re.findall(r"<li><code>(\d{8})</code></li>", done.content.decode())


# ---------------------------------------------------------------- setting up and using


def test_an_app_is_set_up_right_after_signing_in_and_then_asked_for(client, nora):
    sign_in(client)
    secret, codes = set_up_app(client)
    assert len(set(codes)) == 10
    client.post(reverse("account_logout"))

    assertRedirects(sign_in(client, next="/conflicts/"), reverse("mfa_authenticate"))
    assert not is_signed_in(client)
    assertRedirects(give_code(client, code_of(secret)), "/conflicts/", fetch_redirect_response=False)
    assert is_signed_in(client)


def test_the_picture_for_the_app_is_drawn_here_and_is_allowed_by_the_policy(client, nora):
    sign_in(client)
    response = client.get(reverse("mfa_activate_totp"))
    assertContains(response, 'src="data:image/svg+xml;base64,')
    assert "img-src 'self' data:" in response["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))|style=|onload", response.content.decode())


def test_long_after_signing_in_setting_up_asks_first_who_it_is(client, nora):
    sign_in(client)
    with time_machine.travel(timedelta(minutes=16)):
        assertRedirects(
            client.get(reverse("mfa_activate_totp")),
            f"{reverse('account_reauthenticate')}?next=/accounts/security/app/",
        )


def test_who_has_a_second_factor_proves_more_than_a_fresh_sign_in_to_add_another(client, nora):
    secret = give_app(nora)
    Authenticator.objects.update(created_at="2020-01-01T00:00Z")
    sign_in(client)
    give_code(client, code_of(secret))
    assert client.get(reverse("mfa_add_webauthn")).url.startswith(reverse("account_reauthenticate"))


def test_a_wrong_password_tells_nothing_of_a_second_factor(client, nora):
    give_app(nora)
    with_it = sign_in(client, "not the right one").content.decode()
    Authenticator.objects.all().delete()
    without = sign_in(client, "not the right one").content.decode()
    hide = re.compile(r'(value="|X-CSRFToken": ")\w{64}')
    assert hide.sub("", with_it) == hide.sub("", without)


@pytest.mark.parametrize("code", ["000000", "", "abc", "१२३४५६", "1" * 50, "12\x003456"])
def test_a_wrong_code_opens_nothing_and_says_so_beside_the_field(client, nora, code):
    give_app(nora)
    sign_in(client)
    assertContains(give_code(client, code), "field-errors")
    assert not is_signed_in(client)


@pytest.mark.parametrize("waited", [0, 29, 31, 59])
def test_a_code_is_good_for_one_use_however_long_it_is_right(client, nora, waited):
    secret = give_app(nora)
    with time_machine.travel("2026-11-25T10:00:00Z", tick=False) as clock:
        code = code_of(secret)
        sign_in(client)
        give_code(client, code)
        assert is_signed_in(client)
        other = Client()
        clock.shift(waited)
        sign_in(other)
        assertContains(give_code(other, code), "used already")
        assert not is_signed_in(other)


def test_a_clock_that_is_half_a_minute_off_is_forgiven_and_one_that_is_two_minutes_off_is_not(client, nora):
    secret = give_app(nora)
    sign_in(client)
    give_code(client, code_of(secret, periods_ago=4))
    assert not is_signed_in(client)
    give_code(client, code_of(secret, periods_ago=1))
    assert is_signed_in(client)


def test_a_recovery_code_opens_once(client, nora):
    give_app(nora)
    code, another = give_recovery_codes(nora)[:2]
    sign_in(client)
    give_code(client, code)
    assert is_signed_in(client)
    for used, opens in ((code, False), (another, True)):
        other = Client()
        sign_in(other)
        give_code(other, used)
        assert is_signed_in(other) is opens


def test_recovery_codes_are_shown_once_and_can_be_kept(client, nora):
    sign_in(client)
    _, codes = set_up_app(client)
    again = client.get(reverse("mfa_view_recovery_codes"))
    assertContains(again, "10 of 10 left")
    for code in codes:
        assertNotContains(again, code)


def test_new_recovery_codes_put_the_old_ones_out_of_use(client, nora, mailoutbox):
    give_app(nora)
    old = give_recovery_codes(nora)
    sign_in_and_prove(client, nora)
    page = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    assertContains(page, "shown this once")
    assertContains(page, 'download="mtd-tracker-recovery-codes.txt"')
    assert "recovery codes were made" in mailoutbox[-1].subject
    other = Client()
    sign_in(other)
    give_code(other, old[0])
    assert not is_signed_in(other)


def test_guessing_codes_is_stopped_after_five(client, nora):
    secret = give_app(nora)
    sign_in(client)
    for _ in range(5):
        give_code(client, "000000")
    assertContains(give_code(client, code_of(secret)), "Too many failed attempts")
    assert not is_signed_in(client)


def test_a_first_second_factor_ends_sessions_that_were_begun_without(client, nora):
    earlier = Client()
    sign_in(earlier)
    sign_in(client)
    set_up_app(client)
    assert earlier.get("/initiatives/new/").status_code == 302
    assert client.get(reverse("account_security")).status_code == 200


def test_each_change_is_told_by_mail_without_any_secret(client, nora, mailoutbox):
    sign_in(client)
    secret, codes = set_up_app(client)
    sign_in_and_prove(client, nora)
    client.post(reverse("mfa_deactivate_totp"))
    assert [message.subject for message in mailoutbox] == [
        "[MTD tracker] An app was set up for signing in",
        "[MTD tracker] An app was removed from signing in",
    ]
    for message in mailoutbox:
        assert message.to == ["nora@example.org"]
        assert "If it was not" in message.body
        assert not any(word in message.body for word in (secret, *codes))
    assert not Authenticator.objects.exists()  # the recovery codes went with it


def test_secrets_are_not_stored_as_they_are(nora):
    secret = give_app(nora)
    assert secret not in str(Authenticator.objects.values_list("data"))


def test_a_changed_key_of_the_site_makes_no_code_right_and_no_error(client, nora, settings):
    secret = give_app(nora)
    settings.SECRET_KEY, old = "another-key-of-fifty-characters-for-this-test-alone", settings.SECRET_KEY
    sign_in(client)
    assertContains(give_code(client, code_of(secret)), "not right")
    settings.SECRET_KEY_FALLBACKS = [old]
    give_code(client, code_of(secret))
    assert is_signed_in(client)


# ---------------------------------------------------------------- who can't do without


@pytest.fixture
def required(settings):
    settings.REQUIRE_MFA = True


NEEDED = "/accounts/security/needed/"


@pytest.mark.parametrize("who", ["maria", "otto", "curator", "administrator"])
@pytest.mark.parametrize(
    "address", ["/", "/initiatives/", "/initiatives/export.csv", "/conflicts/", "/accounts/security/", "/admin/"]
)
def test_whoever_keeps_things_for_others_sets_one_up_before_anything_else(client, request, required, who, address):
    client.force_login(request.getfixturevalue(who))
    for response in (client.get(address), client.post(address)):
        assertRedirects(response, NEEDED, fetch_redirect_response=False)
    assert client.get(address, headers=HTMX)["HX-Redirect"] == NEEDED
    assertContains(client.get(NEEDED), "your role needs more than a password")


@pytest.mark.parametrize("who", ["alice", "olga"])
def test_practitioners_may_do_without_and_may_have_one(client, request, required, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/initiatives/").status_code == 200
    assertNotContains(client.get(NEEDED), "your role needs")


def test_what_leads_out_is_reachable_and_nothing_goes_round_in_circles(client, maria, required):
    client.force_login(maria)
    for name in OPEN_BEFORE - {"admin:logout"}:
        response = client.get(reverse(name))
        assert response.status_code in (200, 302, 404), name
        if response.status_code == 302:
            assert response.url != NEEDED, name
    client.post(reverse("account_logout"))
    assert client.get("/conflicts/").status_code == 200


def test_a_manager_who_sets_one_up_goes_on(client, nora, bridge, required):
    Membership.objects.create(user=nora, organisation=bridge, role="manager")
    assert sign_in(client).url == "/"
    assert client.get("/").url == NEEDED
    set_up_app(client)
    assert client.get("/").status_code == 200


def test_a_role_counts_from_the_next_request(client, alice, required):
    client.force_login(alice)
    assert client.get("/initiatives/").status_code == 200
    alice.memberships.update(role="manager")
    assert client.get("/initiatives/").status_code == 302
    alice.memberships.update(active=False)
    assert client.get("/initiatives/").status_code == 200


def test_without_the_setting_nobody_is_sent_anywhere(client, maria, settings):
    settings.REQUIRE_MFA = False
    client.force_login(maria)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("address", "more"), [("/taxonomy/", 1), ("/organisations/", 2)])
def test_it_costs_a_page_one_query_and_one_of_records_another(client, maria, required, settings, address, more):
    """Of records a page asks who is named on them together with memberships, which this has asked for by then."""
    give_app(maria)
    client.force_login(maria)
    client.get(address)
    asked = {}
    for settings.REQUIRE_MFA in (False, True):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked[settings.REQUIRE_MFA] = len(queries)
    assert asked[True] == asked[False] + more


# ---------------------------------------------------------------- the administrators' pages


def test_the_admin_is_not_reached_by_the_password_alone(client, administrator):
    administrator.set_password(PASSWORD)
    administrator.save()
    secret = give_app(administrator)
    address = client.get("/admin/login/").url
    for page in (address, "/admin/login/"):
        client.post(
            page,
            {"login": administrator.email, "username": administrator.email, "password": PASSWORD, "next": "/admin/"},
        )
        assert client.get("/admin/").status_code == 302
    assertRedirects(give_code(client, code_of(secret)), "/admin/")


def reset_page(user):
    return reverse("admin:accounts_user_second_factor", args=[user.pk])


def test_an_administrator_takes_away_a_lost_second_factor_and_it_is_kept_who_did(
    client, administrator, nora, mailoutbox
):
    give_app(nora)
    give_recovery_codes(nora)
    hers = Client()
    hers.force_login(nora)
    sign_in_and_prove(client, administrator)
    assertContains(client.get(reverse("admin:accounts_user_change", args=[nora.pk])), reset_page(nora))
    assertContains(client.get(reset_page(nora)), "call back")
    assert Authenticator.objects.filter(user=nora).count() == 2  # looking changes nothing

    client.post(reset_page(nora))
    assert not Authenticator.objects.filter(user=nora).exists()
    assert hers.get("/initiatives/new/").status_code == 302
    assertContains(
        client.get(reverse("admin:accounts_user_history", args=[nora.pk])), "Second factor and recovery codes"
    )
    assertContains(client.get(reverse("admin:accounts_user_history", args=[nora.pk])), administrator.name)
    assert [(message.subject, message.to) for message in mailoutbox] == [
        ("[MTD tracker] Your second factor was taken away", ["nora@example.org"])
    ]


def test_taking_it_away_asks_who_it_is_and_only_administrators_may(client, administrator, nora, curator, alice):
    give_app(nora)
    administrator.set_password(PASSWORD)
    administrator.save()
    client.force_login(administrator)
    assert client.post(reset_page(nora)).url.startswith(reverse("account_reauthenticate"))
    for other in (curator, alice):
        client.force_login(other)
        assert client.post(reset_page(nora)).status_code == 302
    assert Authenticator.objects.filter(user=nora).exists()


def test_whoever_runs_the_site_can_help_the_last_administrator(nora, mailoutbox, capsys):
    give_app(nora)
    call_command("reset_second_factor", "NORA@example.org")
    assert not Authenticator.objects.exists()
    assert "Nora signs in with the password alone" in capsys.readouterr().out
    assert mailoutbox[0].to == ["nora@example.org"]

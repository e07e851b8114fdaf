"""Passkeys, as far as they go without a browser: see tests/browser/test_passkeys.py for the rest."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains

from tests.proving import give_app, sign_in_and_prove

JSON = {"Accept": "application/json"}
PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["public-key", "AAAA", "MQ"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("id", "rawId", "type", "response", "clientExtensionResults")
INNER = ("clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject")
LIKELY = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES[:3] + NAMES[4:], PARTS)).flatmap(
    lambda outer: st.fixed_dictionaries({}, optional=dict.fromkeys(INNER, PARTS)).map(
        lambda inner: outer | {"response": inner}
    )
)
CREDENTIALS = st.one_of(PARTS.map(json.dumps), LIKELY.map(json.dumps), st.text(max_size=40))


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    cache.clear()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(credential=CREDENTIALS)
@example(credential="true")
@example(credential="[1]")
@example(credential=json.dumps({"rawId": 10**12}))  # fido2 takes a number for a length: a terabyte of zeros
@example(credential=json.dumps({"response": {"signature": 65_537}}))
@example(credential="[" * 19_000)
@example(credential=json.dumps({"id": "AA", "rawId": "AA", "response": {"attestationObject": "gYGB" * 4000}}))
def test_whatever_is_sent_as_a_passkey_is_refused_and_is_no_error_of_ours(client, alice, credential):
    client.logout()
    assert client.get(reverse("mfa_login_webauthn"), headers=JSON).json()["request_options"]
    assert client.post(reverse("mfa_login_webauthn"), {"credential": credential}).url == reverse("account_login")
    assert "_auth_user_id" not in client.session
    sign_in_and_prove(client, alice)
    client.get(reverse("mfa_add_webauthn"))
    response = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})
    assertContains(response, "was not accepted")
    assert not Authenticator.objects.exists()


def test_asking_for_a_passkey_tells_nothing_of_anybody(client, alice):
    first, second = (client.get(reverse("mfa_login_webauthn"), headers=JSON).json() for _ in range(2))
    assert first["request_options"]["publicKey"].pop("challenge") != second["request_options"]["publicKey"].pop(
        "challenge"
    )
    assert first == second
    assert first["request_options"]["publicKey"]["userVerification"] == "required"
    assert not first["request_options"]["publicKey"].get("allowCredentials")


def test_the_passkey_of_somebody_else_is_not_there(client, alice, olga):
    sign_in_and_prove(client, olga)
    hers = Authenticator.objects.create(user=alice, type="webauthn", data={"name": "hers"})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        address = reverse(name, args=[hers.pk])
        assert client.get(address).status_code == client.post(address, {"name": "mine"}).status_code == 404
    hers.refresh_from_db()
    assert hers.data["name"] == "hers"


@pytest.mark.parametrize("name", ["x" * 61, "a\0b", ""])
def test_a_name_that_cannot_be_kept_is_an_error_beside_the_field(client, alice, name):
    give_app(alice)
    passkey = Authenticator.objects.create(user=alice, type="webauthn", data={"name": "mine"})
    sign_in_and_prove(client, alice)
    assertContains(client.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": name}), "field-errors")


def test_one_renames_and_removes_a_passkey_and_is_told_of_the_removal(client, alice, mailoutbox):
    give_app(alice)
    passkey = Authenticator.objects.create(user=alice, type="webauthn", data={"name": "mine"})
    sign_in_and_prove(client, alice)
    client.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "the blue key"})
    assertContains(client.get(reverse("account_security")), "the blue key")
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()
    assert [message.subject for message in mailoutbox] == ["[MTD tracker] A passkey was removed"]

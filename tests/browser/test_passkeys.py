"""Passkeys in a real browser, with an authenticator that only exists in it."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from mtd_tracker.accounts.models import User
from tests.browser.conftest import PASSWORD
from tests.proving import code_of

pytestmark = pytest.mark.browser

WHO = "practitioner@demo.example"


@pytest.fixture
def site(site):
    return site.replace("127.0.0.1", "localhost")  # passkeys belong to a name, not to a number


@pytest.fixture
def page(open_page, settings):
    """A page whose browser has a phone's authenticator: it knows its owner, and says yes by itself."""
    settings.ALLOWED_HOSTS = ["localhost"]
    page = open_page(width=360)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.finger = lambda known: session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": known}
    )
    return page


def give_password(page):
    page.fill("[name=login]", WHO)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page, name="my phone", *, alone=True):
    page.goto("/accounts/security/passkeys/new/")
    page.fill("[name=name]", name)
    page.set_checked("[name=passwordless]", alone)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)


def sign_out(page):
    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/conflicts/cyprus/")


def test_a_passkey_is_added_and_then_signs_in_alone_and_leads_where_one_was_going(page, site):
    page.goto("/accounts/login/")
    give_password(page)
    page.wait_for_url(f"{site}/")
    add_passkey(page)
    page.goto("/accounts/security/")
    expect(page.locator("strong", has_text="my phone")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site}/conflicts/cyprus/")
    assert Authenticator.objects.get(type="webauthn").last_used_at


def test_a_passkey_whose_owner_is_not_recognised_does_not_sign_in_alone(page, site):
    page.goto("/accounts/login/")
    give_password(page)
    page.wait_for_url(f"{site}/")
    add_passkey(page)
    sign_out(page)
    page.finger(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("It was called off, took too long")).to_be_visible()
    assert "/accounts/login/" in page.url


def test_a_plain_key_is_a_second_factor_and_proves_once_more_who_one_is(page, site):
    page.goto("/accounts/login/")
    give_password(page)
    page.wait_for_url(f"{site}/")
    add_passkey(page, "the blue key", alone=False)
    sign_out(page)
    give_password(page)
    page.wait_for_url(f"{site}/accounts/login/second-factor/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{site}/conflicts/cyprus/")

    Authenticator.objects.update(created_at="2020-01-01T00:00Z")
    page.goto("/accounts/security/codes/new/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{site}/accounts/security/codes/new/")


def test_an_app_is_set_up_without_javascript(open_page, site, settings):
    page = open_page(width=360, javascript=False)
    page.goto("/accounts/login/")
    give_password(page)
    page.goto("/accounts/security/app/")
    page.get_by_text("No camera at hand?").click()
    page.fill("[name=code]", code_of(page.inner_text(".secret"), periods_ago=1))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    codes = download.value.path().read_text()
    assert all(code in codes for code in page.locator(".recovery-codes li").all_inner_texts())
    assert User.objects.get(email=WHO).sessions.count() == 1

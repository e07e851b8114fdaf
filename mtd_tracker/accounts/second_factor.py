"""Something one has, besides the password one knows: who needs it, and what opens before it is there."""

import base64
import hashlib
from functools import cache

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.urls import reverse

from initiatives.permissions import is_manager
from mtd_tracker.htmx import leave_for
from taxonomy.permissions import may_curate

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# What somebody who still needs a second factor may open: setting it up, and leaving.
OPEN_BEFORE = {
    "account_second_factor",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_reauthenticate",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_logout",
    "admin:logout",
    "healthz",
    "readyz",
}


def needs_second_factor(user):
    """Managers of any organisation, curators and administrators, where the site asks for it (REQUIRE_MFA).

    Queries: as `is_manager`, so that a role given or taken counts at the next request.
    """
    if not settings.REQUIRE_MFA or not user.is_authenticated:
        return False
    return user.is_superuser or user.is_staff or may_curate(user) or is_manager(user)


def second_factors(user):
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


class RequireSecondFactor:
    """Middleware: leads whoever needs a second factor and has none to where it is set up, whatever they ask for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.view_name in OPEN_BEFORE or not needs_second_factor(request.user):
            return None
        return None if second_factors(request.user).exists() else leave_for(request, reverse("account_second_factor"))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted with SECRET_KEY: who gets hold of a backup alone can't make codes from it."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or was used already. Wait for the next one and type that.",
        "cannot_generate_recovery_codes": "Recovery codes come with a second factor: set one up first.",
    }

    def get_totp_issuer(self):
        return "MTD tracker"

    def generate_authenticator_name(self, user, type):
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def encrypt(self, text):
        return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Where the key was changed the secret is lost; then no code is right, and recovering begins anew."""
        try:
            return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()


@cache
def _box(*keys):
    digests = (hashlib.sha256(f"second factor:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

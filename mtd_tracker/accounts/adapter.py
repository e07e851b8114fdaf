import logging
import time
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as current
from django.conf import settings
from django.contrib import messages
from django.utils import timezone

from mtd_tracker.accounts.known_browser import mark_of

logger = logging.getLogger(__name__)

WAYS_TO_PROVE = {
    "reauthenticate": "Give your password",
    "mfa_reauthenticate": "Give a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up on their own: accounts are made by those who run the site or an organisation."""

    # The same words whether the address is known or not.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "Address and password don't go together. Check both, or ask for a new password below."
        ),
        "enter_current_password": "This is not your password until now.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "Too many failed attempts. Wait five minutes, then try again.",
        "rate_limited": "Too many attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return settings.LOGIN_REDIRECT_URL

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": WAYS_TO_PROVE[method["id"]]} for method in methods]

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not for a first second factor, its recovery codes included, right after signing in: that is proof enough."""
        if app == "allauth.mfa" and _signed_in_lately(current.request) and _begins(current.request.user):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix, email, context):
        """Where the mail server doesn't answer, whoever asked is told, the same for any address.

        Raises: OSError (smtplib's errors are that) where nobody is at a page, as in a command.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            if not hasattr(current.request, "_messages"):
                raise
            logger.exception("A mail could not be sent")
            told = "The mail could not be sent just now. Try again later, or ask whoever runs this site."
            messages.error(current.request, told)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failed tries are counted for each address, and apart in a browser that its person knows."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        mark = mark_of(request, credentials.get("email", ""))
        return f"{key}:{mark}" if mark else key


def _signed_in_lately(request):
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _begins(user):
    """Has no second factor but one that was set up just now."""
    from mtd_tracker.accounts.second_factor import second_factors  # noqa: PLC0415  it needs the models

    since = timezone.now() - timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return not second_factors(user).filter(created_at__lt=since).exists()

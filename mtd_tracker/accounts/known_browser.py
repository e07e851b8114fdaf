"""A browser in which somebody signed in before has tries of its own at that account's password.

Others who guess at a known address use up the tries of strangers, and can't keep the person out: neither in a browser
that the person used before, nor in one in which they have just chosen a new password by mail.
"""

from allauth.account.signals import password_reset, user_logged_in
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.dispatch import receiver
from django.utils.crypto import get_random_string

COOKIE = "known_browser"
YEAR = 365 * 24 * 60 * 60


def mark_of(request, email):
    """What this browser was marked with when this person signed in; empty if they never did."""
    try:
        return _signer(email).unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return ""


@receiver([user_logged_in, password_reset])
def _note(request, user, **kwargs):
    request.known_to = user.email


def known_browsers_are_marked(get_response):
    """Middleware: the mark names nobody, and is worth nothing for another account."""

    def middleware(request):
        response = get_response(request)
        email = getattr(request, "known_to", None)
        if email:
            response.set_cookie(
                COOKIE,
                _signer(email).sign(mark_of(request, email) or get_random_string(22)),
                max_age=YEAR,
                path="/accounts/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware


def _signer(email):
    return Signer(salt=f"known browser of {email.lower()}")

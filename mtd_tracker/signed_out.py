"""Whoever was signed out while a form stood open loses nothing: what they sent waits until they have signed in again,
and is sent once they say so: somebody else may have sent it from the same browser. See accounts/waiting.py.

It is kept in a browser in which somebody's session ended without their doing, and waits for that person alone: a mark
says who it was last, and tells so only where it is held against a person. Whoever signs out takes the mark with them.
"""

import secrets
import time

from allauth.account.signals import user_logged_in
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import middleware
from django.contrib.auth.signals import user_logged_out
from django.core.signing import BadSignature, Signer
from django.dispatch import receiver
from django.shortcuts import render
from django.urls import reverse

COOKIE = "last_person"
HELD = "form_sent_signed_out"  # in the session
HELD_FOR = 30 * 60  # seconds
MOST = 200_000  # characters; of a longer form nothing is kept

KEPT = (
    "You were signed out before this was saved. What you typed is kept: sign in, and you are asked whether to send it."
)
NOT_KEPT = "You were signed out before this was saved, and what you typed could not be kept."


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's, with a form kept on the way to the sign-in page. A fragment's request doesn't lead there: it brings a
    note above the page, on which what was typed stays."""

    def handle_no_permission(self, request, view_func):
        if request.htmx:
            answer = render(request, "_signed_out.html", status=401)
            answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML"
            return answer
        if request.method == "POST":
            messages.info(request, KEPT if _hold(request) else NOT_KEPT)
        return super().handle_no_permission(request, view_func)

    def process_response(self, request, response):
        person = getattr(request, "signed_in_now", None)
        if person:
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(COOKIE, _mark(person), secure=secure, httponly=True, samesite="Lax")
            if HELD in request.session and response.status_code == 302:
                response["Location"] = reverse("account_waiting")
        elif getattr(request, "signed_out_now", False):
            response.delete_cookie(COOKIE, samesite="Lax")
        return response


def _hold(request):
    """Whether what was sent is kept: no password, and nothing where nobody was signed in before, because anybody could
    fill the database with it."""
    mark, form = request.COOKIES.get(COOKIE, ""), request.POST.urlencode()
    secret = any("password" in name for name in request.POST)
    if secret or len(form) > MOST or not _is_signed(Signer(salt=COOKIE), mark):
        return False
    request.session[HELD] = {"address": request.get_full_path(), "form": form, "at": time.time(), "mark": mark}
    return True


@receiver(user_logged_in)
def _note_signed_in(request, user, **kwargs):
    request.signed_in_now = user
    held = request.session.get(HELD)
    if held and not (time.time() - held["at"] < HELD_FOR and _is_of(held["mark"], user)):
        del request.session[HELD]


@receiver(user_logged_out)
def _note_signed_out(request, **kwargs):
    if request is not None:
        request.signed_out_now = True


def held_for(request):
    """What waits for the person of this request, as it was held; None where nothing does."""
    held = request.session.get(HELD)
    return held if held and _is_of(held["mark"], request.user) else None


def _mark(person):
    return Signer(salt=COOKIE).sign(_signer_of(person).sign(secrets.token_urlsafe(9)))


def _is_of(mark, person):
    return _is_signed(_signer_of(person), Signer(salt=COOKIE).unsign(mark))


def _is_signed(signer, text):
    try:
        signer.unsign(text)
    except BadSignature:
        return False
    return True


def _signer_of(person):
    return Signer(salt=f"{COOKIE} {person.ref}")

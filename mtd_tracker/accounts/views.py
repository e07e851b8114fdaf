"""A person's own pages about how they sign in; the rest is allauth's, see urls.py."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mtd_tracker.accounts.actions import end_session, end_sessions
from mtd_tracker.accounts.second_factor import needs_second_factor, second_factors
from mtd_tracker.parsing import uuid_in


@require_safe
def security(request):
    """How the person gets in, at one glance, and where each part of it is changed."""
    held = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    kinds = Authenticator.Type
    codes = next((one.wrap() for one in held if one.type == kinds.RECOVERY_CODES), None)
    return render(
        request,
        "account/security.html",
        {
            "app": next((one for one in held if one.type == kinds.TOTP), None),
            "passkeys": [one for one in held if one.type == kinds.WEBAUTHN],
            "codes_left": None if codes is None else len(codes.get_unused_codes()),
            "needed": needs_second_factor(request.user),
        },
    )


@require_safe
def second_factor(request):
    """Why one is needed, and the ways to set it up. Whoever has one already is on their way."""
    if second_factors(request.user).exists():
        return redirect("account_security")
    return render(request, "account/second_factor.html", {"needed": needs_second_factor(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request):
    """Where the person is signed in. Sent: `session` (a ref), or `all` (elsewhere, everywhere)."""
    here = request.session.session_key
    if request.method == "POST":
        if request.POST.get("all") == "everywhere":
            end_sessions(by=request.user)
            logout(request)
            return redirect(settings.LOGIN_URL)
        if request.POST.get("all") == "elsewhere":
            end_sessions(by=request.user, but=here)
            messages.success(request, "You are signed out everywhere else.")
        else:
            end_session(by=request.user, ref=uuid_in(request.POST.get("session")))
            messages.success(request, "That session is ended.")
        return redirect("account_sessions")
    return render(
        request,
        "account/sessions.html",
        {"sessions": request.user.sessions.lasting(), "here": here, "limits": _limits()},
    )


def _limits():
    hours = settings.SESSION_MAX_HOURS
    longest = f"{hours} hours" if hours % 24 else f"{hours // 24} days"
    return {"idle": f"{settings.SESSION_IDLE_MINUTES} minutes", "longest": longest}


class ProveByPasskeyView(ReauthenticateWebAuthnView):
    """allauth would lead away to the start page; this one says what was wrong and lets the person try again."""

    def form_invalid(self, form):
        for message in form.errors.get("credential", []):
            get_adapter().add_message(self.request, messages.ERROR, message=message)
        return redirect(self.passthrough_next_url(self.request.path))


prove_by_passkey = ProveByPasskeyView.as_view()

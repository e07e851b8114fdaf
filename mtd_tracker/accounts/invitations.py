"""The link of an invitation: whoever opens it sees what to do next. Only what they send uses it: mail is scanned by
machines that open every link.
"""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from initiatives.actions.invitations import InvitationClosed, opens
from initiatives.invitations import invitation_of
from mtd_tracker.accounts.forms import NewAccountForm
from mtd_tracker.accounts.joining import join_with_account, join_with_new_account
from mtd_tracker.accounts.models import User
from mtd_tracker.saving import posted


@sensitive_post_parameters("password1", "password2")
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """By who opens it: accept, sign in first, make an account, or sign out first."""
    found = invitation_of(token)
    if found and request.user.is_authenticated and found.accepted_by == request.user:
        return redirect("initiatives:home")  # sent twice
    if found is None or not opens(found):
        return _closed(request)
    try:
        if request.user.is_authenticated:
            return _with_account(request, found)
        if User.objects.filter(email__iexact=found.email).exists():
            return _show(request, "sign_in", found)
        return _with_new_account(request, found)
    except InvitationClosed:  # in this very moment
        return _closed(request)


def _with_account(request, found):
    if request.user.email.casefold() != found.email.casefold():
        return _show(request, "other_person", found, status=403)
    if request.method != "POST":
        return _show(request, "accept", found)
    membership = join_with_account(found, by=request.user)
    messages.success(request, f"You now belong to {membership.organisation}.")
    return redirect(membership.organisation)


def _with_new_account(request, found):
    form = NewAccountForm(posted(request), email=found.email, initial={"name": found.name})
    if not form.is_valid():
        return _show(request, "new_account", found, form=form)
    said = form.cleaned_data
    try:
        membership = join_with_new_account(found, name=said["name"], password=said["password1"])
    except IntegrityError:  # another invitation made the account in this very moment
        return _show(request, "sign_in", found)
    messages.success(request, f"Your account is made, and you belong to {membership.organisation}.")
    return perform_login(
        request, membership.user, signup=True, redirect_url=membership.organisation.get_absolute_url()
    )


def _show(request, what, found, *, status=200, **context):
    context |= {"invitation": found}
    return render(request, f"invitations/{what}.html", context, status=status)


def _closed(request):
    """The same for a link that was used, taken back, is too old or was never given."""
    return render(request, "invitations/closed.html", status=410)

"""A manager invites somebody, sends it again, takes it back. Accepting is a matter of accounts: see there."""

import logging
from functools import partial

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.actions.invitations import InvitationClosed, invite, renew, take_back
from initiatives.forms.members import InvitationForm, InviteForm
from initiatives.invitations import mail_invitation
from initiatives.views.members import managed_organisation
from mtd_tracker.reauthentication import require_reauthentication
from mtd_tracker.saving import attempt, posted

logger = logging.getLogger(__name__)

TOO_MANY = "So many invitations were sent within the last hour that no more go out just now. Try again later."


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_new(request, code):
    organisation = managed_organisation(request, code)
    if request.method == "POST":
        require_reauthentication(request)
    form = InviteForm(posted(request))
    if form.is_valid() and _sent_too_many(request, organisation):
        form.add_error(None, TOO_MANY)
    outcome = attempt(form, lambda: invite(organisation, by=request.user, **form.cleaned_data))
    if outcome.record:
        _announce(request, outcome.record)
        return redirect("initiatives:members", organisation.code)
    context = {"section": "organisations", "organisation": organisation, "form": form}
    return render(request, "organisations/invite.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_edit(request, code, invited):
    """Send a pending invitation again, or take it back."""
    organisation = managed_organisation(request, code)
    invitation = get_object_or_404(organisation.invitations.pending().select_related("invited_by"), ref=invited)
    if request.method == "POST":
        require_reauthentication(request)
    form = InvitationForm(posted(request))
    if form.is_valid():
        _act(request, invitation, form.cleaned_data["act"])
        return redirect("initiatives:members", organisation.code)
    context = {"section": "organisations", "organisation": organisation, "invitation": invitation, "form": form}
    return render(request, "organisations/invitation.html", context)


def _act(request, invitation, act):
    try:
        if act == InvitationForm.SEND and _sent_too_many(request, invitation.organisation):
            messages.error(request, TOO_MANY)
        elif act == InvitationForm.SEND:
            _announce(request, renew(invitation, by=request.user))
        else:
            take_back(invitation, by=request.user)
            messages.success(request, f"The invitation of {invitation.email} is taken back: its link no longer opens.")
    except InvitationClosed:
        messages.info(request, "Nothing was changed: it was accepted or taken back in the meantime.")


def _sent_too_many(request, organisation):
    """Count one more mail of this person and of this organisation; see INVITATIONS_AN_HOUR."""
    return not ratelimit.consume(request, action="invite", key=organisation.code)


def _announce(request, invitation):
    """Once it is stored: no mail leads to an invitation that isn't there."""
    transaction.on_commit(partial(_send, request, invitation), robust=True)


def _send(request, invitation):
    """The invitation is kept, whatever becomes of the mail."""
    try:
        mail_invitation(invitation, absolute=request.build_absolute_uri)
    except OSError:
        logger.exception("An invitation could not be sent")
        messages.error(
            request,
            f"The invitation of {invitation.email} is kept, but the mail could not be sent just now. "
            "Send it again later from this page, or ask whoever runs this site.",
        )
    else:
        messages.success(request, f"An invitation was sent to {invitation.email}.")

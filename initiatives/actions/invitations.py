"""Inviting somebody into an organisation: said, repeated, taken back, accepted.

An invitation keeps its own history: who invited, who took it back, who accepted, and when. Each action locks the
organisation's row first, then the invitation's, as those of members do.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.actions.members import join, refuse_merged
from initiatives.models import Invitation
from initiatives.permissions import may_invite
from mtd_tracker.history import locked


class InvitationClosed(Exception):
    """It was used or taken back, or is too old."""


def invite(organisation, *, by, email, role, name=""):
    """A new invitation, in place of one to the same address that is too old. Whether the address has an account
    is neither asked nor told. by: None where a command sends it.

    Raises: ValidationError, by field, where the address is a member's already, or its invitation is still open.
    """
    with transaction.atomic():
        organisation = locked(organisation)
        refuse_merged(organisation)
        if organisation.memberships.active().filter(user__email__iexact=email).exists():
            raise ValidationError({"email": "Somebody with this address is an active member already."})
        pending = organisation.invitations.pending().filter(email__iexact=email).first()
        if pending and pending.is_open:
            raise ValidationError(
                {"email": "This address is invited already. Send that invitation again, or take it back first."}
            )
        if pending:
            _close(pending, by=by)
        return Invitation.objects.create(
            organisation=organisation,
            email=email,
            name=name,
            role=role,
            invited_by=by,
            from_site=by is None,
            expires_at=_last_moment(),
        )


def renew(invitation, *, by):
    """It holds as long again from now on; the link stays the same. Raises: InvitationClosed."""
    with transaction.atomic():
        held = _pending(invitation)
        held.invited_by, held.from_site, held.expires_at = by, by is None, _last_moment()
        held.save()
    return held


def take_back(invitation, *, by):
    """Its link no longer opens. Raises: InvitationClosed where it was used meanwhile."""
    with transaction.atomic():
        held = _pending(invitation)
        _close(held, by=by)
    return held


def accept(invitation, *, by):
    """The person's membership, new or taken up again.

    Raises: InvitationClosed, also where whoever sent it may invite nobody there any more; ValidationError where it is
    meant for another address.
    """
    with transaction.atomic():
        held = _pending(invitation)
        if not opens(held):
            raise InvitationClosed
        if by.email.casefold() != held.email.casefold():
            raise ValidationError("This invitation is for another address.")
        membership = join(held.organisation, user=by, role=held.role, by=by)
        held.accepted_at, held.accepted_by = timezone.now(), by
        held.save()
    return membership


def opens(invitation):
    """Whether its link opens: it is neither used, nor taken back, nor too old, and whoever sent it may invite there
    now, too."""
    if not invitation.is_open or invitation.from_site:
        return invitation.is_open
    sender = invitation.invited_by
    return sender is not None and sender.is_active and may_invite(sender, invitation.organisation)


def _pending(invitation):
    locked(invitation.organisation)
    held = locked(invitation)
    if held.accepted_at or held.revoked_at:
        raise InvitationClosed
    return held


def _close(invitation, *, by):
    invitation.revoked_at, invitation.revoked_by = timezone.now(), by
    invitation.save()


def _last_moment():
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)

"""Who belongs to an organisation, and as what.

Each action locks the organisation's row first, so that two people who act in the same moment can't leave it without
a manager between them.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.actions.content import save_beside
from initiatives.dates import today
from initiatives.models import Grant, Initiative, Invitation, Membership
from mtd_tracker.elevation import elevated
from mtd_tracker.history import StaleSave, change, locked

LEFT = "Somebody named on it has left the organisation"


def join(organisation, *, user, role, by):
    """An active membership: a new one, or a former one taken up again. One that is active stays as it is.

    Raises: ValidationError where the organisation was merged into another.
    """
    with transaction.atomic():
        organisation = locked(organisation)
        refuse_merged(organisation)
        present = organisation.memberships.filter(user=user).first()
        if present and present.active:
            return present
        membership = present or Membership(organisation=organisation, user=user)
        note = f"{'Reactivated' if present else 'Joined'} as {Membership.Role(role).label.lower()}"
        with change(membership, by=by, note=note) as record:
            record.role, record.active = role, True
            record.save()
    return record


def change_role(membership, *, by, role, version=None):
    """Raises: ValidationError where nobody would manage the organisation; StaleSave where it changed meanwhile."""
    note = f"Role changed to {Membership.Role(role).label.lower()}"
    return _alter(membership, by=by, note=note, version=version, role=role)


def deactivate(membership, *, by, version=None):
    """From the next request on, the person reads and writes nothing more as a member, nor as somebody named on the
    organisation's records, unless they work for another one too. Raises: as above."""
    return _alter(membership, by=by, note="Deactivated", version=version, active=False)


def reactivate(membership, *, by, version=None):
    """Raises: StaleSave as above."""
    return _alter(membership, by=by, note="Reactivated", version=version, active=True)


def leave(membership):
    """The person's own step. Raises: ValidationError as above."""
    return _alter(membership, by=membership.user, note="Left", version=None, active=False)


def refuse_merged(organisation):
    """Raises: ValidationError for an organisation that stands only for another."""
    if organisation.merged_into_id:
        raise ValidationError("This organisation was merged into another in the meantime.")


def _alter(membership, *, by, note, version, **values):
    """Set the values; a stale form that asks for what is so already is no fault."""

    def is_so(record):
        return all(getattr(record, name) == value for name, value in values.items())

    try:
        with transaction.atomic():
            locked(membership.organisation)
            with change(membership, by=by, note=note, version=version) as record:
                managed, was_active = _manages(record), record.active
                for name, value in values.items():
                    setattr(record, name, value)
                if managed and not _manages(record):
                    _refuse_last_manager(record)
                    _take_back_invitations(record, by=by)
                record.save()
            if was_active and not record.active:
                _end_namings(record, by=by)
    except StaleSave as stale:
        if not is_so(stale.stored):
            raise
        record = stale.stored
    return record


def _take_back_invitations(record, *, by):
    """Those that they sent and nobody used: what a manager may open to others ends with their role."""
    sent = Invitation.objects.pending().filter(organisation=record.organisation_id, invited_by=record.user_id)
    sent.update(revoked_at=timezone.now(), revoked_by=by)


def _end_namings(record, *, by):
    """On the organisation's records: the day before is the last one, so that joining any organisation brings nothing
    back. Whoever works for another one at this moment stays named, as somebody from outside may be."""
    if Membership.objects.active_for(record.user).exists():
        return
    with elevated("whoever leaves is named no longer, also where whoever sees to it may not look"):
        named = Grant.objects.current().filter(user=record.user_id, initiative__owner=record.organisation_id)
        for initiative in Initiative.objects.filter(pk__in=named.values("initiative")).order_by("pk"):
            with change(initiative, by=by, note=LEFT) as stored:
                save_beside(stored)
                for grant in named.filter(initiative=stored):
                    grant.until_on = today() - timedelta(days=1)
                    grant.save()


def _manages(record):
    return record.active and record.role == Membership.Role.MANAGER


def _refuse_last_manager(record):
    others = Membership.objects.active().managing().filter(organisation=record.organisation_id).exclude(pk=record.pk)
    if not others.exists():
        raise ValidationError("This is the last manager here. Make somebody else a manager first.")

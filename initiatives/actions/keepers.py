"""Naming a keeper of a restricted record that nobody can open any more: one manager proposes, another agrees.

They never learn which record it is, so what the database does for them reads beyond what they may see.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.dates import PartialDate, Precision, today
from initiatives.keepers import MANAGED_FOR, counts_from, others_who_could_agree
from initiatives.models import Grant, Initiative, KeeperNaming, Membership
from mtd_tracker.elevation import elevated
from mtd_tracker.history import change, locked
from mtd_tracker.names import mark_of

WHY = "two managers name the keeper of a record that neither may see"


def propose_keeper(initiative, *, keeper, reason, by):
    """Shape: KeeperNaming. Raises: ValidationError, by form field, where it can't lead to a keeper."""
    with elevated(WHY), transaction.atomic():
        record = locked(initiative)
        _refuse_with_reader(record)
        if record.keeper_namings.filter(agreed_at=None).exists():
            raise ValidationError("Somebody is proposed already: agree to it, or decline it first.")
        _refuse_newcomer(record, by)
        _refuse_stranger(record, keeper)
        if not others_who_could_agree(record.owner, proposer=by, keeper=keeper):
            raise ValidationError(
                {
                    "keeper": "No other manager could agree to this: it takes one who neither proposes nor is "
                    f"proposed, and who has managed this organisation for {MANAGED_FOR.days} days."
                }
            )
        return KeeperNaming.objects.create(
            organisation=record.owner, initiative=record, keeper=keeper, reason=reason, proposed_by=by
        )


def agree_to_keeper(naming, *, by):
    """The keeper may read and write the record from now on; its history says who named them, and why.

    Raises: ValidationError where this person proposed it or is the keeper, or where it does not hold any more.
    """
    note = f"Keeper named by {mark_of(naming.proposed_by)} and {mark_of(by)}:\n{naming.reason}"
    with elevated(WHY), change(naming.initiative, by=by, note=note) as record:
        stored = _still_open(naming)
        _refuse_with_reader(record)
        if by in (stored.proposed_by, stored.keeper):
            raise ValidationError("Another manager has to agree: neither who proposed it nor who is to keep it.")
        _refuse_newcomer(record, by)
        managers = Membership.objects.active().managing().filter(organisation=record.owner)
        if not managers.filter(user=stored.proposed_by).exists():
            raise ValidationError("Whoever proposed it manages this organisation no longer: decline it, propose anew.")
        _refuse_stranger(record, stored.keeper)
        Grant.objects.update_or_create(
            initiative=record, user=stored.keeper, defaults={"access": Grant.Access.WRITE, "until_on": None}
        )
        stored.agreed_by, stored.agreed_at = by, timezone.now()
        stored.save()
        record.updated_by = by
        record.save()
    return stored


def decline_keeper(naming):
    """Take the proposal back, or turn it down: any manager of the organisation may. Raises: ValidationError."""
    with elevated(WHY), transaction.atomic():
        locked(naming.initiative)
        _still_open(naming).delete()


def _still_open(naming):
    """As it is stored, while its record is locked."""
    stored = KeeperNaming.objects.filter(pk=naming.pk, agreed_at=None).select_related("keeper", "proposed_by").first()
    if stored is None:
        raise ValidationError("This proposal was agreed to, or taken back, in the meantime.")
    return stored


def _refuse_with_reader(record):
    if not Initiative.objects.without_reader().filter(pk=record.pk).exists():
        raise ValidationError("This record has a reader again: nobody needs to be named.")


def _refuse_newcomer(record, by):
    membership = Membership.objects.active_for(by).managing().filter(organisation=record.owner).first()
    if membership is None:
        raise ValidationError(f"You manage {record.owner} no longer.")
    first = counts_from(membership)
    if first > today():
        raise ValidationError(
            f"It takes two who have managed {record.owner} for {MANAGED_FOR.days} days, so that nobody can make "
            f"themself a second one. You are one of them from {PartialDate.around(first, Precision.DAY)} on."
        )


def _refuse_stranger(record, keeper):
    if not Membership.objects.active_for(keeper).filter(organisation=record.owner).exists():
        raise ValidationError({"keeper": f"{keeper} is no active member of {record.owner}: choose somebody who is."})

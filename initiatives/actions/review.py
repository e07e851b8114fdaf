"""From a draft to its readers, where an organisation reviews first: sent, taken back, returned, approved.

Nobody approves what they wrote, sent or last changed themselves; that holds for managers too. A manager whom nobody
else could review publishes at once, and the history says so. Only `put_forward` and `approve` publish anything.
"""

from enum import Enum

import reversion
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from initiatives.actions.content import refuse_too_late
from initiatives.dates import today
from initiatives.models import COMPLETE, Grant, Membership, Publication, ReviewStep, Sharing
from initiatives.permissions import is_manager_of, may_put_forward, may_review
from mtd_tracker.elevation import elevated
from mtd_tracker.history import StaleSave, change

NOT_BY_NAMED = (
    "You are only named on this draft, and publishing would open it to more than those named. Save it, and ask its "
    "author to publish it."
)


class Way(Enum):
    """What becomes of a record that a person asks to publish, as the history calls it."""

    PUBLISH = "published"
    REVIEW = "sent for review"
    ALONE = "published without review, as nobody else could review it"


def way_of(user, owner, *, author_id):
    """The way that a record of this organisation takes. user: None for a command, which publishes."""
    if user is None or not owner.reviews:
        return Way.PUBLISH
    if not is_manager_of(user, owner.pk) or _managers(owner.pk, besides=(user.pk, author_id)).exists():
        return Way.REVIEW
    return Way.ALONE


def reviewers_of(initiative, *, sender_id):
    """The people who may review it once `sender_id` has sent it: `permissions.may_review`, for many at once."""
    people = _managers(initiative.owner_id, besides=(sender_id, initiative.author_id))
    if initiative.sharing == Sharing.RESTRICTED:
        people = people.filter(pk__in=Grant.objects.current().filter(initiative=initiative).values("user"))
    return people


def _managers(organisation_id, *, besides):
    managing = Membership.objects.active().managing().filter(organisation=organisation_id)
    others = [key for key in besides if key is not None]
    return get_user_model().objects.filter(pk__in=managing.values("user")).exclude(pk__in=others)


def put_forward(record, *, by, logged=False):
    """Publish a locked record that is saved and complete, or send it for review; the revision's note says which.

    logged: whether it is new. Raises: ValidationError where it is published or in review already, where it was
    withdrawn too long ago, or where nobody could review it.
    """
    if record.publication in COMPLETE:
        raise ValidationError(f"It is {record.get_publication_display().lower()} already.")
    refuse_too_late(record)
    if by is not None and not may_put_forward(by, record):
        raise ValidationError(NOT_BY_NAMED)
    way = way_of(by, record.owner, author_id=record.author_id)
    if way == Way.REVIEW:
        refuse_unreviewable(record, sender_id=by.pk)
        if record.publication == Publication.WITHDRAWN:
            record.withdrawn_on = record.withdrawn_on or today()
        record.publication = Publication.IN_REVIEW
    else:
        record.publication, record.withdrawn_on = Publication.PUBLISHED, None
    record.updated_by = by
    record.save()
    if way == Way.REVIEW:
        record.step_taken = ReviewStep.objects.create(initiative=record, kind=ReviewStep.Kind.SUBMITTED, by=by)
    reversion.set_comment(f"Logged and {way.value}" if logged else way.value.capitalize())


def refuse_unreviewable(record, *, sender_id):
    """Raises: ValidationError, by form field, where nobody may review the record as it stands."""
    if reviewers_of(record, sender_id=sender_id).exists():
        return
    owner = record.owner
    if _managers(owner.pk, besides=(sender_id, record.author_id)).exists():  # so it is restricted, and none is named
        raise ValidationError(
            {
                "grants": f"A restricted record is reviewed by a manager who is named on it. Name another manager of "
                f"{owner} than its author and yourself, or share it with the organisation."
            }
        )
    raise ValidationError(
        f"Nobody at {owner} could review it: it takes a manager who neither wrote nor sent it. Keep it unpublished, "
        "and ask your organisation or whoever runs this site for another manager."
    )


def refuse_unreviewed(record, owner):
    """Raises: ValidationError where a published record would come to an organisation that has not reviewed it."""
    if record.is_published and owner.reviews:
        raise ValidationError(
            {"owner": f"{owner} reviews before publishing. Withdraw the record first; then hand it over and send it."}
        )


def sender_of(initiative):
    """Key of the person who last sent it for review, or None."""
    return initiative.review_steps.sendings().latest_first().values_list("by", flat=True).first()


def take_back(initiative, *, by, version=None):
    """Out of review again, to be worked on."""
    return _step(initiative, ReviewStep.Kind.TAKEN_BACK, by=by, version=version, note="Taken back from review")


def send_back(initiative, *, by, version, comment):
    """Return it to its author. comment: what is to be changed."""
    if not comment:
        raise ValidationError({"comment": "Say what is to be changed, so that the author can go on."})
    return _step(initiative, ReviewStep.Kind.RETURNED, by=by, version=version, note="Returned", comment=comment)


def approve(initiative, *, by, version, comment=""):
    """Publish what the reviewer has read. version: of the text that they saw."""
    return _step(initiative, ReviewStep.Kind.APPROVED, by=by, version=version, note="Approved", comment=comment)


def _step(initiative, kind, *, by, version, note, comment=""):
    """Take a record out of review. The same step, sent twice, is taken once; the record is then without `step_taken`.

    Raises: ValidationError where it is not in review, or would be approved by who brought it; StaleSave where it
    changed since `version`.
    """
    try:
        # Once it is returned, its author alone reads it: the reviewer couldn't write what belongs to the step.
        with elevated("a review's step"), change(initiative, by=by, note=note, version=version) as record:
            if record.publication != Publication.IN_REVIEW:
                raise ValidationError("It is not in review any more.")
            if kind != ReviewStep.Kind.TAKEN_BACK and not may_review(by, record):
                raise ValidationError("It takes another manager than the one who wrote, sent or last changed it.")
            _leave_review(record, approved=kind == ReviewStep.Kind.APPROVED)
            record.updated_by = by
            record.save()
            record.step_taken = ReviewStep.objects.create(initiative=record, kind=kind, by=by, comment=comment)
        return record
    except StaleSave as stale:
        last = stale.stored.review_steps.latest_first().first()
        if last is None or (last.kind, last.by_id, last.comment) != (kind, by.pk, comment):
            raise
        return stale.stored


def _leave_review(record, *, approved):
    """Not approved, it is what it was: withdrawn, if it has been published before, else a draft."""
    if approved:
        record.publication, record.withdrawn_on = Publication.PUBLISHED, None
    else:
        record.publication = Publication.WITHDRAWN if record.withdrawn_on else Publication.DRAFT

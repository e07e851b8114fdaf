"""Who reads a record: said in one place, and never opened to more without a reason that those concerned agreed to."""

from contextlib import contextmanager

import reversion
from django.core.exceptions import ValidationError

from initiatives.actions.content import keep_rows, save_beside, write_grants
from initiatives.actions.review import refuse_unreviewable, refuse_unreviewed, sender_of
from initiatives.history import was_published
from initiatives.models import COMPLETE, Initiative, Membership, Publication, Sharing
from initiatives.readers import able_to_open
from initiatives.widening import gains, reach_of
from mtd_tracker.elevation import elevated
from mtd_tracker.history import change

NARROWED = "Who may read it was changed"
WIDENED = "Opened to more readers; those concerned have agreed:"  # the reason follows on a line of its own
AGREED = "with the agreement of those concerned"
ASK_FIRST = "Ask those concerned first, and tick this once they have agreed."
NO_PARTNERS = (
    "A restricted record is for people named one by one: take the organisations out, or share it more widely."
)
PLAIN_FIELDS = ("sharing", "owner", "shown_dates", "shown_places")


def change_sharing(initiative, values, *, by, version=None, reason="", agreed=False):
    """values: {"sharing": level, "owner": Organisation, "grants": [(User, access, last day or None)],
    "partners": [(Organisation, last day or None)], "shown_dates", "shown_places"}; what is left out stays.

    Raises: ValidationError, by form field, where it opens a record that was published to more without a reason and
    their agreement, opens a restricted one to an organisation, leaves nobody who can open it, hands it over past its
    author, or goes round a review; StaleSave where somebody else changed it since `version`.
    """
    with change(initiative, by=by, note=NARROWED, version=version) as record, watched(record, reason, agreed=agreed):
        former = record.owner_id
        if values.get("owner", record.owner) != record.owner:
            refuse_unreviewed(record, values["owner"])
        plain = {name: values[name] for name in PLAIN_FIELDS if name in values}
        if all(getattr(record, name) == value for name, value in plain.items()):
            save_beside(record)  # who is named concerns nobody else
        else:
            for name, value in plain.items():
                setattr(record, name, value)
            record.updated_by = by
            record.save()
        if "grants" in values:
            write_grants(record, values["grants"])
        if "partners" in values:
            _write_partners(record, values["partners"])
        refuse_partners_of_restricted(record)
        refuse_past_author(record, former)
        _refuse_without_reader(record)
        if record.publication == Publication.IN_REVIEW:
            refuse_unreviewable(record, sender_id=sender_of(record))
    return record


@contextmanager
def watched(record, reason="", *, agreed=False):
    """Around any change of a locked record: once published, it is not opened to anybody more but with a reason and
    the agreement of those concerned; both then stand in the revision. A draft that leaves its organisation needs their
    agreement alone.

    Raises: ValidationError, by form field.
    """
    if record.pk is None or not was_published(record):
        yield
        if record.publication in COMPLETE and reach_of(record).is_outside:
            if not agreed:
                raise ValidationError({"agreed": ASK_FIRST})
            reversion.set_comment(f"{reversion.get_comment()} {AGREED}")
        return
    before = reach_of(record)
    yield
    if gains(before, reach_of(record)):
        missing = missing_agreement(reason, agreed=agreed)
        if missing:
            raise ValidationError(missing)
        reversion.set_comment(f"{WIDENED}\n{reason.strip()}")


def missing_agreement(reason, *, agreed):
    """What opening a record to more still lacks. Shape: {form field: what to do}."""
    missing = {}
    if not reason.strip():
        missing["reason"] = "More people could read it then: say why."
    if not agreed:
        missing["agreed"] = ASK_FIRST
    return missing


def _write_partners(record, partners):
    keep_rows(
        record.organisation_grants.all(),
        ("organisation_id",),
        [{"initiative": record, "organisation_id": one.pk, "until_on": until} for one, until in partners],
    )


def refuse_partners_of_restricted(record):
    if record.sharing == Sharing.RESTRICTED and record.organisation_grants.exists():
        raise ValidationError({"partners": NO_PARTNERS})


def refuse_past_author(record, former):
    """An author reads what is restricted or unpublished as a member of its organisation: another one doesn't get it
    without them, unless they are named on it. former: primary key of whose it was.

    Raises: ValidationError, by form field.
    """
    open_to_more = record.is_published and record.sharing != Sharing.RESTRICTED
    if record.owner_id == former or open_to_more or record.author_id is None:
        return
    author = record.author
    named = {grant.user: grant.until_on for grant in record.grants.filter(user=author).select_related("user")}
    loses = author not in able_to_open(named, author=author, owner=record.owner)
    if loses and Membership.objects.active_for(author).filter(organisation=former).exists():
        fault = f"{author} wrote it and is no member of {record.owner}: name them on it, else it closes to them."
        raise ValidationError({"owner": fault})


def _refuse_without_reader(record):
    with elevated("whether anyone is left who reads a record counts people who just lost it"):
        unread = Initiative.objects.without_reader().filter(pk=record.pk).exists()
    if unread:
        raise ValidationError({"grants": "Nobody could open it then: name somebody who is an active member here."})

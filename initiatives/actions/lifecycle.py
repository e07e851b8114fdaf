"""What became of an initiative: confirmed, ended, paused, cancelled, withdrawn, and each of them taken back.

Every mark but `publish` needs a published record. One that is so already, because a form was sent twice, is left
as it is. Raises: ValidationError where the record does not allow it; StaleSave where it changed since `version`.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.actions.content import Content, check_dates, missing_for_publication
from initiatives.actions.erasing import erase_record
from initiatives.actions.review import put_forward
from initiatives.actions.sharing import watched
from initiatives.dates import PartialDate, today
from initiatives.models import COMPLETE, Publication, Suspension, TrackTag
from mtd_tracker.elevation import elevated
from mtd_tracker.history import StaleSave, change, locked


def confirm(initiative, *, by, day=None, version=None):
    """It was known to be running on `day`, a PartialDate; today unless said otherwise."""
    day = day or PartialDate.around(today(), "day")
    if day.first > today():
        raise ValidationError("This day is still to come. Give the last one on which it was known to be running.")

    def check(record):
        if record.start and day.last < record.start.first:
            raise ValidationError(f"This lies before the start ({record.start}).")

    _mark(initiative, by=by, note="Confirmed", version=version, check=check, last_confirmed=day)


def unconfirm(initiative, *, by, day=None, version=None):
    """Take a confirmation back. `day`: the earlier one that holds again."""
    _mark(initiative, by=by, note="Confirmation taken back", version=version, last_confirmed=day)


def end(initiative, *, by, day, version=None):
    """It ended on `day`, a PartialDate, which may lie ahead."""

    def check(record):
        content = _content_of(record)
        content.end = day
        check_dates(content)
        for pause in record.suspensions.all():
            if pause.from_on > day.last:
                raise ValidationError(f"A pause lies after that ({pause_words(pause)}).")

    _mark(initiative, by=by, note="Ended", version=version, check=check, end=day)


def reopen(initiative, *, by, version=None):
    _mark(initiative, by=by, note="End taken back", version=version, end=None)


def cancel(initiative, *, by, day, version=None):
    """It does not take place from `day` on. A planned one may be cancelled before its start."""

    def check(record):
        if record.end and day > record.end.last:
            raise ValidationError(f"It had ended before that ({record.end}).")

    _mark(initiative, by=by, note="Cancelled", version=version, check=check, cancelled_on=day)


def reinstate(initiative, *, by, version=None):
    _mark(initiative, by=by, note="Cancellation taken back", version=version, cancelled_on=None)


def withdraw(initiative, *, by, version=None):
    """It leaves every list and count of others; for thirty days it can be published again."""
    values = {"publication": Publication.WITHDRAWN, "withdrawn_on": today()}
    _mark(initiative, by=by, note="Withdrawn", version=version, **values)


def publish(initiative, *, by, version=None, agreed=False):
    """For the first time, or again within thirty days of being withdrawn; where its organisation reviews first, send
    it for review. Returns the record, or None where it was done already.

    agreed: whether those concerned agreed to readers outside the organisation; asked for the first time.
    Raises: ValidationError, by form field, where something is missing, or nobody could review it.
    """

    def put(record):
        missing = missing_for_publication(_content_of(record))
        if missing:
            raise ValidationError(missing)
        with watched(record, agreed=agreed):
            put_forward(record, by=by)

    def is_so(stored):
        return stored.publication in COMPLETE

    return _change_once(initiative, put, by=by, note="Published", version=version, is_so=is_so)


def suspend(initiative, *, by, from_on, until_on=None, version=None):
    """It pauses from one day on, until another (included) or until it is resumed.

    A pause that begins on this very day is changed, not doubled.
    """

    def put(record):
        _refuse_unpublished(record)
        _check_pause(record, from_on, until_on)
        Suspension.objects.update_or_create(initiative=record, from_on=from_on, defaults={"until_on": until_on})

    def is_so(stored):
        return stored.suspensions.filter(from_on=from_on, until_on=until_on).exists()

    _change_once(initiative, put, by=by, note="Suspended", version=version, is_so=is_so)


def resume(initiative, *, by, until_on, version=None):
    """Its pause ends; `until_on` is the last day of the pause."""

    def put(record):
        _refuse_unpublished(record)
        pause = current_pause(record)
        if pause is None:
            raise ValidationError("It is not suspended.")
        _check_pause(record, pause.from_on, until_on)
        pause.until_on = until_on
        pause.save()

    def is_so(stored):
        return stored.suspensions.filter(until_on=until_on).exists()

    _change_once(initiative, put, by=by, note="Resumed", version=version, is_so=is_so)


def delete_draft(initiative, *, by):
    """Erase a draft of one's own, with its diary and everything that was kept of its past."""
    with transaction.atomic():
        record = locked(initiative)
        if record.publication != Publication.DRAFT or record.author_id != by.pk:
            raise ValidationError("Only a draft can be deleted, and only by its author. Withdraw it instead.")
        with elevated("what hangs on a draft goes with it, whoever put it there"):
            erase_record(record)


def current_pause(initiative):
    """The pause that `resume` ends: the open one, else the one that covers today; None without any."""
    pauses = list(initiative.suspensions.all())
    open_ended = [pause for pause in pauses if pause.until_on is None]
    running = [pause for pause in pauses if pause.until_on and pause.from_on <= today() <= pause.until_on]
    return next(iter(open_ended + running), None)


def _mark(initiative, *, by, note, version, check=None, **values):
    """Set the values, unless `check` refuses them."""

    def put(record):
        _refuse_unpublished(record)
        if check:
            check(record)
        for name, value in values.items():
            setattr(record, name, value)

    def is_so(stored):
        return all(getattr(stored, name) == value for name, value in values.items())

    _change_once(initiative, put, by=by, note=note, version=version, is_so=is_so)


def _change_once(initiative, put, *, by, note, version, is_so):
    """`put` the change on the locked record and save it; a stale form that asks for what is so already is no fault."""
    try:
        with change(initiative, by=by, note=note, version=version) as record:
            put(record)
            record.updated_by = by
            record.save()
        return record
    except StaleSave as stale:
        if not is_so(stale.stored):
            raise
        return None


def _refuse_unpublished(record):
    if not record.is_published:
        raise ValidationError("Only a published record can be marked so.")


def _check_pause(record, from_on, until_on):
    """Raises: ValidationError where a pause does not fit the record's dates or its other pauses."""
    if until_on and until_on < from_on:
        raise ValidationError("The pause ends before it begins.")
    if record.start and from_on < record.start.first:
        raise ValidationError(f"The pause begins before the initiative does ({record.start}).")
    if record.end and (until_on or from_on) > record.end.last:
        raise ValidationError(f"The pause goes on after the initiative's end ({record.end}).")
    for other in record.suspensions.exclude(from_on=from_on):
        begins_before_other_ends = other.until_on is None or from_on <= other.until_on
        if begins_before_other_ends and (until_on is None or until_on >= other.from_on):
            raise ValidationError(f"There is another pause in these days: {pause_words(other)}.")


def pause_words(pause):
    """ "1 May 2020 – 3 June 2020", or "since 1 May 2020" while it is open."""
    start, until = (PartialDate.around(day, "day") for day in (pause.from_on, pause.until_on))
    return f"{start} – {until}" if until else f"since {start}"


def _content_of(record):
    """The record as the rules of publishing and of dates read it."""
    lead = record.track_tags.filter(emphasis=TrackTag.Emphasis.LEAD).select_related("track").first()
    return Content(
        title=record.title,
        start=record.start,
        end=record.end,
        engagements=[
            (row.conflict_system, row.start, row.end) for row in record.engagements.select_related("conflict_system")
        ],
        participations=[(row.role, row.organisation) for row in record.participations.select_related("organisation")],
        lead_track=lead and lead.track,
    )

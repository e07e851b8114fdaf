"""What managers state of a track in a system: made, changed, withdrawn. An organisation has one word on a track."""

from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.dates import today, twelve_months_after, twelve_months_before
from initiatives.models import CoverageStatement
from mtd_tracker.history import change, locked


def state_coverage(system, *, by, organisation, track, kind, day, reason):
    """A statement that lapses twelve months after the day. What the organisation stated before on the track is
    withdrawn from that day on; the very same one, sent twice, is kept once.

    Raises: ValidationError, by form field, where the day can't be stated.
    """
    _refuse_day(day)
    with transaction.atomic():
        locked(organisation)  # its managers one after the other: it has one word on a track
        earlier = _unwithdrawn(system, track, organisation, day)
        later = next((one for one in earlier if one.stated_on > day), None)
        if later:
            said = f"{later.stated_on.day} {later.stated_on:%B %Y}"
            raise ValidationError(
                {"day": f"{organisation} stated something newer, of {said}. Change or withdraw that."}
            )
        same = (kind, day, reason)
        twin = next((one for one in earlier if (one.kind, one.stated_on, one.reason) == same), None)
        if twin:
            return twin
        for one in earlier:
            with change(one, by=by, note="Replaced by a newer statement") as record:
                record.withdrawn_on = day
                record.save()
        values = {"conflict_system": system, "organisation": organisation, "track": track, "kind": kind}
        made = CoverageStatement(
            **values, reason=reason, stated_by=by, stated_on=day, lapses_on=twelve_months_after(day)
        )
        with change(made, by=by, note="Stated") as record:
            record.save()
    return record


def change_statement(statement, *, by, kind, reason, version=None):
    """Put it in other words, under the name of whoever does; its day stays.

    Raises: ValidationError where it doesn't stand any more; StaleSave where it changed since `version`.
    """
    with change(statement, by=by, note="Changed", version=version) as record:
        _refuse_over(record)
        record.kind, record.reason, record.stated_by = kind, reason, by
        record.save()
    return record


def withdraw_statement(statement, *, by):
    """It says nothing from today on; what it said before stays in its history. Raises: as `change_statement`."""
    with change(statement, by=by, note="Withdrawn") as record:
        _refuse_over(record)
        record.withdrawn_on = today()
        record.save()
    return record


def _refuse_day(day):
    if day > today():
        raise ValidationError({"day": "This day is still to come. Give the day on which it was so."})
    if day <= twelve_months_before(today()):
        raise ValidationError({"day": "A statement of that day would have lapsed by now: it holds for twelve months."})


def _refuse_over(record):
    if not record.stands:
        raise ValidationError("This statement doesn't stand any more. State anew what holds today.")


def _unwithdrawn(system, track, organisation, day):
    """The organisation's statements on the track that reach beyond the day."""
    said = CoverageStatement.objects.filter(conflict_system=system, track=track, organisation=organisation)
    return list(said.filter(withdrawn_on=None, lapses_on__gt=day))

"""Keeping an initiative's diary."""

from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.dates import today
from initiatives.models import LogEntry, Sharing
from initiatives.permissions import may_widen_log_entry
from mtd_tracker.history import change, locked


def add_entry(initiative, *, by, happened_on, kind, text, sharing):
    """A new entry. The very same one, sent twice, is kept once.

    Raises: ValidationError, by field, for a day to come or a sharing wider than the initiative's.
    """
    said = {"author": by, "happened_on": happened_on, "kind": kind, "text": text, "sharing": sharing}
    with transaction.atomic():
        stored = locked(initiative)
        _check(happened_on, sharing, sharing_choices(stored))
        twin = stored.log_entries.filter(**said).first()
        if twin:
            return twin
        with change(LogEntry(initiative=initiative, **said), by=by, note="Log entry added") as entry:
            entry.save()
    return entry


def edit_entry(entry, *, by, happened_on, kind, text, sharing, version=None):
    """Raises: ValidationError as above; StaleSave where somebody else changed it since `version`."""
    with change(entry, by=by, note="Log entry edited", version=version) as record:
        _check(happened_on, sharing, sharing_choices_of(record, by))
        record.happened_on, record.kind, record.text, record.sharing = happened_on, kind, text, sharing
        record.save()
    return record


def delete_entry(entry, *, by):
    """Take an entry out. Its last revision says who did, and keeps its text for whoever runs the site."""
    with transaction.atomic():
        with change(entry, by=by, note="Log entry deleted") as record:
            record.save()
        record.delete()


def sharing_choices(initiative):
    """How widely an entry of this initiative may be shared, widest first. Shape: [(value, label)]."""
    widest = Sharing(initiative.sharing).width
    return [(value, label) for value, label in LogEntry.SHARING if Sharing(value).width <= widest]


def sharing_choices_of(entry, user):
    """The same for an entry that is there already: as it is or narrower, for whoever may not widen it."""
    choices = sharing_choices(entry.initiative)
    if may_widen_log_entry(user, entry):
        return choices
    return [(value, label) for value, label in choices if Sharing(value).width <= Sharing(entry.sharing).width]


def _check(happened_on, sharing, choices):
    faults = {}
    if happened_on > today():
        faults["happened_on"] = "This day is still to come. A diary holds what has happened."
    if sharing not in dict(choices):
        faults["sharing"] = "An entry can't be shared more widely than its initiative, nor widened by those named."
    if faults:
        raise ValidationError(faults)

"""Keeping an initiative's diary."""

from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.dates import today
from initiatives.models import LogEntry, Sharing
from mtd_tracker.history import change


def add_entry(initiative, *, by, happened_on, kind, text, sharing):
    """A new entry. Raises: ValidationError, by field, for a day to come or a sharing wider than the initiative's."""
    _check(initiative, happened_on=happened_on, sharing=sharing)
    entry = LogEntry(initiative=initiative, author=by, happened_on=happened_on, kind=kind, text=text, sharing=sharing)
    with change(entry, by=by, note="Log entry added"):
        entry.save()
    return entry


def edit_entry(entry, *, by, happened_on, kind, text, sharing, version=None):
    """Raises: ValidationError as above; StaleSave where somebody else changed it since `version`."""
    _check(entry.initiative, happened_on=happened_on, sharing=sharing)
    with change(entry, by=by, note="Log entry edited", version=version) as record:
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


def _check(initiative, *, happened_on, sharing):
    faults = {}
    if happened_on > today():
        faults["happened_on"] = "This day is still to come. A diary holds what has happened."
    if sharing not in dict(sharing_choices(initiative)):
        faults["sharing"] = "An entry can't be shared more widely than its initiative."
    if faults:
        raise ValidationError(faults)

"""One change, one revision: how every record is changed, wherever it stands.

A record that people edit is `Versioned`. A change locks the stored row, compares its version with the one that
the person started from, and writes the revision in the same transaction: all of it, or nothing.
"""

import logging
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.dispatch import Signal
from django.http import Http404
from reversion.models import Version

from mtd_tracker.elevation import elevated
from mtd_tracker.sight import guarded, in_hand

logger = logging.getLogger(__name__)

changed = Signal()  # sent with `record` in the transaction of its change, for what is derived from it
REFUSED = "Something of this was saved elsewhere in the same moment. Look at what is there now, then save again."


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)  # counts changes, against lost updates

    class Meta:
        abstract = True


class StaleSave(Exception):
    """Somebody else changed the record since this person opened it.

    `stored`: the record as it stands now.
    """

    def __init__(self, stored):
        super().__init__("The record was changed by somebody else in the meantime.")
        self.stored = stored


def locked(record):
    """The stored row, locked until the transaction ends.

    Not against rows that refer to it: two people who link two records to each other would wait for one another.
    Raises: Http404 where somebody deleted it in the meantime.
    """
    stored = type(record)._base_manager.select_for_update(no_key=True).filter(pk=record.pk).first()
    if stored is None:
        raise Http404
    return stored


@contextmanager
def one_revision():
    """All that is changed within becomes one revision, in one transaction."""
    with transaction.atomic():
        with ExitStack() as until_written, reversion.create_revision():
            yield
            until_written.enter_context(elevated("history is written"))
        if guarded():
            connection.check_constraints()  # now, not where the request's transaction ends: so it can be told


@contextmanager
def change(record, *, by, note, version=None):
    """Yield the record to change, locked and read afresh; keep what was done to it as one revision.

    A new record (without a key) is yielded as it is. `version`: what the person's form started from.
    The caller saves the record; its version has been counted up already.
    Raises: StaleSave where `version` is no longer the stored one, ValidationError where the database refuses
    what somebody else's change of this very moment made impossible (two of the same code), Http404 where it is no
    longer there; nothing is written then.
    """
    try:
        with one_revision(), ExitStack() as while_changed:
            if by is not None:
                reversion.set_user(by)
            reversion.set_comment(note)
            if record.pk:
                record = locked(record)
                if version is not None and version != record.version:
                    raise StaleSave(record)
                record.version += 1
                while_changed.enter_context(in_hand(record))
            yield record
            changed.send(type(record), record=record)
            reversion.add_to_revision(record)
    except IntegrityError as error:
        logger.warning("A change was refused by the database", exc_info=error)
        raise ValidationError(REFUSED) from error


@dataclass(frozen=True)
class FieldChange:
    """One field of a record, before and after, as text that a person reads."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class RecordRevision:
    """who: None where a command did it, or the account is gone. changes: none for the first revision kept.
    when: None where it would tell of another record. number: of the version that it left, where that has a page of
    its own."""

    when: datetime | None
    who: object
    note: str
    changes: tuple[FieldChange, ...]
    number: int | None = None


def revisions(record, *, leave_out=(), parts=None, untold=()):
    """What became of a record's own fields and of the parts named, latest revision first.

    leave_out: names of fields that this reader isn't told. Primary keys and fields nobody edits are never told.
    parts: {model kept in the record's revisions: (its foreign key to the record, label, *fields that order them)}.
    untold: keys of revisions that are another record's too, of which neither note, person nor moment is told.
    Shape: [RecordRevision]. Queries: one for the revisions, one for each foreign key that changed, one for parts.
    """
    versions = list(Version.objects.get_for_object(record).select_related("revision__user"))
    fields = [
        field
        for field in record._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in leave_out
    ]
    states = [version.field_dict for version in versions]
    names = _related_names(fields, states)
    changes = [_changes(fields, names, old=before, new=after) for after, before in pairwise(states)]
    if parts:
        held = _parts_held(record, versions, parts)
        changed_parts = [_part_changes(parts, old=before, new=after) for after, before in pairwise(held)]
        changes = [own + of_parts for own, of_parts in zip(changes, changed_parts, strict=True)]
    return [
        _told(version.revision, changed, silent=version.revision_id in untold)
        for version, changed in zip(versions, [*changes, ()], strict=False)
    ]


def _told(revision, changed, *, silent):
    if silent or not (revision.comment or revision.user_id):  # emptied, where the other record was erased
        return RecordRevision(None, None, "", changed)
    return RecordRevision(revision.date_created, revision.user, revision.comment, changed)


def _changes(fields, names, *, old, new):
    return tuple(
        FieldChange(
            field.name,
            str(field.verbose_name).capitalize(),
            _as_text(field, old.get(field.attname), names),
            _as_text(field, new.get(field.attname), names),
        )
        for field in fields
        if old.get(field.attname) != new.get(field.attname)
    )


def _parts_held(record, versions, parts):
    """The parts that each version's revision holds. Shape: [{model: their texts, one a line}]."""
    held = {version.revision_id: {model: [] for model in parts} for version in versions}
    for row in Version.objects.filter(revision__in=held):
        key, _, *order = parts.get(row._model, (None, None))
        if key and row.field_dict[f"{key}_id"] == record.pk:
            held[row.revision_id][row._model].append((*(row.field_dict[name] for name in order), row.object_repr))
    return [
        {model: "\n".join(text for *_, text in sorted(rows)) for model, rows in held[version.revision_id].items()}
        for version in versions
    ]


def _part_changes(parts, *, old, new):
    return tuple(
        FieldChange(model._meta.model_name, label, old[model], new[model])
        for model, (_, label, *_) in parts.items()
        if old[model] != new[model]
    )


def _related_names(fields, states):
    """{foreign key: {primary key: text}}, for those that changed at all."""
    names = {}
    for field in filter(lambda field: field.is_relation, fields):
        keys = {state.get(field.attname) for state in states}
        if len(keys) > 1:
            related = field.related_model._base_manager.filter(pk__in=keys - {None})
            names[field] = {other.pk: str(other) for other in related}
    return names


def _as_text(field, value, names):
    if value in (None, "", [], {}):
        return ""
    if field.is_relation:
        return names[field].get(value, "(no longer there)")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    if isinstance(value, dict):
        return "\n".join(f"{key}: {item}" for key, item in value.items())
    return str(value)

"""Conflict systems: added and edited."""

from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.dates import today
from initiatives.models import ConflictExternalId, ConflictSystem, Phase
from mtd_tracker.history import change

PLAIN_FIELDS = ("name", "aliases", "countries", "parent")


def add_conflict(values, *, by):
    """A new conflict system. values: {field: value}, with its `code`, and rows as

    `phases` [(kind, PartialDate)], `external_ids` [(scheme, identifier, release)], `countries` [code].
    """
    with change(ConflictSystem(code=values["code"]), by=by, note="Added") as record:
        _write(record, values, by=by)
    return record


def edit_conflict(system, values, *, by, version=None):
    """Change all but its code.

    Raises: ValidationError, by field, where it would become a part of itself; StaleSave where somebody else changed
    it since `version`.
    """
    with transaction.atomic():
        systems = _locked()
        with change(system, by=by, note="Edited", version=version) as record:
            _refuse_circle(record, values["parent"], systems)
            _write(record, values, by=by)
    return record


def _write(record, values, *, by):
    if record.boundary != values["boundary"]:
        record.boundary, record.boundary_by, record.boundary_on = values["boundary"], by, today()
    for field in PLAIN_FIELDS:
        setattr(record, field, values[field])
    record.save()
    record.related.set(values["related"])
    phases = [
        Phase(conflict_system=record, kind=kind, start_on=start.first, start_precision=start.precision)
        for kind, start in values["phases"]
    ]
    _replace(record.phases, phases, ("kind", "start_on", "start_precision"))
    external_ids = [
        ConflictExternalId(conflict_system=record, scheme=scheme, identifier=identifier, release=release)
        for scheme, identifier, release in values["external_ids"]
    ]
    _replace(record.external_ids, external_ids, ("scheme", "identifier", "release"))


def _replace(present, wanted, fields):
    """Make the rows those wanted, in their order; rows that are the same already stay."""

    def said(row):
        return tuple(getattr(row, field) for field in fields)

    if sorted(map(said, present.all())) == sorted(map(said, wanted)):
        return
    present.all().delete()
    for row in wanted:
        row.save()


def _locked():
    """All systems, in one order: two who make each other's a part of their own wait for one another.

    Shape: {primary key: ConflictSystem}.
    """
    return {one.pk: one for one in ConflictSystem.objects.select_for_update(no_key=True).order_by("pk")}


def _refuse_circle(system, parent, systems):
    """Follow the parents upwards. systems: all of them, as they are stored."""
    while parent is not None:
        if parent.pk == system.pk:
            raise ValidationError({"parent": f"{system} holds that one already, so it can't be a part of it."})
        parent = systems.get(systems[parent.pk].parent_id)

"""Organisations: added, edited, confirmed; how they work here. Merging has a file of its own."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from initiatives.models import Localness, Organisation
from mtd_tracker.history import change, locked

RESERVED_CODES = frozenset({"new", "suggest"})  # addresses under /organisations/
PLAIN_FIELDS = ("name", "acronym", "aliases", "kind", "country")


def add_organisation(values, *, by, made_in=None):
    """A new organisation. values: {field: value}, with `localness` as {ConflictSystem: whether local}.

    made_in: the organisation to whose members it is shown until a curator confirms it; without, it is confirmed.
    The very same unconfirmed one, sent twice, is made once.
    Raises: ValidationError, by field, where a confirmed one has this name.
    """
    name, confirmed = values["name"], made_in is None
    code = _plain_code(name) if confirmed else Organisation.new_code(name)
    organisation = Organisation(code=code, confirmed=confirmed, made_by=by, made_in=made_in)
    with transaction.atomic():
        twin = None if confirmed else _twin(organisation, values)
        if twin:
            return twin
        with change(organisation, by=by, note="Added, confirmed" if confirmed else "Added, unconfirmed") as record:
            _write(record, values)
    return record


def _twin(organisation, values):
    """The same words by the same person for the same organisation, which is locked, so that two requests queue."""
    locked(organisation.made_in)
    words = {field: values[field] for field in PLAIN_FIELDS}
    said = Organisation.objects.filter(confirmed=False, made_by=organisation.made_by, made_in=organisation.made_in)
    return said.filter(**words).first()


def edit_organisation(organisation, values, *, by, version=None):
    """Its code and whether it is confirmed stay as they are.

    Raises: ValidationError as above; StaleSave where somebody else changed it since `version`.
    """
    with change(organisation, by=by, note="Edited", version=version) as record:
        _write(record, values)
    return record


def confirm_organisation(organisation, *, by, version=None):
    """Make it known to everyone, under a name that no other confirmed one has.

    Raises: ValidationError where another has it, or it is confirmed already; StaleSave as above.
    """
    with change(organisation, by=by, note="Confirmed", version=version) as record:
        if record.confirmed:
            raise ValidationError("It is confirmed already.")
        record.confirmed = True
        _refuse_name_of_another(record)
        record.save()
    return record


def set_reviews(organisation, *, by, reviews, version=None):
    """Whether its records are reviewed before they are published. Raises: StaleSave as above."""
    note = "Review before publishing switched on" if reviews else "Review before publishing switched off"
    with change(organisation, by=by, note=note, version=version) as record:
        record.reviews = reviews
        record.save()
    return record


def _write(record, values):
    for field in PLAIN_FIELDS:
        setattr(record, field, values[field])
    _refuse_name_of_another(record)
    record.save()
    wanted = values["localness"]
    record.localness.exclude(conflict_system__in=wanted).delete()
    for system, is_local in wanted.items():
        Localness.objects.update_or_create(
            organisation=record, conflict_system=system, defaults={"is_local": is_local}
        )


def _refuse_name_of_another(record):
    """Only confirmed names are unique, and everyone may see those: the refusal tells nothing hidden."""
    namesakes = Organisation.objects.filter(confirmed=True, name__iexact=record.name).exclude(pk=record.pk)
    if record.confirmed and namesakes.exists():
        raise ValidationError(
            {
                "name": "Another organisation of this name is confirmed. Use that one, or give this one a name that "
                "tells them apart, with its country or town for example."
            }
        )


def _plain_code(name):
    code = slugify(name)[:80].strip("-_")
    taken = not code or code in RESERVED_CODES or Organisation.objects.filter(code=code).exists()
    return Organisation.new_code(name) if taken else code

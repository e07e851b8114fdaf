"""Every change of a term: atomic, keyword-only, `by=` the person, its history in the same transaction.

Nothing here deletes: a term that initiatives carry is retired, and its code never changes.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from mtd_tracker.history import StaleSave, change, one_revision
from taxonomy.models import Term


def add_term(term, *, by):
    """Keep a new term; its place is after the others."""
    with change(term, by=by, note="Added") as record:
        last = type(term).objects.aggregate(last=Max("position"))["last"]
        record.position = (last or 0) + 1
        record.save()
    return record


def edit_term(term, values, *, by, version=None):
    """values: {field: value}. Raises: StaleSave where somebody else changed the term since `version`."""
    with change(term, by=by, note="Edited", version=version) as record:
        for field, value in values.items():
            setattr(record, field, value)
        record.save()
    return record


def retire_term(term, *, by, replaced_by=None, version=None):
    """Take a term out of use. With a replacement, what it sorted counts under that one from now on.

    Raises: ValidationError where it is retired already, or the replacement is itself or out of use; StaleSave.
    """
    note = f"Retired, replaced by {replaced_by}" if replaced_by else "Retired"
    with transaction.atomic():
        terms = _locked(type(term))
        with change(term, by=by, note=note, version=version) as record:
            if record.is_retired:
                raise ValidationError(f"{record} is retired already.")
            if replaced_by is not None:
                # A replacement in use has none of its own, so no chain can come round to where it began.
                if replaced_by.pk == record.pk:
                    raise ValidationError({"replaced_by": "A term can't replace itself."})
                if terms[replaced_by.pk].is_retired:
                    raise ValidationError({"replaced_by": f"{replaced_by} is retired. Choose one that is in use."})
            record.status = Term.Status.RETIRED
            record.replaced_by = replaced_by
            record.save()
    return record


def restore_term(term, *, by, version=None):
    """Bring a retired term back into use; what it sorted counts under itself again.

    Raises: ValidationError where it is in use; StaleSave.
    """
    with change(term, by=by, note="Brought back into use", version=version) as record:
        if not record.is_retired:
            raise ValidationError(f"{record} is in use already.")
        record.status = Term.Status.IN_USE
        record.replaced_by = None
        record.save()
    return record


def order_terms(model, codes, *, by, seen):
    """Give every term its place: codes in the new order; seen: in the order that the person started from.

    One revision for all that moved. Raises: StaleSave where the order is no longer the one that was seen.
    """
    with one_revision():
        stored = sorted(_locked(model).values(), key=lambda term: (term.position, term.code))
        if [term.code for term in stored] != list(seen) or set(codes) != set(seen):
            raise StaleSave(stored)
        terms = {term.code: term for term in stored}
        for place, code in enumerate(codes, start=1):
            if terms[code].position != place:
                with change(terms[code], by=by, note="Moved") as record:
                    record.position = place
                    record.save()


def _locked(model):
    """All terms of a kind, locked in one order, so that two curators wait for each other. Shape: {key: term}."""
    return {term.pk: term for term in model._base_manager.select_for_update(no_key=True).order_by("pk")}

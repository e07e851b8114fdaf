"""What one initiative did for another: kept with the source's history."""

from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.actions.content import save_beside
from mtd_tracker.history import change, locked


def add_link(source, *, by, target, kind, evidence, note=""):
    """Record a link. The very same one, sent twice, is left as it is.

    evidence: a loader may bring a confirmed one; a person's form offers none, see proposals.py.
    Raises: ValidationError, by field, where it leads to itself or is recorded already with other words.
    """
    if target == source:
        raise ValidationError({"target": "An initiative can't be linked to itself."})
    with transaction.atomic():
        locked(source)  # two who record the same link at once: the second one's words are not lost unsaid
        present = source.links_out.filter(target=target, kind=kind).first()
        if present and (present.evidence, present.note) == (evidence, note):
            return present
        if present:
            raise ValidationError({"kind": "This link is recorded already. Remove it first to record it differently."})
        with change(source, by=by, note="Link recorded") as record:
            link = record.links_out.create(target=target, kind=kind, evidence=evidence, note=note)
            save_beside(record)
    return link


def remove_link(link, *, by):
    with change(link.source, by=by, note="Link removed") as record:
        record.links_out.filter(pk=link.pk).delete()
        save_beside(record)

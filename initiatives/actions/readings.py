"""Writing down who read a record that is not for everyone. Whoever shows its content calls this first: what can't be
written down isn't shown."""

from initiatives.models import Reading, Sharing
from mtd_tracker.elevation import elevated


def note_opened(initiative, *, by):
    """Says whether it was written down. Queries: one, or none for a record of which no readings are kept."""
    kept = Reading.is_kept_of(initiative)
    if kept:
        _write([_reading(initiative, by, Reading.Kind.OPENED)])
    return kept


def note_exported(initiatives, *, by):
    """A queryset's records, before any of them is sent. Shape: [primary key], in its order. Queries: two."""
    exported = list(initiatives.values_list("pk", "sharing", "publication", "owner_id", named=True))
    note_named(exported, by=by)
    return [one.pk for one in exported]


def note_named(records, *, by):
    """Records at hand that a file names, before it is sent: each once, however often it is named there.

    Queries: one, or none where readings are kept of none of them.
    """
    named = {one.pk: one for one in records if Reading.is_kept_of(one)}
    if named:
        _write([_reading(one, by, Reading.Kind.EXPORTED) for one in named.values()])


def _write(readings):
    with elevated("what somebody read is written down by the site, and for others"):
        Reading.objects.bulk_create(readings)


def _reading(initiative, by, kind):
    restricted = initiative.sharing == Sharing.RESTRICTED
    return Reading(
        initiative_id=initiative.pk, reader=by, kind=kind, while_restricted=restricted, owner_id=initiative.owner_id
    )

"""What a record's form said at an earlier version, as far as this person may know it."""

from initiatives.history import INITIATIVE_PARTS
from initiatives.models import Organisation, Sharing
from initiatives.pages.history import versions_for
from mtd_tracker.past import as_it_was

SHOWN_PARTS = [name for name in INITIATIVE_PARTS if name not in ("organisation_grants", "links_out")]


def past_initiative(initiative, number, *, user):
    """None where the version is unknown, or from when the record was not for this person.

    Organisations that they don't know of by now are left out.
    """
    known = {Organisation: Organisation.objects.visible_to(user)}
    return as_it_was(initiative, number, versions=versions_for(initiative, user), parts=SHOWN_PARTS, among=known)


def past_entry(entry, number, *, user):
    """None also where the entry was narrower than it is now: what was taken out before is its author's alone."""
    past = as_it_was(entry, number)
    if past is None or entry.author_id == user.pk:
        return past
    return past if Sharing(past.sharing).width >= Sharing(entry.sharing).width else None

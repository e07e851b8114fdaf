"""A row of the list, as it is drawn: put together here, so that what repeats on a page is made once."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from initiatives.dates import PartialDate
from initiatives.models import ConflictSystem, Engagement, Grant, OrganisationGrant, TrackTag
from initiatives.models.belonging import memberships_of
from initiatives.permissions import may_share
from mtd_tracker.together import Together
from taxonomy.models import Track

PARTS = {  # of a row, beside its own columns; `id` is what its parts are sorted by
    "tracks": ("initiative", "id", "emphasis", "track", "track__name", "track__position"),
    "systems": (
        *("initiative", "id", "start_on", "start_precision", "end_on", "end_precision"),
        *("conflict_system__code", "conflict_system__name"),
    ),
    "open_to": ("initiative", "id", "organisation__name"),
    "writes": ("initiative", "id"),
}


@dataclass(frozen=True)
class Where:
    """A conflict system that it works on. dates: empty where it has none of its own there."""

    name: str
    address: str
    dates: str


@dataclass(frozen=True)
class Row:
    """tracks: [(Track, whether it leads)], the lead first. systems: [Where]. open_to: [name of a partner]."""

    initiative: object
    dates: str
    tracks: list
    systems: list
    open_to: list


def rows_of(initiatives, *, user, day):
    """What this person is shown of each. initiatives: as `visible_to` found them. day: seen from when.

    Queries: one.
    """
    parts = _parts_of(initiatives, user)
    writes = set(parts["writes"])
    track, address = cache(_track), cache(_address)
    rows = []
    for initiative in initiatives:
        shown = initiative.shown
        tags, engagements = parts["tracks"][initiative.pk], parts["systems"][initiative.pk]
        partners = parts["open_to"].get(initiative.pk)
        row = Row(
            initiative,
            dates=said(shown.start, shown.end, day) or "no start recorded",
            tracks=[(track(key, name), _leads(emphasis)) for emphasis, key, name, _ in _in_circle(tags)],
            systems=[
                Where(name, address(code), said(*_dates(shown, *dates), day)) for *dates, code, name in engagements
            ],
            open_to=sorted(name for (name,) in partners)
            if partners and may_share(user, initiative, writes=writes)
            else [],
        )
        rows.append(row)
    return rows


def said(start, end, day):
    """When it ran, no more precisely than known. start, end: PartialDates or None."""
    if start and end:
        return str(start) if start.iso == end.iso else f"{start} – {end}"
    if start:
        return f"{'from' if start.first > day else 'since'} {start}"
    return f"until {end}" if end else ""


def _parts_of(initiatives, user):
    """Shape: {part: {initiative: [the rest of its fields]}}."""
    keys = [initiative.pk for initiative in initiatives]
    own = {membership.organisation_id for membership in memberships_of(user)}
    rows = {"tracks": TrackTag.objects, "systems": Engagement.objects}
    if any(initiative.owner_id in own for initiative in initiatives):  # who else reads others' is not told
        rows["open_to"] = OrganisationGrant.objects.current()
        rows["writes"] = Grant.objects.current().filter(user=user, access=Grant.Access.WRITE)
    asked = Together(**{name: (found.filter(initiative__in=keys), PARTS[name]) for name, found in rows.items()})
    parts = {name: defaultdict(list) for name in PARTS}
    for name in rows if keys else ():
        for initiative, _, *values in sorted(asked[name], key=lambda row: row[1]):
            parts[name][initiative].append(values)
    return parts


def _in_circle(tags):
    """The lead first, the others in the order of the circle."""
    return sorted(tags, key=lambda tag: (not _leads(tag[0]), tag[3]))


def _leads(emphasis):
    return emphasis == TrackTag.Emphasis.LEAD


def _dates(shown, start_on, start_precision, end_on, end_precision):
    start, end = PartialDate.around(start_on, start_precision), PartialDate.around(end_on, end_precision)
    return shown.date(start), shown.date(end)


def _track(key, name):
    return Track(pk=key, name=name)


def _address(code):
    return ConflictSystem(code=code).get_absolute_url()

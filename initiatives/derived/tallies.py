"""The tallies that follow from initiatives."""

from collections import defaultdict

from initiatives.models import Engagement, Participation, Publication, Suspension, Tally, TrackTag
from taxonomy.models import Officiality

MODEL = Tally


def derive(initiatives):
    """As they should be kept, by engagement. Shape: [Tally]. Queries: four, however many initiatives."""
    rows = list(
        Engagement.objects.filter(initiative__in=initiatives, initiative__publication=Publication.PUBLISHED)
        .select_related("initiative")
        .defer("initiative__summary", "initiative__description", "initiative__sources")
        .order_by("pk")
    )
    if not rows:
        return []
    inside = {row.initiative_id for row in rows}
    tracks, leads = _tracks(inside)
    pauses = _pauses(inside)
    named = Participation.objects.filter(initiative__in=inside, role__in=Participation.IN_CHARGE).order_by()
    in_charge = set(named.values_list("initiative", flat=True))
    return [
        Tally(
            engagement=row,
            initiative=row.initiative,
            conflict_system_id=row.conflict_system_id,
            owner_id=row.initiative.owner_id,
            author_id=row.initiative.author_id,
            sharing=row.initiative.sharing,
            shown_dates=row.initiative.shown_dates,
            started_on=row.start_on or row.initiative.start_on,
            ended_on=row.end_on or row.initiative.end_on,
            cancelled_on=row.initiative.cancelled_on,
            confirmed_on=row.initiative.last_confirmed_on,
            **_hull(pauses[row.initiative_id]),
            mixed=row.initiative.officiality == Officiality.MIXED,
            in_charge=row.initiative_id in in_charge,
            tracks=_listed(tracks[row.initiative_id]),
            lead=_listed(leads[row.initiative_id]),
        )
        for row in rows
    ]


def _tracks(initiatives):
    """Shape: ({initiative: its tracks}, {initiative: its lead track alone}), as primary keys."""
    tracks, leads = defaultdict(list), defaultdict(list)
    tags = TrackTag.objects.filter(initiative__in=initiatives).order_by()
    for initiative, track, emphasis in tags.values_list("initiative", "track", "emphasis"):
        tracks[initiative].append(track)
        if emphasis == TrackTag.Emphasis.LEAD:
            leads[initiative].append(track)
    return tracks, leads


def _pauses(initiatives):
    """Shape: {initiative: [(from, until or None)]}."""
    pauses = defaultdict(list)
    rows = Suspension.objects.filter(initiative__in=initiatives).order_by()
    for initiative, since, until in rows.values_list("initiative", "from_on", "until_on"):
        pauses[initiative].append((since, until))
    return pauses


def _hull(pauses):
    """What is kept of an initiative's pauses, by field."""
    if not pauses:
        return {"pauses": 0}
    since, until = zip(*pauses, strict=True)
    return {"pauses": len(pauses), "paused_from": min(since), "paused_until": None if None in until else max(until)}


def _listed(keys):
    return ",".join(map(str, sorted(keys)))

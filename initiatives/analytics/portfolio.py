"""What one organisation takes part in, by conflict system and track: counted in the database, whatever its size.

Source: docs/definitions.md, "Portfolio of an organisation".
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Value, When

from initiatives.models import BEGUN, ConflictSystem, Engagement, Participation, Status, TrackTag
from initiatives.timing import engagements_on, is_unconfirmed, with_status
from taxonomy.models import Track
from taxonomy.order import listed


@dataclass(frozen=True)
class SystemWork:
    """One system. on_track: {track's primary key: n_k}. initiatives: N. Units: initiatives."""

    system: ConflictSystem
    on_track: dict[int, int]
    initiatives: int
    planned: int
    untagged: int
    undated: int


@dataclass(frozen=True)
class Portfolio:
    """systems: by name. tracks: in circle order, a retired one only where records carry it. initiatives: distinct
    ones among the N of all systems. elsewhere: records that take the organisation in and name no system."""

    systems: tuple[SystemWork, ...]
    tracks: tuple[Track, ...]
    initiatives: int
    elsewhere: int


def portfolio(initiatives, *, organisation, period, reader, statuses=(), unconfirmed=False):
    """The work that an organisation has any part in.

    initiatives: a queryset of what the reader may open (`visible_to`). statuses, unconfirmed: where the question
    narrows to them. Queries: six, however many systems and records there are.
    """
    asked = [status for status in (*BEGUN, Status.PLANNED, Status.UNDATED) if not statuses or status in statuses]
    theirs = initiatives.filter(takes_in(organisation))
    engaged = engagements_on(period.as_of, reader).filter(
        with_status(asked, period), initiative__in=theirs.values("pk")
    )
    if unconfirmed:
        engaged = engaged.filter(is_unconfirmed(period))
    tags = TrackTag.objects.counting(lead_only=period.lead_only)
    engaged = engaged.annotate(tagged=Exists(tags.filter(initiative=OuterRef("initiative"))))
    counted = engaged.filter(status_then__in=BEGUN, tagged=True)
    counted_as = Track.objects.counted_under()
    on_track = _on_track(counted, counted_as, lead_only=period.lead_only)
    return Portfolio(
        systems=_systems(engaged, on_track),
        tracks=listed(counted_as, carried={track for by_track in on_track.values() for track in by_track}),
        initiatives=counted.aggregate(n=Count("initiative", distinct=True))["n"],
        elsewhere=theirs.published().exclude(Exists(Engagement.objects.filter(initiative=OuterRef("pk")))).count(),
    )


def takes_in(organisation):
    """Condition on an initiative: the organisation has any part in it."""
    return Exists(Participation.objects.filter(organisation=organisation, initiative=OuterRef("pk")))


def _systems(engaged, on_track):
    by_status = defaultdict(lambda: defaultdict(int))
    rows = engaged.order_by().values_list("conflict_system", "status_then", "tagged")
    for system, status, tagged, n in rows.annotate(n=Count("initiative", distinct=True)):
        kind = status if status not in BEGUN else ("counted" if tagged else "untagged")
        by_status[system][kind] += n
    systems = ConflictSystem.objects.filter(pk__in=by_status)
    return tuple(
        SystemWork(
            system=system,
            on_track=on_track.get(system.pk, {}),
            initiatives=by_status[system.pk]["counted"],
            planned=by_status[system.pk][Status.PLANNED],
            untagged=by_status[system.pk]["untagged"],
            undated=by_status[system.pk][Status.UNDATED],
        )
        for system in systems
    )


def _on_track(counted, counted_as, *, lead_only):
    """{system: {track: initiatives}}: a retired track counts under its replacement, the two of them as one."""
    if lead_only:
        counted = counted.filter(initiative__track_tags__emphasis=TrackTag.Emphasis.LEAD)
    rows = counted.annotate(track=counts_as("initiative__track_tags__track", counted_as)).exclude(track=None)
    found = defaultdict(dict)
    counts = rows.order_by().values_list("conflict_system", "track").annotate(n=Count("initiative", distinct=True))
    for system, track, n in counts:
        found[system][track] = n
    return found


def counts_as(column, counted_as):
    """A column of tracks as what each counts as today. counted_as: {primary key: Track}."""
    replaced = [(pk, track.pk) for pk, track in counted_as.items() if pk != track.pk]
    return Case(
        *(When(Q(**{column: pk}), then=Value(other)) for pk, other in replaced),
        default=F(column),
        output_field=IntegerField(),
    )

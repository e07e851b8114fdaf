"""Who is on one track of a system, in which roles and since when; and since when tracks are dormant.

Source: docs/definitions.md, "Who is on a track".
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from initiatives.alphabet import Alphabetical
from initiatives.analytics.portfolio import counts_as
from initiatives.models import BEGUN, Organisation, Participation, Status, TrackTag
from initiatives.timing import engagements_on, with_status

PART = "initiative__participations"
KINDS = {  # of roles; together, all of them
    "working": Participation.WORKING,
    "funding": (Participation.Role.FUNDER,),
    "others": (Participation.Role.HOST, Participation.Role.PARTY),
}


@dataclass(frozen=True)
class OnTrack:
    """An organisation on the track. roles: pairs (role, number), in the model's order; an initiative counts once in
    each role. leading: of the initiatives, those whose lead track this is. since: the earliest start."""

    organisation: Organisation
    roles: tuple[tuple[Participation.Role, int], ...]
    initiatives: int
    leading: int
    since: date

    @property
    def contributing(self):
        return self.initiatives - self.leading


@dataclass(frozen=True)
class TrackTimes:
    """counts: {status: initiatives} of those begun and of the planned. since: the earliest start of those begun;
    ended: the latest end of those that ended; None where there are none."""

    counts: dict[Status, int]
    since: date | None
    ended: date | None


def engaged_on(initiatives, *, system, tracks, period, reader, statuses=BEGUN):
    """Engagements of the given initiatives on a track, of these statuses: the population of coverage. With `leads`.

    initiatives: a queryset of what the reader may open (`visible_to`). tracks: keys of the track and of those that
    count under it.
    """
    tags = TrackTag.objects.filter(initiative=OuterRef("initiative"), track__in=tracks)
    leads = Exists(tags.filter(emphasis=TrackTag.Emphasis.LEAD))
    engaged = _engaged(initiatives, system, period, reader).filter(with_status(statuses, period))
    return engaged.annotate(leads=leads).filter(leads if period.lead_only else Exists(tags))


def times_of(engaged):
    """Shape: TrackTimes. Queries: one."""
    rows = engaged.order_by().values("status_then").annotate(n=Count("pk"), first=Min("began"), last=Max("ended"))
    told = {Status(row["status_then"]): row for row in rows}
    begun = [told[status]["first"] for status in BEGUN if status in told]
    return TrackTimes(
        counts={status: row["n"] for status, row in told.items()},
        since=min(begun, default=None),
        ended=told[Status.ENDED]["last"] if Status.ENDED in told else None,
    )


def numbers_on(engaged):
    """How many organisations have a role of each kind; one with roles of several is in each. The first two are those
    of coverage. Shape: {one of KINDS: organisations}. Queries: one."""
    of_kind = {
        kind: Count(f"{PART}__organisation", filter=Q(**{f"{PART}__role__in": roles}), distinct=True)
        for kind, roles in KINDS.items()
    }
    return engaged.order_by().aggregate(**of_kind)


def organisations_on(engaged):
    """Rows of the organisations that take part, by name, to be cut into pages and told by `as_on_track`."""
    with_part = engaged.filter(**{f"{PART}__isnull": False}).order_by()
    rows = with_part.values(organisation=F(f"{PART}__organisation")).annotate(
        initiatives=Count("initiative", distinct=True),
        leading=Count("initiative", filter=Q(leads=True), distinct=True),
        since=Min("began"),
        name=Alphabetical(f"{PART}__organisation__name"),
    )
    return rows.order_by("name", "organisation")


def as_on_track(rows, engaged):
    """A page of these rows. Shape: [OnTrack]. Queries: two."""
    rows = list(rows)
    organisations = Organisation.objects.in_bulk([row["organisation"] for row in rows])
    parts = engaged.filter(**{f"{PART}__organisation__in": organisations}).order_by()
    roles = defaultdict(dict)
    for organisation, role, n in parts.values_list(f"{PART}__organisation", f"{PART}__role").annotate(
        n=Count("initiative", distinct=True)
    ):
        roles[organisation][role] = n
    return [
        OnTrack(
            organisation=organisations[row["organisation"]],
            roles=tuple(
                (role, roles[row["organisation"]][role])
                for role in Participation.Role
                if role in roles[row["organisation"]]
            ),
            initiatives=row["initiatives"],
            leading=row["leading"],
            since=row["since"],
        )
        for row in rows
    ]


def last_ended(initiatives, *, system, counted_as, period, reader):
    """When the last initiative on each track ended. Shape: {track's primary key: day}. Queries: one.

    counted_as: what each track counts as, by primary key.
    """
    ended = _engaged(initiatives, system, period, reader).filter(with_status([Status.ENDED], period))
    if period.lead_only:
        ended = ended.filter(initiative__track_tags__emphasis=TrackTag.Emphasis.LEAD)
    rows = ended.annotate(track=counts_as("initiative__track_tags__track", counted_as)).exclude(track=None)
    return dict(rows.order_by().values_list("track").annotate(last=Max("ended")))


def _engaged(initiatives, system, period, reader):
    return engagements_on(period.as_of, reader).filter(
        conflict_system=system, initiative__in=initiatives.order_by().values("pk")
    )

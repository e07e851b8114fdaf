"""What analytics reads from the database: small frozen records, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from initiatives.dates import twelve_months_before
from initiatives.models import (
    Engagement,
    InitiativeLink,
    Localness,
    Participation,
    PrincipleRating,
    Publication,
    Status,
    Suspension,
    TrackTag,
)
from initiatives.models.status import status_on
from taxonomy.models import Officiality


@dataclass(frozen=True, slots=True)
class Record:
    """A published initiative as it is engaged in one conflict system, on the as-of day.

    Terms and organisations stand as primary keys. start, end: of the engagement, or else of the initiative.
    """

    initiative: int
    owner: int
    status: Status
    start: date | None
    end: date | None
    confirmed: bool  # on or after the day twelve months before
    mixed: bool  # officials and others together: "Track 1.5"
    tracks: frozenset[int]  # those it counts under
    parts: tuple[tuple[str, int], ...]  # (role, organisation)
    ratings: dict[int, tuple[int, bool]]  # principle -> (0-3, whether evidence is written)

    def organisations(self, *roles):
        return {organisation for role, organisation in self.parts if role in roles}

    @property
    def open_ended(self):
        return self.status == Status.ACTIVE and self.end is None

    @property
    def unconfirmed(self):
        return self.open_ended and not self.confirmed

    @property
    def complete(self):
        """Says what coverage needs: a start, a track, an organisation in charge."""
        return bool(self.start and self.tracks and self.organisations(*Participation.IN_CHARGE))


@dataclass(frozen=True)
class Reading:
    """All that was read. records: system -> its Records. links: (source, target, evidence), from initiatives that
    were read to any. localness: system -> organisation -> whether it is local there."""

    records: dict[int, list[Record]]
    links: tuple[tuple[int, int, str], ...]
    localness: dict[int, dict[int, bool]]


def read(initiatives, *, systems, period, tracks, principles):
    """Read what the given initiatives do in the given systems.

    initiatives: a queryset of what the reader may open; only its primary keys are used, so that a filter on one
    track doesn't hide the others. tracks, principles: what each term counts as, by primary key.
    Queries: seven.
    """
    engaged = Engagement.objects.filter(
        conflict_system__in=systems,
        initiative__in=initiatives.values("pk"),
        initiative__publication=Publication.PUBLISHED,
    )
    inside = engaged.values("initiative")
    parts = {
        "tracks": _tracks(inside, tracks, lead_only=period.lead_only),
        "suspensions": _grouped(Suspension, inside, "from_on", "until_on"),
        "participations": _grouped(Participation, inside, "role", "organisation"),
        "ratings": _ratings(inside, principles, day=period.as_of),
    }
    # One end is asked of the database, twice the same sub-select is slow; population_of asks both to be counted.
    links = InitiativeLink.objects.filter(source__in=inside).order_by("pk")
    return Reading(
        records=_records(engaged, day=period.as_of, **parts),
        links=tuple(links.values_list("source", "target", "evidence")),
        localness=_localness(systems),
    )


def _records(engaged, *, day, tracks, suspensions, participations, ratings):
    confirmed_since = twelve_months_before(day)
    records = defaultdict(list)
    own = ("conflict_system", "start_on", "end_on")
    of_initiative = ("pk", "owner", "start_on", "end_on", "last_confirmed_on", "cancelled_on", "officiality")
    rows = engaged.order_by("pk").values_list(*own, *(f"initiative__{name}" for name in of_initiative))
    for system, own_start, own_end, pk, owner, start, end, confirmed_on, cancelled_on, officiality in rows:
        start, end = own_start or start, own_end or end
        status = status_on(
            day,
            publication=Publication.PUBLISHED,
            cancelled_on=cancelled_on,
            began_on=start,
            ended_on=end,
            suspensions=suspensions.get(pk, ()),
        )
        records[system].append(
            Record(
                initiative=pk,
                owner=owner,
                status=status,
                start=start,
                end=end,
                confirmed=confirmed_on is not None and confirmed_on >= confirmed_since,
                mixed=officiality == Officiality.MIXED,
                tracks=tracks.get(pk, frozenset()),
                parts=tuple(participations.get(pk, ())),
                ratings=ratings.get(pk, {}),
            )
        )
    return records


def _grouped(model, inside, *fields):
    """{initiative: [values of the fields]}"""
    grouped = defaultdict(list)
    rows = model.objects.filter(initiative__in=inside).order_by("pk")
    for initiative, *values in rows.values_list("initiative", *fields):
        grouped[initiative].append(tuple(values))
    return grouped


def _tracks(inside, counted_as, *, lead_only):
    """{initiative: tracks it counts under}: a retired track together with its replacement is one."""
    tags = TrackTag.objects.filter(initiative__in=inside)
    if lead_only:
        tags = tags.filter(emphasis=TrackTag.Emphasis.LEAD)
    tracks = defaultdict(set)
    for initiative, track in tags.order_by().values_list("initiative", "track"):
        tracks[initiative].add(counted_as[track].pk)
    return {initiative: frozenset(found) for initiative, found in tracks.items()}


def _ratings(inside, counted_as, *, day):
    """{initiative: {principle: (rating, evidenced)}}: the latest by `day`, an undated one being the earliest."""
    rows = (
        PrincipleRating.objects.filter(Q(rated_on=None) | Q(rated_on__lte=day), initiative__in=inside)
        .annotate(evidenced=~Q(evidence=""))
        .order_by(F("rated_on").asc(nulls_first=True), "pk")
    )
    ratings = defaultdict(dict)
    for initiative, principle, rating, evidenced in rows.values_list("initiative", "principle", "rating", "evidenced"):
        ratings[initiative][counted_as[principle].pk] = (rating, bool(evidenced))
    return ratings


def _localness(systems):
    localness = defaultdict(dict)
    rows = Localness.objects.filter(conflict_system__in=systems).order_by()
    for system, organisation, is_local in rows.values_list("conflict_system", "organisation", "is_local"):
        localness[system][organisation] = is_local
    return localness

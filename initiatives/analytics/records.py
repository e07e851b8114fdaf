"""What analytics reads from the database: small frozen records, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from initiatives.dates import PartialDate, Precision, twelve_months_before
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

    Terms and organisations stand as primary keys. start, end: of the engagement, or else of the initiative; as every
    day, as precise as the reader may see it.
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
class ShownDays:
    """Days as precisely as the reader may see them; None stays None. coarse: initiative -> value of ShownDates."""

    coarse: dict[int, str]

    def first(self, initiative, day):
        """Of a start."""
        return self._edge(initiative, day, "first")

    def last(self, initiative, day):
        """Of an end."""
        return self._edge(initiative, day, "last")

    def _edge(self, initiative, day, edge):
        if day is None or initiative not in self.coarse:
            return day
        return getattr(PartialDate.around(day, Precision.DAY).coarsened(self.coarse[initiative]), edge)


@dataclass(frozen=True)
class Reading:
    """All that was read. records: system -> its Records. links: (source, target, evidence), from initiatives that
    were read to any. localness: system -> organisation -> whether it is local there."""

    records: dict[int, list[Record]]
    links: tuple[tuple[int, int, str], ...]
    localness: dict[int, dict[int, bool]]


def read(initiatives, *, systems, period, tracks, principles):
    """Read what the given initiatives do in the given systems.

    initiatives: a queryset of what the reader may open (`visible_to`). Only its primary keys are used, so that a
    filter on one track doesn't hide the others, and how precisely the reader may see the dates of each.
    tracks, principles: what each term counts as, by primary key.
    Queries: eight.
    """
    engaged = Engagement.objects.filter(
        conflict_system__in=systems,
        initiative__in=initiatives.values("pk"),
        initiative__publication=Publication.PUBLISHED,
    )
    inside = engaged.values("initiative")
    days = ShownDays(initiatives.coarse_dates())
    parts = {
        "tracks": _tracks(inside, tracks, lead_only=period.lead_only),
        "suspensions": _suspensions(inside, days),
        "participations": _grouped(Participation, inside, "role", "organisation"),
        "ratings": _ratings(inside, principles, days, day=period.as_of),
    }
    # One end is asked of the database, twice the same sub-select is slow; population_of asks both to be counted.
    links = InitiativeLink.objects.filter(source__in=inside).order_by("pk")
    return Reading(
        records=_records(engaged, days, day=period.as_of, **parts),
        links=tuple(links.values_list("source", "target", "evidence")),
        localness=_localness(systems),
    )


def _records(engaged, days, *, day, tracks, suspensions, participations, ratings):
    confirmed_since = twelve_months_before(day)
    records = defaultdict(list)
    own = ("conflict_system", "start_on", "end_on")
    of_initiative = ("pk", "owner", "start_on", "end_on", "last_confirmed_on", "cancelled_on", "officiality")
    rows = engaged.order_by("pk").values_list(*own, *(f"initiative__{name}" for name in of_initiative))
    for system, own_start, own_end, pk, owner, start, end, confirmed_on, cancelled_on, officiality in rows:
        start, end = days.first(pk, own_start or start), days.last(pk, own_end or end)
        confirmed_on = days.last(pk, confirmed_on)
        status = status_on(
            day,
            publication=Publication.PUBLISHED,
            cancelled_on=days.first(pk, cancelled_on),
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


def _suspensions(inside, days):
    """{initiative: [(from, until or None)]}"""
    pauses = _grouped(Suspension, inside, "from_on", "until_on")
    return {pk: [(days.first(pk, start), days.last(pk, until)) for start, until in of] for pk, of in pauses.items()}


def _ratings(inside, counted_as, days, *, day):
    """{initiative: {principle: (rating, evidenced)}}: the latest by `day`, an undated one being the earliest."""
    foreseen = date(day.year, 12, 31)  # one dated later counts already where its month or year has begun
    rows = (
        PrincipleRating.objects.filter(Q(rated_on=None) | Q(rated_on__lte=foreseen), initiative__in=inside)
        .annotate(evidenced=~Q(evidence=""))
        .order_by(F("rated_on").asc(nulls_first=True), "pk")
        .values_list("initiative", "rated_on", "pk", "principle", "rating", "evidenced")
    )
    shown = [(initiative, days.first(initiative, rated_on), *row) for initiative, rated_on, *row in rows]
    if days.coarse:
        shown.sort(key=lambda row: (row[1] or date.min, row[2]))
    ratings = defaultdict(dict)
    for initiative, rated_on, _, principle, rating, evidenced in shown:
        if rated_on is None or rated_on <= day:
            ratings[initiative][counted_as[principle].pk] = (rating, bool(evidenced))
    return ratings


def _localness(systems):
    localness = defaultdict(dict)
    rows = Localness.objects.filter(conflict_system__in=systems).order_by()
    for system, organisation, is_local in rows.values_list("conflict_system", "organisation", "is_local"):
        localness[system][organisation] = is_local
    return localness

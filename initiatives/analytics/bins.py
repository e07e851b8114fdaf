"""What ran, began and ended on each track of a system, month by month or year by year.

Counted in the database by days and precision, so that its work here grows with the days and not with the records.
Source: docs/definitions.md, "Trend".
"""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, When

from initiatives.analytics.portfolio import counts_as
from initiatives.dates import Precision
from initiatives.models import BEGUN, TrackTag
from initiatives.models.coarsening import inside
from initiatives.timing import engagements_on, in_window
from taxonomy.models import Track
from taxonomy.order import listed

MOST = 60  # months drawn and listed at once


@dataclass(frozen=True)
class Bin:
    """A month or a year. first, last: its days."""

    first: date
    last: date


@dataclass(frozen=True)
class TrackBin:
    """One track in one bin. Units: initiatives. started, ended: only those whose day is known as finely as the bin."""

    bin: Bin
    track: Track
    active: int
    started: int
    ended: int


@dataclass(frozen=True)
class Trend:
    """rows: every bin and track listed, by bin and then in circle order; none where the first begins after the as-of
    day. earlier: the bin before those drawn, where the trend begins earlier than it is drawn. initiatives: N.
    start_coarse, end_coarse: of the N, those whose start (or end, where it has one) is known less finely than the
    bins."""

    rows: tuple[TrackBin, ...]
    earlier: Bin | None
    initiatives: int
    start_coarse: int
    end_coarse: int


@dataclass(frozen=True)
class Span:
    """Initiatives of one track that share their days. start_known, end_known: whether as finely as the bins."""

    start: date
    end: date | None
    start_known: bool
    end_known: bool
    initiatives: int


def trend_by(unit, initiatives, *, system, period, reader):
    """The trend of one system.

    unit: "month" or "year". initiatives: a queryset of what the reader may open (`visible_to`).
    Queries: three, however many initiatives there are.
    """
    counted_as = Track.objects.counted_under()
    engaged = _counted(initiatives, system, period, reader)
    totals = _totals(engaged, unit)
    spans = _spans(engaged, unit, counted_as, lead_only=period.lead_only)
    starts = [span.start for of_track in spans.values() for span in of_track]
    first = max(min(starts, default=date.max), period.from_day or date.min)
    if _bin_of(first, unit).first > period.latest_start:
        return Trend((), None, *totals)
    bins, earlier = _bins(unit, first, period.latest_start)
    tracks = listed(counted_as, carried=spans)
    by_track = {track: _track_bins(spans.get(track.pk, ()), bins, unit) for track in tracks}
    rows = tuple(
        TrackBin(one, track, active[place], started[one], ended[one])
        for place, one in enumerate(bins)
        for track, (active, started, ended) in by_track.items()
    )
    return Trend(rows, earlier, *totals)


def _counted(initiatives, system, period, reader):
    """Engagements of the N, with the days and how finely each is shown to the reader."""
    tags = TrackTag.objects.counting(lead_only=period.lead_only).filter(initiative=OuterRef("initiative"))
    return (
        engagements_on(period.as_of, reader)
        .filter(in_window(period), Exists(tags), conflict_system=system, status_then__in=BEGUN)
        .filter(initiative__in=initiatives.values("pk"))
        .annotate(
            first_day=F("began"),
            last_day=F("ended"),
            start_coarse=_to_the_year("start", reader),
            end_coarse=_to_the_year("end", reader),
        )
    )


def _to_the_year(name, reader):
    """Whether a day is shown to the reader no more finely than the year, as a column."""
    own, initiative = f"{name}_precision", f"initiative__{name}_precision"
    recorded = Q(**{own: Precision.YEAR}) | Q(**{f"{name}_on": None, initiative: Precision.YEAR})
    shown = Q(initiative__shown_dates=Precision.YEAR) & ~Q(inside(reader, "initiative__"))
    return Case(When(recorded | shown, then=True), default=False, output_field=BooleanField())


def _totals(engaged, unit):
    """(N, starts known less finely than the bins, ends too)"""
    found = engaged.aggregate(
        n=Count("initiative", distinct=True),
        starts=Count("initiative", distinct=True, filter=Q(start_coarse=True)),
        ends=Count("initiative", distinct=True, filter=Q(end_coarse=True, last_day__isnull=False)),
    )
    return (found["n"], found["starts"], found["ends"]) if unit == "month" else (found["n"], 0, 0)


def _spans(engaged, unit, counted_as, *, lead_only):
    """{track's primary key: [Span]}"""
    if lead_only:
        engaged = engaged.filter(initiative__track_tags__emphasis=TrackTag.Emphasis.LEAD)
    rows = engaged.annotate(track=counts_as("initiative__track_tags__track", counted_as)).order_by()
    columns = ("track", "first_day", "last_day", "start_coarse", "end_coarse")
    spans = {}
    for track, *days, start_coarse, end_coarse, n in rows.values_list(*columns).annotate(
        n=Count("initiative", distinct=True)
    ):
        known = [unit == "year" or not coarse for coarse in (start_coarse, end_coarse)]
        spans.setdefault(track, []).append(Span(*days, *known, n))
    return spans


def _bins(unit, first, last):
    """(the bins from the first to the last day, the one before them where only the latest are kept)"""
    bins = [_bin_of(last, unit)]
    while bins[-1].first > first and (unit == "year" or len(bins) <= MOST):
        bins.append(_bin_of(bins[-1].first - timedelta(days=1), unit))
    bins.reverse()
    if unit == "month" and len(bins) > MOST:
        return bins[1:], bins[0]
    return bins, None


def _bin_of(day, unit):
    if unit == "year":
        return Bin(date(day.year, 1, 1), date(day.year, 12, 31))
    return Bin(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def _track_bins(spans, bins, unit):
    """Shape: (active, one a bin in order; {bin: started}; {bin: ended})."""
    started, ended, turns = Counter(), Counter(), Counter()
    for span in spans:
        begins, ends = _bin_of(span.start, unit), span.end and _bin_of(span.end, unit)
        if span.start_known:
            started[begins] += span.initiatives
        if ends and span.end_known:
            ended[ends] += span.initiatives
        enters = max(begins, bins[0], key=lambda one: one.first)
        if ends and ends.last < bins[0].first:
            continue
        turns[enters] += span.initiatives
        if ends and ends.last < bins[-1].last:
            turns[_bin_of(ends.last + timedelta(days=1), unit)] -= span.initiatives
    return list(accumulate(turns[one] for one in bins)), started, ended

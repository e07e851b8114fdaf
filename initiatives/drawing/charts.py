"""Geometry of the charts beside the circle: what ran in each year or month, and a conflict's phases.

Units: across, per cent of the chart's width, so that its text keeps its size on any screen; downwards, pixels.
"""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from initiatives.dates import today
from taxonomy.models import Track

HEIGHT = 30  # of the tallest bar
LABELS = 7  # years written below the chart, at most
GAP = 0.16  # of a year's width, left free between bars


@dataclass(frozen=True)
class Bar:
    """One year or month of one track. The started are part of the active; the ended hang below the line."""

    x: float
    active: float
    started: float
    ended: float
    unfinished: bool


@dataclass(frozen=True)
class Strip:
    """One track's bars, above and below its line at `baseline`. top: where its name is written."""

    track: Track
    top: int
    baseline: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class YearLabel:
    """year: what is written; for a lone month, the month too."""

    year: int | str
    x: float


@dataclass(frozen=True)
class YearChart:
    """absent: tracks without a record in this time. tallest: how many initiatives the tallest bar stands for,
    0 where there is no bar."""

    height: int
    width: float  # of each bar
    strips: tuple[Strip, ...]
    labels: tuple[YearLabel, ...]
    absent: tuple[Track, ...]
    tallest: int
    unfinished: bool


def year_chart(years, period):
    """years: the TrackYears of a coverage. None where there are none."""
    if not years:
        return None
    listed = list(dict.fromkeys(row.year for row in years))
    unfinished = listed[-1] if period.latest_start < date(listed[-1], 12, 31) else None
    return bar_chart(years, bin_of=attrgetter("year"), unfinished=unfinished, labels=_labels(listed))


def bar_chart(rows, *, bin_of, unfinished, labels):
    """Bars by track over bins of time, each bin a year or a month.

    rows: with `track`, `active`, `started` and `ended`, by bin; at least one. bin_of: a row's bin. unfinished: the
    bin that isn't over, or None.
    """
    by_track = {}
    for row in rows:
        by_track.setdefault(row.track.pk, []).append(row)
    present = [of_track for of_track in by_track.values() if any(row.active for row in of_track)]
    tallest = max(row.active for row in rows)
    below = round(HEIGHT * max(row.ended for row in rows) / tallest) if tallest else 0
    strip_height = 22 + HEIGHT + below + 6
    return YearChart(
        height=strip_height * len(present) + 22,
        width=round(100 * len(by_track) / len(rows) * (1 - GAP), 2),
        strips=tuple(
            _strip(
                of_track, strip_height * place, tallest=tallest, is_unfinished=lambda row: bin_of(row) == unfinished
            )
            for place, of_track in enumerate(present)
        ),
        labels=labels,
        absent=tuple(of_track[0].track for of_track in by_track.values() if of_track not in present),
        tallest=tallest,
        unfinished=unfinished is not None,
    )


def trend_chart(rows, period):
    """rows: the TrackBins of a trend, by month or by year. None where there are none."""
    if not rows:
        return None
    listed = list(dict.fromkeys(row.bin for row in rows))
    unfinished = listed[-1] if period.latest_start < listed[-1].last else None
    by_year = listed[0].first.month != listed[0].last.month
    labels = _labels([one.first.year for one in listed]) if by_year else _month_labels(listed)
    return bar_chart(rows, bin_of=attrgetter("bin"), unfinished=unfinished, labels=labels)


def _month_labels(bins):
    """Every January, or where there is none among them the first month."""
    labelled = [(place, one) for place, one in enumerate(bins) if one.first.month == 1] or [(0, bins[0])]
    return tuple(
        YearLabel(one.first.year if one.first.month == 1 else f"{one.first:%m/%Y}", _middle(place, len(bins)))
        for place, one in labelled
    )


def _middle(place, number):
    return round(100 * (place + 0.5) / number, 3)


def _strip(rows, offset, *, tallest, is_unfinished):
    step, unit = 100 / len(rows), HEIGHT / tallest
    bars = tuple(
        Bar(
            x=round(step * (place + GAP / 2), 2),
            active=round(unit * row.active, 1),
            started=round(unit * row.started, 1),
            ended=round(unit * row.ended, 1),
            unfinished=is_unfinished(row),
        )
        for place, row in enumerate(rows)
        if row.active
    )
    return Strip(rows[0].track, top=offset + 14, baseline=offset + 22 + HEIGHT, bars=bars)


def _labels(years):
    """The first year and every so manieth after it, a round step apart."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if len(years) / step <= LABELS)
    return tuple(
        YearLabel(year, _middle(place, len(years)))
        for place, year in enumerate(years)
        if step == 1 or year % step == 0
    )


# ---------------------------------------------------------------- phases


@dataclass(frozen=True)
class Segment:
    """A phase from its start until the next one's; number: its place in the list beside the line."""

    phase: object
    number: int
    x: float
    width: float


def phase_line(phases, until=None):
    """Phases in order of time, the last one lasting until the given day, or today.

    A phase that begins after that day has no width and stands at the end.
    """
    phases = list(phases)
    if not phases:
        return ()
    first = phases[0].start_on
    end = max(until or today(), first)
    total = (end - first).days or 1
    borders = [min((phase.start_on - first).days, total) for phase in phases] + [total]
    return tuple(
        Segment(phase, number, round(100 * start / total, 3), round(100 * (following - start) / total, 3))
        for number, (phase, start, following) in enumerate(zip(phases, borders, borders[1:], strict=False), start=1)
    )

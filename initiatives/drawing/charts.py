"""Geometry of the charts beside the circle: what ran in each year, and a conflict's phases.

Units: across, per cent of the chart's width, so that its text keeps its size on any screen; downwards, pixels.
"""

from dataclasses import dataclass
from datetime import date

from initiatives.dates import today
from taxonomy.models import Track

HEIGHT = 30  # of the tallest bar
LABELS = 7  # years written below the chart, at most
GAP = 0.16  # of a year's width, left free between bars


@dataclass(frozen=True)
class Bar:
    """One year of one track. The started are part of the active; the ended hang below the line."""

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
    year: int
    x: float


@dataclass(frozen=True)
class YearChart:
    """absent: tracks without a record in these years. tallest: how many initiatives the tallest bar stands for."""

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
    by_track = {}
    for row in years:
        by_track.setdefault(row.track.pk, []).append(row)
    present = [rows for rows in by_track.values() if any(row.active for row in rows)]
    tallest = max((row.active for row in years), default=0) or 1
    last = years[-1].year
    unfinished = last if period.latest_start < date(last, 12, 31) else None
    below = round(HEIGHT * max(row.ended for row in years) / tallest)
    strip_height = 22 + HEIGHT + below + 6
    labelled = [row.year for row in next(iter(by_track.values()))]
    return YearChart(
        height=strip_height * len(present) + 22,
        width=round(100 / len(labelled) * (1 - GAP), 2),
        strips=tuple(
            _strip(rows, strip_height * place, tallest=tallest, unfinished=unfinished)
            for place, rows in enumerate(present)
        ),
        labels=_labels(labelled),
        absent=tuple(rows[0].track for rows in by_track.values() if rows not in present),
        tallest=tallest,
        unfinished=unfinished is not None,
    )


def _strip(rows, offset, *, tallest, unfinished):
    step, unit = 100 / len(rows), HEIGHT / tallest
    bars = tuple(
        Bar(
            x=round(step * (place + GAP / 2), 2),
            active=round(unit * row.active, 1),
            started=round(unit * row.started, 1),
            ended=round(unit * row.ended, 1),
            unfinished=row.year == unfinished,
        )
        for place, row in enumerate(rows)
        if row.active
    )
    return Strip(rows[0].track, top=offset + 14, baseline=offset + 22 + HEIGHT, bars=bars)


def _labels(years):
    """The first year and every so manieth after it, a round step apart."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if len(years) / step <= LABELS)
    return tuple(
        YearLabel(year, round(100 * (place + 0.5) / len(years), 3))
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

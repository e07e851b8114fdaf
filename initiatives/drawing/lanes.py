"""Swim lanes: a lane a track, in it a bar an initiative, from its start to its end.

Units: across, per cent of the chart's width, so that its text keeps its size on any screen; downwards, pixels.
What is known to the month or the year alone is drawn thin: it lies somewhere within.
"""

import textwrap
from dataclasses import dataclass
from datetime import date

from initiatives.dates import PartialDate, Precision, today
from initiatives.drawing.rows import BOTTOM, LINE, NAMED, Lane, Size, bottom_of, lanes_in_rows

TITLE = 12  # within a row: baseline of the title
LETTER = 2  # per cent that a letter of a title takes on a phone; elsewhere half of it
LEAST = 0.5  # per cent, so that a day can be seen
APART = 6  # per cent, so that two numbers can be read on a phone
LETTERS, SHORT = 60, 36  # of a title, at most: on a screen, and on a phone
TICKS = 7


@dataclass(frozen=True)
class Span:
    """The days that are drawn, both included."""

    first: date
    last: date

    @property
    def days(self):
        return (self.last - self.first).days + 1

    def at(self, ordinal):
        """Where a day begins, in per cent, within the chart. ordinal: of the day; it may lie past the last of all."""
        return round(100 * min(max((ordinal - self.first.toordinal()) / self.days, 0), 1), 3)

    def part(self, first, last):
        """(x, width) of the days from first to last, ordinals, as far as they are drawn."""
        x = self.at(first)
        return x, round(max(self.at(last + 1) - x, 0), 3)


@dataclass(frozen=True)
class Bar:
    """thick, thin: parts (x, width) that are known to the day, and those that lie within a month or a year.
    starts_before, ends_after: it goes on outside the window. open_ended: no end is recorded."""

    run: object
    leads: bool
    x: float
    until: float
    thick: tuple[tuple[float, float], ...]
    thin: tuple[tuple[float, float], ...]
    pauses: tuple[tuple[float, float], ...]
    starts_before: bool
    ends_after: bool
    open_ended: bool
    size: Size = NAMED
    y: int = 0

    @property
    def title(self):
        return _shortened(self.run.initiative.title, LETTERS)

    @property
    def short(self):
        """Its title on a phone."""
        return _shortened(self.run.initiative.title, SHORT)

    @property
    def anchor(self):
        """Where in the bar its title is held, so that it stays within the chart."""
        return "start" if self.x < 30 else "end" if self.until > 70 else "middle"

    @property
    def title_x(self):
        return {"start": self.x, "end": self.until, "middle": round((self.x + self.until) / 2, 3)}[self.anchor]

    @property
    def room(self):
        """(left, right) of what it takes up in its row, with its title where that is written."""
        if not self.size.named:
            return self.x, self.until
        long = max(LETTER * len(self.short), LETTER / 2 * len(self.title))
        left = self.title_x - {"start": 0, "middle": long / 2, "end": long}[self.anchor]
        return min(self.x, left), max(self.until, left + long)

    @property
    def title_y(self):
        return self.y + TITLE

    @property
    def top(self):
        return self.y + self.size.bar

    @property
    def thin_top(self):
        return self.top + (self.size.thick - self.size.thin) // 2

    @property
    def middle(self):
        return self.top + self.size.thick // 2

    @property
    def bottom(self):
        return self.top + self.size.thick


@dataclass(frozen=True)
class Connector:
    """A link from the bar of one initiative to the start of another's."""

    link: object
    x1: float
    y1: int
    x2: float
    y2: int


@dataclass(frozen=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True)
class AsOf:
    """The line of the as-of day, where it is over."""

    x: float
    text: str

    @property
    def anchor(self):
        return "start" if self.x < 30 else "end" if self.x > 70 else "middle"


@dataclass(frozen=True)
class Band:
    """A phase behind the lanes. number: its place in the list beside them."""

    phase: object
    number: int
    x: float
    width: float


@dataclass(frozen=True)
class Lanes:
    """numbers: of the bands. as_of: None where that day is not drawn."""

    span: Span
    height: int
    lanes: tuple[Lane, ...]
    connectors: tuple[Connector, ...]
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    numbers: tuple[Tick, ...]
    as_of: AsOf | None

    years_y, line = 15, LINE

    @property
    def unnamed(self):
        """Whether some bars go without their title."""
        return not all(bar.size.named for lane in self.lanes for bar in lane.bars)

    @property
    def ground(self):
        """Where lines and bands end; below are the years, and below these the as-of day."""
        return self.height - BOTTOM + 4


def lanes_of(sequence, period, phases, levels):
    """phases: of the system, in order. levels: of evidence, whose links are drawn."""
    span = span_of(sequence.runs, period)
    held = {track: [] for track in sequence.tracks}
    for run in sequence.runs:
        for track, leads in run.tracks:
            held[track].append(_bar(run, leads, span, period))
    lanes = lanes_in_rows(held)
    bars = {}
    for bar in (bar for lane in lanes for bar in lane.bars):
        if bar.leads or bar.run.initiative.pk not in bars:
            bars[bar.run.initiative.pk] = bar
    links = [link for link in sequence.links if link.evidence in levels]
    bands = _bands(list(phases), span)
    return Lanes(
        span=span,
        height=bottom_of(lanes) + BOTTOM,
        lanes=lanes,
        connectors=tuple(_connector(link, bars[link.source_id], bars[link.target_id]) for link in links),
        ticks=_ticks(span),
        bands=bands,
        numbers=_numbers(bands),
        as_of=_as_of(period.as_of, span),
    )


def span_of(runs, period):
    """The window; where it is open, from the first start to the as-of day, or to a later end that is known.

    Of a window that begins after both, its first day."""
    first = period.from_day or min((run.start.first for run in runs), default=period.as_of)
    known = [run.end.last for run in runs if run.end]
    last = period.to_day or max([period.as_of, *known])
    return Span(first, max(first, last))


def _bar(run, leads, span, period):
    start = run.start.first.toordinal()
    end = run.end.last.toordinal() if run.end else max(min(period.as_of, span.last).toordinal(), start)
    x, width = span.part(start, end)
    if width < LEAST:
        x, width = min(x, 100 - LEAST), LEAST
    thick, thin = _parts(run, start, end)
    known = _drawn(span, thick)
    pauses = [
        (max(paused.first.toordinal(), start), min(resumed.last.toordinal(), end) if resumed else end)
        for paused, resumed in run.pauses
    ]
    return Bar(
        run=run,
        leads=leads,
        x=x,
        until=round(x + width, 3),
        thick=((x, LEAST),) if known and width == LEAST else known,
        thin=((x, LEAST),) if not known and width == LEAST else _drawn(span, thin),
        pauses=_drawn(span, pauses),
        starts_before=run.start.first < span.first,
        ends_after=bool(run.end) and run.end.last > span.last,
        open_ended=run.end is None,
    )


def _shortened(title, letters):
    shortened = textwrap.shorten(title, letters, placeholder="…")
    return shortened if shortened != "…" else f"{title[: letters - 1]}…"  # one long word


def _parts(run, start, end):
    """(known to the day, known to lie within a month or a year). Shape: pairs of ordinals, each in a list."""
    begun = start if run.start.precision == Precision.DAY else run.start.last.toordinal() + 1
    running = end if run.end is None or run.end.precision == Precision.DAY else run.end.first.toordinal() - 1
    if begun > running:
        return [], [(start, end)]
    return [(begun, running)], [(start, begun - 1), (running + 1, end)]


def _drawn(span, parts):
    drawn = [span.part(first, last) for first, last in parts if first <= last]
    return tuple((x, width) for x, width in drawn if width)


def _connector(link, source, target):
    """From the source's bar, as near as it comes, to where the target's begins; or, where the source begins later, to
    where both run."""
    x = min(max(target.x, source.x), source.until)
    end = min(max(target.x, x), target.until)
    if target.y > source.y:
        return Connector(link, x, source.bottom, end, target.top)
    return Connector(link, x, source.top, end, target.bottom)


def _ticks(span):
    """Years a round step apart; in less than three years, months."""
    first, last = span.first, span.last
    if span.days >= 3 * 366:
        years = last.year - first.year + 1
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if years / step <= TICKS)
        marked = [date(year, 1, 1) for year in range(first.year, last.year + 1) if year % step == 0]
    else:
        months = [divmod(month, 12) for month in range(12 * first.year + first.month - 1, 12 * last.year + last.month)]
        step = next(step for step in (1, 2, 3, 6) if len(months) / step <= TICKS)
        marked = [date(year, month + 1, 1) for year, month in months if month % step == 0]
    return tuple(Tick(span.at(day.toordinal()), _tick_text(day, span)) for day in marked if first <= day <= last)


def _tick_text(day, span):
    return str(day.year) if span.days >= 3 * 366 else f"{day:%b} {day.year}"


def _bands(phases, span):
    """As far as they are drawn; each lasts until the next one begins."""
    starts = [phase.start_on.toordinal() for phase in phases]
    ends = [*(start - 1 for start in starts[1:]), date.max.toordinal()]
    bands = [
        Band(phase, number, *span.part(start, end))
        for number, (phase, start, end) in enumerate(zip(phases, starts, ends, strict=False), start=1)
    ]
    return tuple(band for band in bands if band.width)


def _numbers(bands):
    """Where each is written; those of bands that begin close to each other stand together, as "2–4"."""
    groups = []
    for band in bands:
        if groups and band.x - groups[-1][-1].x < APART:
            groups[-1].append(band)
        else:
            groups.append([band])
    return tuple(
        Tick(first.x, str(first.number) if first is last else f"{first.number}–{last.number}")
        for first, last in ((group[0], group[-1]) for group in groups)
    )


def _as_of(day, span):
    if not span.first <= day <= span.last:
        return None
    words = PartialDate.around(day, Precision.DAY)
    return AsOf(span.at(day.toordinal() + 1), f"today, {words}" if day == today() else f"as of {words}")

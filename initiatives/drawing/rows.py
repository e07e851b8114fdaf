"""The rows of swim lanes. Bars share one where they keep apart in time, with their names.

The fullest lanes go without names, closer together, until the drawing is no higher than HIGHEST.
Units: across, per cent of the chart's width; downwards, pixels.
"""

from dataclasses import dataclass, replace
from math import ceil

from taxonomy.models import Track

TOP, BOTTOM = 40, 38  # room for the years, above also for the numbers of the phases, below for the as-of day
LINE = 14  # from one line of text to the next
NAME, AFTER = 24, 8  # of a lane: its name, what is left free below
FULL = 20  # bars in a lane, at most, whose names are written
HIGHEST = 2000
REPEAT = 360  # of rows, at most, until the lane's name is written again
BETWEEN = 1  # per cent, from one bar to the next in its row


@dataclass(frozen=True)
class Size:
    """Of a row of bars. bar: where in it they begin; thick, thin: their heights; named: whether titles stand above."""

    row: int
    bar: int
    thick: int
    thin: int
    named: bool = False

    @property
    def head(self):
        """The path of an arrow where a bar ends."""
        half = self.thick // 2
        return "M-8 -7L1 0L-8 7z" if self.named else f"M-1 -{half}L{self.thick} 0L-1 {half}z"

    @property
    def scale(self):
        """Of the mark where a bar is cut."""
        return self.thick / NAMED.thick


NAMED = Size(27, 16, 8, 4, named=True)
CLOSE = (Size(8, 1, 6, 2), Size(5, 0, 4, 2), Size(3, 0, 2, 1))


@dataclass(frozen=True)
class Lane:
    """names: where its name is written, the top of each. bars: each with its size and the y of its row."""

    track: Track
    names: tuple[int, ...]
    bars: tuple
    bottom: int

    @property
    def top(self):
        return self.names[0]


def bottom_of(lanes):
    """Where they end, or where the first begins."""
    return lanes[-1].bottom if lanes else TOP


def lanes_in_rows(held):
    """In the roomiest of the ways in which they are low enough; else as close as can be.

    held: {track: [Bar], by start}. Shape: a Lane for each.
    """
    for most, close in _ways({len(bars) for bars in held.values()}):
        lanes = []
        for track, bars in held.items():
            lanes.append(_lane(track, bars, bottom_of(lanes), NAMED if len(bars) <= most else close))
        if bottom_of(lanes) + BOTTOM <= HIGHEST:
            break
    return tuple(lanes)


def _ways(counts):
    """Shape: (bars of the fullest lane with names, size of the other lanes), the roomiest first.

    counts: of bars in a lane.
    """
    named = sorted((count for count in counts if 0 < count <= FULL), reverse=True)
    return [*((most, CLOSE[0]) for most in named), *((0, size) for size in CLOSE)]


def _lane(track, bars, top, size):
    """Its bars in as few rows as they need, and its name above every REPEAT of them."""
    bars = [replace(bar, size=size) for bar in bars]
    places = _places([bar.room for bar in bars])
    rows = max(places, default=-1) + 1
    parts = ceil(rows * size.row / REPEAT) or 1
    part = ceil(rows / parts) or 1
    return Lane(
        track=track,
        names=tuple(top + place * (NAME + part * size.row) for place in range(parts)),
        bars=tuple(
            replace(bar, y=top + NAME * (place // part + 1) + size.row * place)
            for bar, place in zip(bars, places, strict=True)
        ),
        bottom=top + NAME * parts + (size.row * rows or LINE) + AFTER,
    )


def _places(rooms):
    """The row of each: the first in which it keeps apart from those before it. Shape: [number from 0]."""
    ends, places = [], []
    for left, right in rooms:
        place = next((place for place, end in enumerate(ends) if end + BETWEEN <= left), len(ends))
        ends[place : place + 1] = [right]
        places.append(place)
    return places

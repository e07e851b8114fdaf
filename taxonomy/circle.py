"""Where the tracks stand in the drawn circle: equal distances, none set apart."""

from dataclasses import dataclass
from math import cos, pi, sin
from textwrap import wrap

from taxonomy.models import Track

# Units of the drawing: a viewBox of 560 x 390 around its centre.
RADIUS = 110
LABEL_RADIUS = 139
LINE_HEIGHT = 18
LINE_WIDTH = 15  # characters
NODE_CHARACTERS = 4  # what fits inside a node


@dataclass(frozen=True)
class Node:
    """A track in the drawing. number: its label in the reader's lens, where the lens has numbers rather than words."""

    track: Track
    number: str
    x: float
    y: float
    anchor: str  # text-anchor of its name
    lines: tuple[tuple[float, float, str], ...]  # x, y, words


def circle(tracks, lens):
    """The tracks in their order, clockwise. Shape: [Node]. The circle begins half a step off its highest point."""
    step = 2 * pi / max(len(tracks), 1)
    numbers = [lens.label(track) for track in tracks]
    if any(len(number) > NODE_CHARACTERS for number in numbers):
        numbers = [""] * len(tracks)
    return [_node(track, numbers[place], (place + 0.5) * step) for place, track in enumerate(tracks)]


def _node(track, number, angle):
    across, down = sin(angle), -cos(angle)
    words = wrap(track.name, LINE_WIDTH)
    x = round(LABEL_RADIUS * across, 1)
    # Above the circle the name grows upwards, below it downwards, beside it both ways.
    first = LABEL_RADIUS * down - (len(words) - 1) * LINE_HEIGHT * (1 - down) / 2 + 5
    return Node(
        track=track,
        number=number,
        x=round(RADIUS * across, 1),
        y=round(RADIUS * down, 1),
        anchor="middle" if abs(across) < 0.2 else "start" if across > 0 else "end",
        lines=tuple((x, round(first + line * LINE_HEIGHT, 1), text) for line, text in enumerate(words)),
    )

"""A drawing as a picture that stands alone: a heading above it, a legend and notes below, and colours of its own.

Units: those of the drawing; lines of text are broken here, because SVG breaks none.
"""

import textwrap
from dataclasses import dataclass

EDGE = 40  # left free on every side
TITLE, TEXT = 30, 20  # from one line to the next
LETTER = 7.3  # of an ordinary letter in the text, generously
TITLE_LETTER = 13.5


@dataclass(frozen=True)
class Ink:
    """How a mark is drawn. pattern: an id of the picture's patterns; number: the colour of the count on it."""

    fill: str
    stroke: str
    width: float = 1.5
    dash: str = ""
    pattern: str = ""
    number: str = "#22302f"


DEEP, SOFT, PALE, PAPER = "#1d5c63", "#56645f", "#7d8984", "#ffffff"
INKS = {
    "active": Ink(DEEP, DEEP, number=PAPER),
    "suspended-only": Ink(PAPER, DEEP, pattern="stripes"),
    "dormant": Ink(PAPER, SOFT, pattern="dots"),
    "planned-only": Ink(PAPER, DEEP, width=2.5, dash="6 4"),
    "reviewed-none-found": Ink("#efe8da", SOFT),
    "deliberately-not-engaged": Ink("#efe8da", SOFT, pattern="bar"),
    "none-recorded": Ink(PAPER, PALE, width=1.2, number=SOFT),
}


@dataclass(frozen=True)
class Line:
    y: int
    text: str


@dataclass(frozen=True)
class Picture:
    """What stands around a drawing of the given size. facts: what was asked; notes: how to read the answer."""

    width: int
    drawing_height: int
    title: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    legend_height: int = 0

    edge = EDGE

    @property
    def title_lines(self):
        return self._lines([self.title], EDGE + TITLE - 8, TITLE, TITLE_LETTER)

    @property
    def fact_lines(self):
        return self._lines(self.facts, self._after(self.title_lines, EDGE) + TEXT + 8, TEXT, LETTER)

    @property
    def drawing_top(self):
        return self._after(self.fact_lines, EDGE) + TEXT

    @property
    def legend_top(self):
        return self.drawing_top + self.drawing_height + TEXT

    @property
    def note_lines(self):
        return self._lines(self.notes, self.legend_top + self.legend_height + TEXT, TEXT, LETTER)

    @property
    def height(self):
        return self._after(self.note_lines, self.legend_top) + EDGE

    @property
    def inner_width(self):
        return self.width - 2 * EDGE

    def _lines(self, texts, first, step, letter):
        room = int(self.inner_width / letter)
        broken = [line for text in texts for line in textwrap.wrap(text, room)]
        return [Line(first + step * place, text) for place, text in enumerate(broken)]

    @staticmethod
    def _after(lines, otherwise):
        return lines[-1].y if lines else otherwise

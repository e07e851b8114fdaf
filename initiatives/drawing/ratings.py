"""One principle's assessments along time: a step a rating, 0 at the foot and 3 at the head."""

from dataclasses import dataclass

WIDTH, HEIGHT = 320, 72
LEFT, RIGHT, TOP, STEP = 16, 8, 8, 16  # STEP: between two ratings
HIGHEST = 3


@dataclass(frozen=True)
class Point:
    x: float
    y: int
    label: str


@dataclass(frozen=True)
class RatingLine:
    """grid: (y, rating) of each step. Units: of the view box."""

    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def path(self):
        return " ".join(f"{point.x:.1f},{point.y}" for point in self.points)

    @property
    def grid(self):
        return [(_height(rating), rating) for rating in range(HIGHEST + 1)]


def rating_line(dated):
    """dated: [(PartialDate, rating)], earliest first. None for fewer than two."""
    if len(dated) < 2:
        return None
    first, last = dated[0][0].first, dated[-1][0].first
    days = (last - first).days or 1
    across = WIDTH - LEFT - RIGHT
    return RatingLine(
        tuple(
            Point(LEFT + across * (day.first - first).days / days, _height(rating), f"{day}: {rating}")
            for day, rating in dated
        )
    )


def _height(rating):
    return TOP + STEP * (HIGHEST - rating)

"""Ratios of many rounds, and whether they meet a goal."""

from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Verdict:
    what: str
    found: str
    met: bool

    def __str__(self):
        return f"  {'met   ' if self.met else 'MISSED'}  {self.what:<58} {self.found}"


def of_ratios(what, ratios, *, at_most):
    """Missed only where nine rounds of ten miss it, so that a busy machine is no verdict."""
    low, *_, high = quantiles(ratios, n=10)
    return Verdict(what, f"{median(ratios):.2f} ({low:.2f}–{high:.2f}), at most {at_most:g}", low <= at_most)


def of_number(what, number, *, at_most):
    return Verdict(what, f"{number}, at most {at_most}", number <= at_most)

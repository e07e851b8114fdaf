"""How evenly effort is recorded over the tracks. Nothing says that an even mix is best.

Source: docs/definitions.md, "Breadth, balance"; Pielou 1966 (evenness), Jost 2006 (effective numbers).
"""

from dataclasses import dataclass
from math import exp, fsum, log


@dataclass(frozen=True)
class Balance:
    """effective_tracks: Hill number of order 1. evenness_nine: over all tracks listed; evenness_present: over
    those with a share, undefined below two."""

    effective_tracks: float | None = None
    evenness_nine: float | None = None
    evenness_present: float | None = None


def balance(shares):
    """Balance of the tracks' shares, one a track listed; they add up to 1, or all are 0 where N is 0."""
    present = [share for share in shares if share > 0]
    if not present:
        return Balance()
    entropy = fsum(share * log(1 / share) for share in present)
    return Balance(
        effective_tracks=exp(entropy),
        evenness_nine=_evenness(entropy, len(shares)),
        evenness_present=_evenness(entropy, len(present)),
    )


def _evenness(entropy, tracks):
    return entropy / log(tracks) if tracks > 1 else None

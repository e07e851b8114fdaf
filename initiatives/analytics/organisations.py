"""On whom the recorded work rests, and how much of it is local.

Source: docs/definitions.md, "Concentration and localness".
"""

from collections import Counter, defaultdict
from math import fsum

from initiatives.analytics.figures import Concentration, Localness


def concentration(population, carried):
    """Each of the N that has a lead or implementer weighs 1, split evenly among those.

    carried: (word, organisation, among how many, number, …).
    """
    weights, among = defaultdict(list), Counter()
    for _, organisation, carriers, number, *_ in carried:
        weights[organisation].append(number / carriers)
        among[carriers] += number
    total = sum(number // carriers for carriers, number in among.items())
    hhi, normalised = herfindahl([fsum(parts) / total for parts in weights.values()])
    return Concentration(
        organisations=len(weights), without=population.counted - total, hhi=hhi, normalised=normalised
    )


def herfindahl(shares):
    """(HHI, HHI normalised to 0-1) of shares that add up to 1; None where undefined."""
    if not shares:
        return None, None
    hhi = fsum(share**2 for share in shares)
    even = 1 / len(shares)
    return hhi, (hhi - even) / (1 - even) if len(shares) > 1 else None


def localness(sums):
    """sums: at most one (word, local, known, led, led known, …)."""
    _, local, known, led, led_known, *_ = sums[0] if sums else ("", 0, 0, 0, 0)
    return Localness(local=local, known=known, led=led, led_known=led_known)

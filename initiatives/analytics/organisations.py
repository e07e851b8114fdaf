"""On whom the recorded work rests, and how much of it is local.

Source: docs/definitions.md, "Concentration and localness".
"""

from collections import defaultdict
from math import fsum

from initiatives.analytics.figures import Concentration, Localness
from initiatives.models import Participation

CARRYING = (Participation.Role.LEAD, Participation.Role.IMPLEMENTER)
LOCAL_COUNTED = (*CARRYING, Participation.Role.PARTNER)


def concentration(population):
    """Each of the N that has a lead or implementer weighs 1, split evenly among those."""
    weights = defaultdict(list)
    without = 0
    for record in population.counted:
        carrying = record.organisations(*CARRYING)
        without += not carrying
        for organisation in carrying:
            weights[organisation].append(1 / len(carrying))
    total = len(population.counted) - without
    hhi, normalised = herfindahl([fsum(parts) / total for parts in weights.values()])
    return Concentration(organisations=len(weights), without=without, hhi=hhi, normalised=normalised)


def herfindahl(shares):
    """(HHI, HHI normalised to 0-1) of shares that add up to 1; None where undefined."""
    if not shares:
        return None, None
    hhi = fsum(share**2 for share in shares)
    even = 1 / len(shares)
    return hhi, (hhi - even) / (1 - even) if len(shares) > 1 else None


def critical_organisations(population):
    """{track: primary keys of the organisations that each active initiative on it has as lead or implementer}.

    Without such a one's initiatives the track would have no active one. Tracks with none active are left out.
    """
    active = {track: population.active_on_track[track.pk] for track in population.tracks}
    return {
        track: set.intersection(*(record.organisations(*CARRYING) for record in records))
        for track, records in active.items()
        if records
    }


def localness(population, local):
    """local: {organisation: whether it is local to the system}; one that is missing is unknown."""

    def known(record, *roles):
        return {local[organisation] for organisation in record.organisations(*roles) if organisation in local}

    parts = [known(record, *LOCAL_COUNTED) for record in population.counted]
    leads = [known(record, Participation.Role.LEAD) for record in population.counted]
    return Localness(
        local=sum(True in answers for answers in parts),
        known=sum(bool(answers) for answers in parts),
        led=sum(True in answers for answers in leads),
        led_known=sum(bool(answers) for answers in leads),
    )

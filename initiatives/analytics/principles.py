"""How far the principles are lived on each track. Not assessed is not 0.

Source: docs/definitions.md, "Principles x tracks".
"""

from collections import defaultdict
from statistics import median

from initiatives.analytics.figures import PrincipleOnTrack

PRACTISED_FROM = 2  # of 0-3
MEDIAN_FROM = 3  # assessed initiatives; fewer have no meaningful median


def principles_on_tracks(population, principles):
    """One PrincipleOnTrack for each principle and track with an assessed initiative, both in their own order.

    principles: what each principle counts as, by primary key.
    """
    own = {principle.pk: principle for principle in principles.values()}.values()
    ordered = sorted(own, key=lambda principle: (principle.is_retired, principle.position, principle.code))
    assessed = _assessed(population)
    return tuple(
        _principle_on_track(principle, track, assessed[principle.pk, track.pk])
        for principle in ordered
        for track in population.tracks
        if (principle.pk, track.pk) in assessed
    )


def _assessed(population):
    """{(principle, track): [(rating, whether evidence is written)]}"""
    assessed = defaultdict(list)
    for track, records in population.on_track.items():
        for record in records:
            for principle, rating in record.ratings.items():
                assessed[principle, track].append(rating)
    return assessed


def _principle_on_track(principle, track, assessed):
    ratings = [rating for rating, _ in assessed]
    return PrincipleOnTrack(
        principle=principle,
        track=track,
        assessed=len(assessed),
        practised=sum(rating >= PRACTISED_FROM for rating in ratings),
        evidenced=sum(evidenced for _, evidenced in assessed),
        median=float(median(ratings)) if len(ratings) >= MEDIAN_FROM else None,
    )

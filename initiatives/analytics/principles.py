"""How far the principles are lived on each track. Not assessed is not 0.

Source: docs/definitions.md, "Principles x tracks".
"""

from collections import defaultdict

from initiatives.analytics.figures import PrincipleOnTrack
from taxonomy.order import in_order

PRACTISED_FROM = 2  # of 0-3
MEDIAN_FROM = 3  # assessed initiatives; fewer have no meaningful median


def principles_on_tracks(tracks, principles, rated):
    """One PrincipleOnTrack for each principle and track with an assessed initiative, both in their own order.

    tracks: those listed, in order. principles: what each counts as, by primary key.
    rated: (word, principle, track, rating, number, evidenced, …).
    """
    own = {principle.pk: principle for principle in principles.values()}.values()
    assessed = defaultdict(dict)
    for _, principle, track, rating, number, evidenced, *_ in rated:
        assessed[principle, track][rating] = (number, evidenced)
    return tuple(
        _principle_on_track(principle, track, assessed[principle.pk, track.pk])
        for principle in in_order(own)
        for track in tracks
        if (principle.pk, track.pk) in assessed
    )


def _principle_on_track(principle, track, assessed):
    """assessed: {rating: (number, how many with evidence)}."""
    numbers = {rating: number for rating, (number, _) in assessed.items()}
    total = sum(numbers.values())
    return PrincipleOnTrack(
        principle=principle,
        track=track,
        assessed=total,
        practised=sum(number for rating, number in numbers.items() if rating >= PRACTISED_FROM),
        evidenced=sum(evidenced for _, evidenced in assessed.values()),
        median=_median(numbers, total) if total >= MEDIAN_FROM else None,
    )


def _median(numbers, total):
    return (_rating_at((total - 1) // 2, numbers) + _rating_at(total // 2, numbers)) / 2


def _rating_at(place, numbers):
    """The rating that stands at this place where all stand in order."""
    for rating in sorted(numbers):
        place -= numbers[rating]
        if place < 0:
            return rating
    raise IndexError(place)

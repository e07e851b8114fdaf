"""What began, ran and ended on each track, year by year.

Source: docs/definitions.md, "Trend".
"""

from collections import Counter, defaultdict
from itertools import accumulate

from initiatives.analytics.figures import TrackYear


def trend(population, period, answer):
    """One TrackYear a year and track listed, by year and then in circle order; none where nothing is counted.

    An end later in the as-of day's own year is in that year: it is dated already, as a known end is.
    answer: what the statement tells of the system; its kinds here: (word, track, year, number, …). Active ones are
    counted at the turns alone, so that centuries of one record cost no more than a year of it.
    """
    kinds = {kind: _by_track(answer[kind]) for kind in ("started", "ended", "enters", "leaves")}
    years = _years(kinds["started"], period)
    active = {
        track.pk: list(accumulate(kinds["enters"][track.pk][year] - kinds["leaves"][track.pk][year] for year in years))
        for track in population.tracks
    }
    return tuple(
        TrackYear(
            year=year,
            track=track,
            active=active[track.pk][place],
            started=kinds["started"][track.pk][year],
            ended=kinds["ended"][track.pk][year],
        )
        for place, year in enumerate(years)
        for track in population.tracks
    )


def _by_track(rows):
    """Shape: {track: Counter of years}."""
    counted = defaultdict(Counter)
    for _, track, year, number, *_ in rows:
        counted[track][year] += number
    return counted


def _years(started, period):
    if not started:
        return range(0)
    first = min(year for years in started.values() for year in years)
    if period.from_day:
        first = max(first, period.from_day.year)
    return range(first, period.latest_start.year + 1)

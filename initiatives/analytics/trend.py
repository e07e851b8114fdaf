"""What began, ran and ended on each track, year by year.

Source: docs/definitions.md, "Trend".
"""

from collections import Counter
from itertools import accumulate

from initiatives.analytics.figures import TrackYear


def trend(population, period):
    """One TrackYear a year and track listed, by year and then in circle order; none where nothing is counted.

    An end later in the as-of day's own year is in that year: it is dated already, as a known end is.
    """
    years = _years(population, period)
    if not years:
        return ()
    per_track = {track: _track_years(population.on_track[track.pk], years) for track in population.tracks}
    return tuple(
        TrackYear(year=year, track=track, active=active[place], started=started[year], ended=ended[year])
        for place, year in enumerate(years)
        for track, (active, started, ended) in per_track.items()
    )


def _years(population, period):
    if not population.counted:
        return range(0)
    first = min(record.start.year for record in population.counted)
    if period.from_day:
        first = max(first, period.from_day.year)
    return range(first, period.latest_start.year + 1)


def _track_years(records, years):
    """Shape: (active, one a year in order; {year: started}; {year: ended})."""
    started = Counter(record.start.year for record in records)
    ended = Counter(record.end.year for record in records if record.end)
    # Counted at the turns alone, so that centuries of one record cost no more than a year of it.
    turns = Counter()
    for record in records:
        enters = max(record.start.year, years[0])
        turns[enters] += 1
        if record.end:
            turns[max(record.end.year + 1, enters)] -= 1
    return list(accumulate(turns[year] for year in years)), started, ended

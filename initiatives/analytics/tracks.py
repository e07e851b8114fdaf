"""What is recorded on each track, and the state that follows.

Source: docs/definitions.md, "Per track k" and "State of a track".
"""

from math import fsum

from initiatives.analytics.figures import TrackCoverage, TrackOutline, TrackState
from initiatives.models import Status


def track_outlines(population, *, statements, narrowed):
    """One TrackOutline a track listed, in circle order; a track without records is there too.

    statements: {track's primary key: [Stated], those that hold on the day, the latest first}; they give a state unless
    the population is narrowed.
    Units: initiatives. One on two tracks counts once in each, so reaches add up to over 1; shares add up to 1.
    """
    return tuple(
        TrackOutline(**_figures(population, track, statements.get(track.pk, ()), narrowed))
        for track in population.tracks
    )


def track_coverages(population, *, statements, organisations, narrowed):
    """The same as TrackCoverage. organisations: {track: (how many take part, how many fund)}."""
    found = []
    for track in population.tracks:
        working, funding = organisations.get(track.pk, (0, 0))
        figures = _figures(population, track, statements.get(track.pk, ()), narrowed)
        found.append(TrackCoverage(**figures, organisations=working, funders=funding))
    return tuple(found)


def _figures(population, track, stated, narrowed):
    statuses, total = population.on_track[track.pk], population.counted
    counts = {
        "active": statuses[Status.ACTIVE],
        "planned": statuses[Status.PLANNED],
        "suspended": statuses[Status.SUSPENDED],
        "ended": statuses[Status.ENDED],
    }
    weight = fsum(number / size for size, number in population.sizes[track.pk].items())
    return counts | {
        "track": track,
        "unconfirmed": population.unconfirmed[track.pk],
        "reach": population.begun(track.pk) / total if total else 0.0,
        "share": weight / total if total else 0.0,
        "state": track_state(**counts, stated=stated[0].state if stated and not narrowed else None),
        "statements": tuple(stated),
    }


def track_state(*, active, suspended, ended, planned, stated=None):
    """The first that applies; a manager's word only where nothing is recorded. stated: what that word makes of it."""
    if active:
        return TrackState.ACTIVE
    if suspended:
        return TrackState.SUSPENDED_ONLY
    if ended:
        return TrackState.DORMANT
    if planned:
        return TrackState.PLANNED_ONLY
    return stated or TrackState.NONE_RECORDED

"""What is recorded on each track, and the state that follows.

Source: docs/definitions.md, "Per track k" and "State of a track".
"""

from collections import Counter
from math import fsum

from initiatives.analytics.figures import TrackCoverage, TrackState
from initiatives.models import Participation, Status


def track_coverages(population, *, statements):
    """One TrackCoverage a track listed, in circle order; a track without records is there too.

    statements: {track's primary key: kind of the coverage statement that is valid on the day}.
    Units: initiatives. One on two tracks counts once in each, so reaches add up to over 1; shares add up to 1.
    """
    return tuple(_track_coverage(population, track, statements.get(track.pk)) for track in population.tracks)


def _track_coverage(population, track, statement):
    records = population.on_track[track.pk]
    statuses = Counter(record.status for record in records)
    planned = sum(track.pk in record.tracks for record in population.planned)
    counts = {
        "active": statuses[Status.ACTIVE],
        "suspended": statuses[Status.SUSPENDED],
        "ended": statuses[Status.ENDED],
        "planned": planned,
    }
    total = len(population.counted)
    return TrackCoverage(
        track=track,
        **counts,
        unconfirmed=sum(record.unconfirmed for record in records),
        organisations=_distinct(records, *Participation.WORKING),
        funders=_distinct(records, Participation.Role.FUNDER),
        reach=len(records) / total if total else 0.0,
        share=fsum(1 / len(record.tracks) for record in records) / total if total else 0.0,
        state=track_state(**counts, statement=statement),
    )


def _distinct(records, *roles):
    return len(set().union(*(record.organisations(*roles) for record in records)))


def track_state(*, active, suspended, ended, planned, statement=None):
    """The first that applies; a manager's word only where nothing is recorded."""
    if active:
        return TrackState.ACTIVE
    if suspended:
        return TrackState.SUSPENDED_ONLY
    if ended:
        return TrackState.DORMANT
    if planned:
        return TrackState.PLANNED_ONLY
    return TrackState(statement) if statement else TrackState.NONE_RECORDED

"""Figures of a system from what its records say, in memory: as known now, and as known on a day.

Source: docs/definitions.md, "As it was known on a day".
"""

from dataclasses import dataclass

from initiatives.dates import PartialDate
from initiatives.models import BEGUN, Status
from taxonomy.models import Track

UNPUBLISHED = (Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN)


@dataclass(frozen=True)
class Stand:
    """What a record says of itself in one system. start, end: the engagement's, or else the initiative's, as precise
    as the reader may see them. mark: see `mark_on`. tracks: primary keys of those it counts under."""

    status: Status
    mark: Status | None
    start: PartialDate | None
    end: PartialDate | None
    tracks: frozenset[int]

    @property
    def published(self):
        return self.status not in UNPUBLISHED

    def begun_within(self, period):
        """Whether it is among P."""
        if self.status not in BEGUN or self.start.first > period.latest_start:
            return False
        return period.from_day is None or self.end is None or self.end.last >= period.from_day

    def foreseen(self, period):
        """Whether it is among the planned."""
        reaches_beyond = period.to_day is not None and period.to_day > period.as_of
        return self.status == Status.PLANNED and (not reaches_beyond or self.start.first <= period.to_day)

    def is_told(self, period):
        """Whether any figure speaks of it."""
        return self.status == Status.UNDATED or self.begun_within(period) or self.foreseen(period)


@dataclass(frozen=True)
class TrackKnown:
    """One track. Units: initiatives; reach and share are fractions of N, 0 where N is 0."""

    track: Track
    active: int
    suspended: int
    ended: int
    planned: int
    reach: float
    share: float

    @property
    def initiatives(self):
        return self.active + self.suspended + self.ended


@dataclass(frozen=True)
class Known:
    """initiatives: N. tracks: every track in use in circle order, and a retired one that is carried."""

    initiatives: int
    planned: int
    untagged: int
    undated: int
    tracks: tuple[TrackKnown, ...]

    @property
    def breadth(self):
        """Tracks with an active initiative."""
        return sum(track.active > 0 for track in self.tracks)


def known(stands, *, period, tracks):
    """The figures of these Stands. tracks: those listed, in order."""
    stands = list(stands)
    within = [stand for stand in stands if stand.begun_within(period)]
    counted = [stand for stand in within if stand.tracks]
    planned = [stand for stand in stands if stand.foreseen(period)]
    return Known(
        initiatives=len(counted),
        planned=len(planned),
        untagged=len(within) - len(counted),
        undated=sum(stand.status == Status.UNDATED for stand in stands),
        tracks=tuple(_on(track, counted, planned) for track in tracks),
    )


def _on(track, counted, planned):
    here = [stand for stand in counted if track.pk in stand.tracks]
    statuses = [stand.status for stand in here]
    return TrackKnown(
        track=track,
        active=statuses.count(Status.ACTIVE),
        suspended=statuses.count(Status.SUSPENDED),
        ended=statuses.count(Status.ENDED),
        planned=sum(track.pk in stand.tracks for stand in planned),
        reach=len(here) / len(counted) if counted else 0,
        share=sum(1 / len(stand.tracks) for stand in here) / len(counted) if counted else 0,
    )


def carried(stands):
    """Tracks that any of the stands is on, by primary key."""
    return frozenset().union(*(stand.tracks for stand in stands))

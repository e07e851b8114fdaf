"""Which of a system's records are counted, and which are told apart.

Source: docs/definitions.md, "Population".
"""

from dataclasses import dataclass
from functools import cached_property

from initiatives.analytics.records import Record
from initiatives.models import BEGUN, Status
from taxonomy.models import Track


@dataclass(frozen=True)
class Population:
    """counted: the N. planned, untagged, undated: told apart, never among the N. named: every record that was read,
    cancelled ones too. tracks: those listed, the K. links: (source, target, evidence), both among the N."""

    counted: tuple[Record, ...]
    planned: tuple[Record, ...]
    untagged: int
    undated: int
    named: tuple[Record, ...]
    tracks: tuple[Track, ...]
    links: tuple[tuple[Record, Record, str], ...]

    @cached_property
    def on_track(self):
        """{track's primary key: those of the N on it}, for every track listed."""
        on_track = {track.pk: [] for track in self.tracks}
        for record in self.counted:
            for track in record.tracks:
                on_track[track].append(record)
        return on_track

    @cached_property
    def active_on_track(self):
        return {
            track: [record for record in records if record.status == Status.ACTIVE]
            for track, records in self.on_track.items()
        }

    @property
    def completeness(self):
        """Share of the records that say what coverage needs; None where there are none."""
        return sum(record.complete for record in self.named) / len(self.named) if self.named else None


def population_of(records, *, period, tracks, links):
    """Part one system's records.

    tracks: what each track counts as, by primary key. links: (source, target, evidence), by initiative.
    """
    within = [record for record in records if record.status in BEGUN and _within(record, period)]
    counted = tuple(record for record in within if record.tracks)
    planned = tuple(record for record in records if record.status == Status.PLANNED and _foreseen(record, period))
    by_initiative = {record.initiative: record for record in counted}
    return Population(
        counted=counted,
        planned=planned,
        untagged=len(within) - len(counted),
        undated=sum(record.status == Status.UNDATED for record in records),
        named=tuple(records),
        tracks=listed(tracks, carried=frozenset().union(*(record.tracks for record in counted + planned))),
        links=tuple(
            (by_initiative[source], by_initiative[target], evidence)
            for source, target, evidence in links
            if source in by_initiative and target in by_initiative
        ),
    )


def listed(tracks, *, carried):
    """Every track in use in circle order; after them retired ones without a replacement that records carry."""
    own = {track.pk: track for track in tracks.values()}.values()
    kept = [track for track in own if not track.is_retired or track.pk in carried]
    return tuple(sorted(kept, key=lambda track: (track.is_retired, track.position, track.code)))


def _within(record, period):
    if record.start > period.latest_start:
        return False
    return period.from_day is None or record.end is None or record.end >= period.from_day


def _foreseen(record, period):
    """Begins after the as-of day, and within the window where that reaches beyond it."""
    reaches_beyond = period.to_day is not None and period.to_day > period.as_of
    return not reaches_beyond or record.start <= period.to_day

"""Which of a system's records are counted, and which are told apart: as sums.

Source: docs/definitions.md, "Population".
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from initiatives.models import BEGUN, Status
from taxonomy.models import Track
from taxonomy.order import listed


@dataclass
class Population:
    """counted: the N. planned, untagged, undated: told apart, never among the N. named: every record, cancelled ones
    too; complete: those of them that say what coverage needs. mixed, open_ended, confirmed: of the N.
    tracks: those listed, the K. on_track: track -> Counter of statuses, the planned among them. sizes: track ->
    Counter of how many tracks its begun records are on. unconfirmed: Counter of tracks."""

    tracks: tuple[Track, ...] = ()
    counted: int = 0
    planned: int = 0
    untagged: int = 0
    undated: int = 0
    named: int = 0
    complete: int = 0
    mixed: int = 0
    open_ended: int = 0
    confirmed: int = 0
    on_track: dict[int, Counter] = field(default_factory=lambda: defaultdict(Counter))
    sizes: dict[int, Counter] = field(default_factory=lambda: defaultdict(Counter))
    unconfirmed: Counter = field(default_factory=Counter)

    def begun(self, track):
        """n_k."""
        return sum(self.on_track[track][status] for status in BEGUN)

    @property
    def completeness(self):
        """Share of the records that say what coverage needs; None where there are none."""
        return self.complete / self.named if self.named else None


def population_of(answer, *, tracks):
    """Of what the statement tells of one system. tracks: what each track counts as, by primary key."""
    found = Population()
    for part, tagged, number, open_ended, confirmed, mixed, complete in answer["part"]:
        found.named += number
        found.complete += complete
        if part == Status.UNDATED:
            found.undated += number
        elif part == Status.PLANNED:
            found.planned += number
        elif part in BEGUN and not tagged:
            found.untagged += number
        elif part in BEGUN:
            found.counted += number
            found.mixed += mixed
            found.open_ended += open_ended
            found.confirmed += confirmed
    for part, track, size, number, unconfirmed, *_ in answer["track"]:
        if part in BEGUN:
            found.sizes[track][size] += number
            found.unconfirmed[track] += unconfirmed
        if part in BEGUN or part == Status.PLANNED:
            found.on_track[track][part] += number
    found.tracks = listed(tracks, carried=found.on_track.keys())
    return found

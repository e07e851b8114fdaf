"""What ties two tracks, as a page shows it: the same numbers as coverage, with the records behind each."""

from dataclasses import dataclass

from initiatives.analytics.between import Between, Way
from initiatives.models import InitiativeLink
from initiatives.pages.addresses import Addresses
from initiatives.pages.coverage import figure
from initiatives.pages.sequence import RunRow, known
from taxonomy.models import Track


@dataclass(frozen=True)
class WayRead:
    """One direction. weights: [(level of evidence in words, flow)], of those that have any."""

    source: Track
    target: Track
    way: Way

    @property
    def weights(self):
        labels = dict(InitiativeLink.Evidence.choices)
        return [(label, self.way.weights[level]) for level, label in labels.items() if level in self.way.weights]

    @property
    def left_out(self):
        return self.way.number - len(self.way.links)


@dataclass(frozen=True)
class LinkagePage:
    """What a template needs of two tracks. Queries: none."""

    source: Track
    target: Track
    between: Between
    period: object
    addresses: Addresses

    @property
    def both(self):
        return figure(self.between.both, self.addresses.records(tracks=(self.source.code, self.target.code)))

    @property
    def all_records(self):
        """The N, whose links these are."""
        return self.addresses.counted()

    @property
    def left_out(self):
        return self.between.both - len(self.between.runs)

    @property
    def rows(self):
        return [
            RunRow(run, known(run.start), known(run.end) if run.end else "no end recorded")
            for run in self.between.runs
        ]

    @property
    def ways(self):
        return [
            WayRead(self.source, self.target, self.between.there),
            WayRead(self.target, self.source, self.between.back),
        ]

    @property
    def is_empty(self):
        return not (self.between.both or self.between.there.number or self.between.back.number)

    @property
    def alone(self):
        """Each of the two with the initiatives on it. Shape: [(Track, address)]."""
        tracks = (self.source, self.target)
        return [(track, self.addresses.records(tracks=(track.code,))) for track in tracks]

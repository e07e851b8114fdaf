"""The sequence of a system's initiatives as its page shows it: lanes, the same in words, and ways through time."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from initiatives.analytics.figures import Outline
from initiatives.analytics.sequence import Sequence
from initiatives.dates import Precision
from initiatives.drawing.choices import Drawing
from initiatives.drawing.lanes import lanes_of
from initiatives.models import Status
from initiatives.pages.addresses import Addresses
from initiatives.pages.coverage import figure
from initiatives.pages.window import Window

EARLIEST, LATEST = date(1000, 1, 1).toordinal(), date.max.toordinal()  # a year is written with four digits
CLOSEST = 62  # days


@dataclass(frozen=True)
class RunRow:
    """One initiative in words; dates say how precisely they are known."""

    run: object
    since: str
    until: str

    @property
    def words(self):
        """For the title of a bar."""
        return f"{self.run.initiative}: {self.since} to {self.until}; {self.run.status.label.lower()}"


@dataclass(frozen=True)
class LinkRow:
    source: object
    target: object
    kind: str
    evidence: str

    @property
    def words(self):
        return f"{self.source} {self.kind} {self.target}, {self.evidence}"


@dataclass(frozen=True)
class SequencePage:
    """What a template needs of one system's sequence. outline: its coverage over the same records in the same window.
    phases: of the system, in order."""

    sequence: Sequence
    outline: Outline
    period: object
    phases: tuple
    addresses: Addresses
    window: Window
    drawing: Drawing

    @cached_property
    def lanes(self):
        return lanes_of(self.sequence, self.period, self.phases, self.drawing.levels)

    @cached_property
    def rows(self):
        return [RunRow(run, known(run.start), known(run.end) if run.end else "no end recorded") for run in self.runs]

    @property
    def runs(self):
        return self.sequence.runs

    @cached_property
    def link_rows(self):
        """Every link of those drawn, whatever its level of evidence. Shape: {link's primary key: LinkRow}."""
        titles = {run.initiative.pk: run.initiative for run in self.runs}
        return {
            link.pk: LinkRow(
                titles[link.source_id], titles[link.target_id], link.get_kind_display(), link.get_evidence_display()
            )
            for link in self.sequence.links
        }

    @property
    def lane_rows(self):
        """Lanes with their bars in words, and their tracks' states. Shape: [(Lane, [(Bar, words)], TrackState)]."""
        states = {row.track: row.state for row in self.outline.tracks}
        words = {row.run.initiative.pk: row.words for row in self.rows}

        def told(bar):
            return f"{words[bar.run.initiative.pk]}; {'leads' if bar.leads else 'contributes'}"

        return [(lane, [(bar, told(bar)) for bar in lane.bars], states[lane.track]) for lane in self.lanes.lanes]

    @property
    def connector_rows(self):
        return [(connector, self.link_rows[connector.link.pk].words) for connector in self.lanes.connectors]

    @property
    def switches(self):
        return self.drawing.switches({link.evidence for link in self.sequence.links})

    # ---------------------------------------------------------------- figures

    @property
    def counted(self):
        return figure(self.sequence.counted, self.addresses.counted())

    @property
    def planned(self):
        return figure(self.sequence.planned, self.addresses.records(Status.PLANNED))

    @property
    def untagged(self):
        return figure(self.sequence.untagged, self.addresses.untagged())

    @property
    def undated(self):
        return figure(self.sequence.undated, self.addresses.records(Status.UNDATED))

    # ---------------------------------------------------------------- through time

    @property
    def zooms(self):
        """Shape: [(label, query)]; without those that lead nowhere."""
        first, last = self.lanes.span.first.toordinal(), self.lanes.span.last.toordinal()
        half, quarter = (last - first + 1) // 2, (last - first + 1) // 4
        windows = [("Earlier", first - half, last - half), ("Later", first + half, last + half)]
        if last - first > CLOSEST:
            windows.append(("Closer", first + quarter, last - quarter))
        windows.append(("Wider", first - half, last + half))
        return [(label, self._query(start, end)) for label, start, end in windows if self._leads_on(start, end)]

    @property
    def others(self):
        """The query of the window in which those left out are drawn, with status as of the same day; None where there
        are none, or the same would be drawn, or the window would end before it begins."""
        day = self.sequence.others_by
        if day is None or day == self.runs[-1].start.first or (self.period.from_day and day < self.period.from_day):
            return None
        return self.window.with_values(to=day.isoformat(), as_of=self.period.as_of.isoformat())

    def _leads_on(self, first, last):
        return last > EARLIEST and first < LATEST

    def _query(self, first, last):
        days = {"from": max(first, EARLIEST), "to": min(last, LATEST)}
        return self.window.with_values(**{name: date.fromordinal(day).isoformat() for name, day in days.items()})


def known(partial):
    """A PartialDate in words that say how precisely it is known."""
    return str(partial) if partial.precision == Precision.DAY else f"{partial} (known to the {partial.precision})"

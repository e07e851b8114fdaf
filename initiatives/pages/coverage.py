"""Coverage as its page shows it: each figure with the address of the records behind it, in the order of the rows."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from initiatives.analytics.figures import Coverage, TrackCoverage, TrackYear
from initiatives.dates import twelve_months_before
from initiatives.drawing.charts import year_chart
from initiatives.drawing.choices import Drawing
from initiatives.drawing.circle import circle_of_coverage
from initiatives.models import InitiativeLink, Status
from initiatives.pages.addresses import Addresses
from taxonomy.models import Principle, Track
from taxonomy.order import in_order

BALANCE_FROM = 5  # initiatives; below, balance says too little to be shown
CLASSES = 4  # of intensity above none
CAUTION_BELOW = 10  # initiatives
COMPLETE_FROM = 0.8


@dataclass(frozen=True)
class Figure:
    """A number and the list of what it counts. address: None where it counts nothing, or can't be asked for."""

    value: int
    address: str | None = None


def figure(value, address):
    return Figure(value, address if value else None)


@dataclass(frozen=True)
class TrackRow:
    coverage: TrackCoverage
    active: Figure
    planned: Figure
    suspended: Figure
    ended: Figure
    unconfirmed: Figure
    initiatives: Figure
    organisations: Figure
    funders: Figure

    @property
    def reach_percent(self):
        return 100 * self.coverage.reach

    @property
    def share_percent(self):
        return 100 * self.coverage.share


@dataclass(frozen=True)
class PairRow:
    a: Track
    b: Track
    initiatives: Figure
    jaccard: float
    address: str  # of what ties them


@dataclass(frozen=True)
class FlowRow:
    """From one track to another. weights: one a level of evidence, in the model's order; None where there is none."""

    source: Track
    target: Track
    weights: tuple[float | None, ...]
    address: str  # of the links behind it


@dataclass(frozen=True)
class Cell:
    """A principle on a track. heat: 0 for practised by none, up to 4 for practised by all; None: not assessed."""

    track: Track
    heat: int | None = None
    practised: Figure | None = None
    assessed: Figure | None = None
    evidenced: Figure | None = None
    median: float | None = None


@dataclass(frozen=True)
class PrincipleRow:
    principle: Principle
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class YearRow:
    year: int
    tracks: tuple[TrackYear, ...]


@dataclass(frozen=True)
class CoveragePage:
    """What a template needs of one system's coverage. Queries: none, but for the lens's labels."""

    coverage: Coverage
    lens: object
    addresses: Addresses
    drawing: Drawing = field(default_factory=Drawing)
    principles: tuple[Principle, ...] = ()

    @cached_property
    def circle(self):
        return circle_of_coverage(self.coverage, self.lens, self.drawing)

    @property
    def flow_switches(self):
        return self.drawing.switches({flow.evidence for flow in self.coverage.flows})

    @property
    def circle_words(self):
        """Each node of the circle with the figure of its initiatives. Shape: [(Node, Figure)]."""
        return list(zip(self.circle.nodes, (row.initiatives for row in self.track_rows), strict=True))

    @cached_property
    def years(self):
        return year_chart(self.coverage.years, self.coverage.period)

    @property
    def absent_from_years(self):
        """Tracks without a bar. Shape: [(Track, TrackState)]."""
        states = {row.track: row.state for row in self.coverage.tracks}
        return [(track, states[track]) for track in self.years.absent]

    @property
    def year_rows(self):
        grouped = groupby(self.coverage.years, key=lambda row: row.year)
        return [YearRow(year, tuple(rows)) for year, rows in grouped]

    # ---------------------------------------------------------------- the sentence

    @property
    def counted(self):
        return figure(self.coverage.initiatives, self.addresses.counted())

    @property
    def planned(self):
        return figure(self.coverage.planned, self.addresses.records(Status.PLANNED))

    @property
    def untagged(self):
        return figure(self.coverage.untagged, self.addresses.untagged())

    @property
    def undated(self):
        return figure(self.coverage.undated, self.addresses.records(Status.UNDATED))

    @property
    def is_empty(self):
        figures = self.coverage
        return not (figures.initiatives or figures.planned or figures.untagged or figures.undated)

    @property
    def active_tracks(self):
        return [row.track for row in self.coverage.tracks if row.active]

    # ---------------------------------------------------------------- tables

    @cached_property
    def track_rows(self):
        return [self._track_row(row) for row in self.coverage.tracks]

    @property
    def on_tracks(self):
        """Of each track, the address of who is on it. Shape: [(Track, address)]."""
        return [(row.track, self.addresses.on_track(row.track)) for row in self.coverage.tracks]

    @cached_property
    def stated(self):
        """What organisations state of tracks, whatever else is recorded there. Shape: [(TrackCoverage, Stated)]."""
        return [(row, one) for row in self.coverage.tracks for one in row.statements]

    def _track_row(self, row):
        def those(value, *statuses, **more):
            return figure(value, self.addresses.records(*statuses, tracks=(row.track.code,), **more))

        who = self.addresses.on_track(row.track)
        return TrackRow(
            coverage=row,
            active=those(row.active, Status.ACTIVE),
            planned=those(row.planned, Status.PLANNED),
            suspended=those(row.suspended, Status.SUSPENDED),
            ended=those(row.ended, Status.ENDED),
            unconfirmed=those(row.unconfirmed, Status.ACTIVE, unconfirmed=True),
            initiatives=those(row.initiatives),
            organisations=figure(row.organisations, who),
            funders=figure(row.funders, who),
        )

    @cached_property
    def pair_rows(self):
        return [
            PairRow(
                a=pair.a,
                b=pair.b,
                initiatives=figure(pair.initiatives, self.addresses.records(tracks=(pair.a.code, pair.b.code))),
                jaccard=pair.jaccard,
                address=self.addresses.between(pair.a, pair.b),
            )
            for pair in self.coverage.co_tagging
        ]

    @property
    def evidence_levels(self):
        """Headings of the weights of a FlowRow."""
        return InitiativeLink.Evidence.labels

    @cached_property
    def flow_rows(self):
        ways = groupby(self.coverage.flows, key=lambda flow: (flow.source, flow.target))
        rows = []
        for (source, target), flows in ways:
            by_level = {flow.evidence: flow.weight for flow in flows}
            weights = tuple(by_level.get(level) for level in InitiativeLink.Evidence.values)
            rows.append(FlowRow(source, target, weights, self.addresses.between(source, target)))
        return rows

    @cached_property
    def isolated(self):
        """Active tracks that nothing joins to another, with their active initiatives. Shape: [(Track, Figure)]."""
        rows = {row.coverage.track.pk: row for row in self.track_rows}
        return [(track, rows[track.pk].active) for track in self.coverage.isolated]

    @property
    def columns(self):
        """The tracks across the table of principles."""
        return [row.track for row in self.coverage.tracks]

    @cached_property
    def principle_rows(self):
        return principle_rows(self.coverage.principles, self.columns, self.principles, self.addresses)

    # ---------------------------------------------------------------- what may be said

    @property
    def shows_balance(self):
        return self.coverage.initiatives >= BALANCE_FROM

    @property
    def sharing_tracks(self):
        """How many tracks have a share; one with planned work alone has none."""
        return sum(row.share > 0 for row in self.coverage.tracks)

    @property
    def is_small(self):
        return self.coverage.initiatives < CAUTION_BELOW

    @property
    def is_incomplete(self):
        return self.coverage.completeness is not None and self.coverage.completeness < COMPLETE_FROM

    @property
    def needs_caution(self):
        """Too few or too incomplete for a comparison to carry far."""
        return self.is_small or self.is_incomplete

    @property
    def confirmed_since(self):
        """From this day on, a confirmation counts."""
        return twelve_months_before(self.coverage.as_of)

    @property
    def confirmed_percent(self):
        """Of the active ones without an end, those confirmed since then; None where there are none."""
        return 100 * self.coverage.confirmed / self.coverage.open_ended if self.coverage.open_ended else None

    @property
    def completeness_percent(self):
        return percent(self.coverage.completeness)

    @property
    def pair_percent(self):
        return percent(self.coverage.pair_coverage)


def principle_rows(found, tracks, principles, addresses):
    """Every principle given, and a retired one that is still rated; none where nothing was assessed.

    found: PrincipleOnTrack. Shape: [PrincipleRow].
    """
    if not found:
        return []
    cells = {(cell.principle.pk, cell.track.pk): cell for cell in found}
    rated = [cell.principle for cell in found]
    listed = {principle.pk: principle for principle in (*principles, *rated)}.values()
    return [
        PrincipleRow(
            principle, tuple(_cell(cells.get((principle.pk, track.pk)), track, addresses) for track in tracks)
        )
        for principle in listed
    ]


def _cell(found, track, addresses):
    if found is None:
        return Cell(track)
    asked = {"tracks": (track.code,), "principle": found.principle.code}
    return Cell(
        track=track,
        heat=heat(found.practised, found.assessed),
        practised=figure(found.practised, addresses.records(**asked, rated="practised")),
        assessed=figure(found.assessed, addresses.records(**asked)),
        evidenced=figure(found.evidenced, addresses.records(**asked, rated="evidenced")),
        median=found.median,
    )


def percent(fraction):
    """None stays None: not defined."""
    return None if fraction is None else 100 * fraction


def heat(practised, assessed):
    """0 where none practise it, else the quarter that the share lies in, 1-4."""
    return -(-CLASSES * practised // assessed)


def side_by_side(pages):
    """Tracks by systems. Shape: [(track, [TrackRow or None, one a page])], in circle order.

    None: the track is retired, and nothing in that system carries it.
    """
    tracks = {row.track.pk: row.track for page in pages for row in page.coverage.tracks}
    by_page = [{row.coverage.track.pk: row for row in page.track_rows} for page in pages]
    return [(track, [rows.get(track.pk) for rows in by_page]) for track in in_order(tracks.values())]

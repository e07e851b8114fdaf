"""The figures themselves: frozen, without queries, for a template, a chart or an export to read.

Source of every definition: docs/definitions.md.
Units: initiatives, unless a field says otherwise.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models

from initiatives.models import CoverageStatement
from initiatives.period import Period
from taxonomy.models import Principle, Track


class TrackState(models.TextChoices):
    """In words, never as a score. "None recorded" is not "no activity"."""

    ACTIVE = "active", "active"
    SUSPENDED_ONLY = "suspended_only", "suspended only"
    DORMANT = "dormant", "dormant"
    PLANNED_ONLY = "planned_only", "planned only"
    REVIEWED_NONE_FOUND = "reviewed_none_found", "reviewed: none found"
    DELIBERATELY_NOT_ENGAGED = "deliberately_not_engaged", "deliberately not engaged"
    NONE_RECORDED = "none_recorded", "none recorded"


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A coverage statement that holds on the day. words: its kind in words. signed_for: the organisation's name as the
    network may know it; organisation: its code, or None where it isn't named."""

    ref: UUID
    kind: str
    words: str
    reason: str
    signed_for: str
    organisation: str | None
    stated_on: date
    lapses_on: date

    @property
    def state(self):
        """What it makes of a track on which nothing is recorded."""
        found_none = self.kind == CoverageStatement.Kind.NONE_FOUND
        return TrackState.REVIEWED_NONE_FOUND if found_none else TrackState.DELIBERATELY_NOT_ENGAGED

    @property
    def state_words(self):
        """The state as a drawing says it: who was not invited did not choose so."""
        return "not invited" if self.kind == CoverageStatement.Kind.NOT_INVITED else str(self.state.label)


@dataclass(frozen=True, kw_only=True)
class TrackOutline:
    """One track. reach, share: fractions of N, 0 where N is 0. statements: those that hold, the latest first."""

    track: Track
    active: int
    planned: int
    suspended: int
    ended: int
    unconfirmed: int  # part of active
    reach: float
    share: float
    state: TrackState
    statements: tuple[Stated, ...] = ()

    @property
    def initiatives(self):
        """n_k: those on this track, the planned left out."""
        return self.active + self.suspended + self.ended

    @property
    def recorded(self):
        """The planned included: a statement gives way to any of them."""
        return self.initiatives + self.planned


@dataclass(frozen=True, kw_only=True)
class TrackCoverage(TrackOutline):
    """organisations, funders: distinct organisations."""

    organisations: int
    funders: int


@dataclass(frozen=True)
class CoTagging:
    """Initiatives on both tracks; jaccard: of those on either, as a fraction."""

    a: Track
    b: Track
    initiatives: int
    jaccard: float


@dataclass(frozen=True)
class Flow:
    """Weight of the links that lead from one track to another, at one level of evidence."""

    source: Track
    target: Track
    weight: float
    evidence: str


@dataclass(frozen=True)
class PrincipleOnTrack:
    """median: None unless three or more were assessed."""

    principle: Principle
    track: Track
    practised: int
    assessed: int
    evidenced: int
    median: float | None


@dataclass(frozen=True)
class TrackYear:
    year: int
    track: Track
    active: int
    started: int
    ended: int


@dataclass(frozen=True)
class Localness:
    """local: initiatives with a local lead, implementer or partner; led: with a local lead.
    known: those with at least one such organisation of known localness; led_known: with a lead of known one."""

    local: int
    known: int
    led: int
    led_known: int


@dataclass(frozen=True)
class Concentration:
    """organisations: m, those with a lead or implementing part; without: initiatives that name none.
    hhi: sum of squared shares, None where m is 0; normalised: None where m is below 2."""

    organisations: int
    without: int
    hhi: float | None
    normalised: float | None


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Which tracks a conflict system is engaging, over one window, on one day, for one reader: what a small circle in
    a list says. Ties between tracks are left out.

    initiatives: N. tracks: every track in use in circle order, and a retired one that records still carry.
    breadth: tracks with an active initiative. bridges: of the N, those of mixed officiality ("Track 1.5").
    """

    system: object
    period: Period
    initiatives: int
    planned: int
    untagged: int
    undated: int
    tracks: tuple[TrackOutline, ...]
    breadth: int
    bridges: int
    named: int  # the published records naming the system, whatever the window
    complete: int  # of those, the ones that say what coverage needs
    completeness: float | None  # their share; None where there are none
    open_ended: int  # active without an end
    confirmed: int  # of those, confirmed within twelve months
    co_tagging: tuple[CoTagging, ...] = ()
    flows: tuple[Flow, ...] = ()

    @property
    def as_of(self) -> date:
        return self.period.as_of


@dataclass(frozen=True, kw_only=True)
class Coverage(Outline):
    """All of it. effective_tracks, evenness_*: None where undefined. years: every year of the trend x every track."""

    tracks: tuple[TrackCoverage, ...]
    effective_tracks: float | None
    evenness_nine: float | None
    evenness_present: float | None
    pair_coverage: float | None
    isolated: tuple[Track, ...]
    principles: tuple[PrincipleOnTrack, ...]
    years: tuple[TrackYear, ...]
    concentration: Concentration
    localness: Localness
    critical: tuple[tuple[Track, object], ...]  # (track, the one Organisation it hangs on)
    contributors: int  # owning organisations of the N

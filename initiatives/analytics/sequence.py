"""When each initiative of a system ran, and what it was linked to: the records behind coverage, in order of time.

Source: docs/definitions.md, "Population" and "Sequence".
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from initiatives.dates import PartialDate
from initiatives.models import BEGUN, Initiative, InitiativeLink, Status, TrackTag
from initiatives.timing import engagements_on, in_window, with_status
from taxonomy.models import Track
from taxonomy.order import listed

DRAWN = 200  # initiatives at once


@dataclass(frozen=True)
class Run:
    """An initiative as it is engaged in the system: dates as precise as the reader may see them, status on the as-of
    day. tracks: pairs (track it counts under, whether it leads), the lead first. pauses: see `Shown.pauses`."""

    initiative: Initiative
    status: Status
    start: PartialDate
    end: PartialDate | None
    pauses: tuple
    tracks: tuple[tuple[Track, bool], ...]


@dataclass(frozen=True)
class Sequence:
    """runs: the latest DRAWN of the N (`counted`) to have begun, by start. planned, undated, untagged: told apart, and
    not drawn. tracks: those listed, in circle order. links: with both ends among the runs, in the order of their
    sources. others_by: the day by which every other of the N had begun; None where there is none."""

    runs: tuple[Run, ...]
    counted: int
    planned: int
    undated: int
    untagged: int
    tracks: tuple[Track, ...]
    links: tuple[InitiativeLink, ...]
    others_by: date | None = None

    @property
    def records(self):
        """All that are drawn. Shape: [Initiative]."""
        return [run.initiative for run in self.runs]

    @property
    def left_out(self):
        return self.counted - len(self.runs)


def sequence(initiatives, *, system, period, reader):
    """When the given initiatives ran in the system.

    initiatives: a queryset of what the reader may open (`visible_to`).
    Queries: seven, however many initiatives there are.
    """
    under = Track.objects.counted_under()
    tagged = Exists(TrackTag.objects.counting(lead_only=period.lead_only).filter(initiative=OuterRef("initiative")))
    engaged = engagements_on(period.as_of, reader).filter(
        conflict_system=system, initiative__in=initiatives.order_by().values("pk")
    )
    begun = Q(status_then__in=BEGUN) & in_window(period)
    visible = Initiative.objects.visible_to(reader).prefetch_related("track_tags", "suspensions")
    latest = engaged.filter(begun, tagged).order_by("-began", "-initiative_id")
    engagements = latest.prefetch_related(Prefetch("initiative", visible))[: DRAWN + 1]
    found = [run_of(engagement, under, period) for engagement in engagements]
    runs, others = tuple(reversed(found[:DRAWN])), found[DRAWN:]
    carried = {track.pk for run in runs for track, _ in run.tracks}
    counts = engaged.annotate(tagged=tagged).aggregate(
        counted=Count("pk", filter=begun & Q(tagged=True)),
        untagged=Count("pk", filter=begun & Q(tagged=False)),
        planned=Count("pk", filter=with_status([Status.PLANNED], period)),
        undated=Count("pk", filter=Q(status_then=Status.UNDATED)),
    )
    return Sequence(
        runs=runs,
        tracks=listed(under, carried=carried),
        links=_links(runs),
        others_by=others[0].start.first if others else None,
        **counts,
    )


def run_of(engagement, under, period):
    """An engagement with its columns of timing.py and its initiative's tags and pauses at hand, as a Run.

    under: what each track counts as. Queries: none.
    """
    initiative = engagement.initiative
    leading = {}
    for tag in initiative.track_tags.all():
        leads = tag.emphasis == TrackTag.Emphasis.LEAD
        if leads or not period.lead_only:
            track = under[tag.track_id]
            leading[track] = leading.get(track, False) or leads
    return Run(
        initiative=initiative,
        status=Status(engagement.status_then),
        start=engagement.shown_start or initiative.shown.start,
        end=engagement.shown_end or initiative.shown.end,
        pauses=tuple(initiative.shown.pauses),
        tracks=tuple(sorted(leading.items(), key=lambda item: (not item[1], item[0].position, item[0].code))),
    )


def _links(runs):
    """Of the runs with one another; both ends are among what the reader may open."""
    ends = {run.initiative.pk: place for place, run in enumerate(runs)}
    links = InitiativeLink.objects.filter(source__in=ends, target__in=ends)
    return tuple(sorted(links, key=lambda link: (ends[link.source_id], ends[link.target_id], link.kind)))

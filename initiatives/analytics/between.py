"""What ties two tracks to one another: the initiatives on both, and the links that lead from one to the other.

Source: docs/definitions.md, "Linkage".
"""

from collections import defaultdict
from dataclasses import dataclass
from math import fsum

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery

from initiatives.analytics.portfolio import counts_as
from initiatives.analytics.sequence import Run, run_of
from initiatives.models import BEGUN, InitiativeLink, TrackTag
from initiatives.timing import engagements_on, in_window
from taxonomy.models import Track

SHOWN = 100  # initiatives, and links each way


@dataclass(frozen=True)
class Way:
    """Links from one track to another. links: the first SHOWN of the `number`, each with its part of the flow as
    `weight`. weights: {level of evidence: flow F_kl}, of all of them, without levels that have none."""

    links: tuple[InitiativeLink, ...]
    number: int
    weights: dict[str, float]


@dataclass(frozen=True)
class Between:
    """runs: the first SHOWN, by start, of those on both tracks (`both`: the C_kl). there, back: links each way."""

    runs: tuple[Run, ...]
    both: int
    there: Way
    back: Way

    @property
    def records(self):
        """All that are shown: on both tracks, or at an end of a link. Shape: [Initiative], some more than once."""
        links = (*self.there.links, *self.back.links)
        return [run.initiative for run in self.runs] + [end for link in links for end in (link.source, link.target)]


def between(initiatives, source, target, *, system, period, reader):
    """The records behind co-tagging and flow of two tracks, over the N of coverage.

    initiatives: a queryset of what the reader may open (`visible_to`); a link has both ends among them.
    source, target: two tracks that others may count under. Queries: ten, however many records there are.
    """
    under = Track.objects.counted_under()
    tags = TrackTag.objects.counting(lead_only=period.lead_only)
    engaged = engagements_on(period.as_of, reader).filter(
        in_window(period),
        conflict_system=system,
        status_then__in=BEGUN,
        initiative__in=initiatives.order_by().values("pk"),
    )
    on_source, on_target = (Q(Exists(_carrying(tags, track, under))) for track in (source, target))
    on_both = engaged.filter(on_source, on_target)
    visible = initiatives.order_by().prefetch_related("track_tags", "suspensions")
    first = on_both.order_by("began", "initiative_id").prefetch_related(Prefetch("initiative", visible))
    ends = [engaged.filter(condition).values("initiative") for condition in (on_source, on_target)]
    return Between(
        runs=tuple(run_of(engagement, under, period) for engagement in first[:SHOWN]),
        both=on_both.count(),
        there=_way(*ends, tags, under),
        back=_way(*ends[::-1], tags, under),
    )


def _carrying(tags, track, under):
    counting = [pk for pk, own in under.items() if own.pk == track.pk]
    return tags.filter(initiative=OuterRef("initiative"), track__in=counting)


def _way(sources, targets, tags, under):
    links = InitiativeLink.objects.filter(source__in=sources, target__in=targets).annotate(
        source_size=_size("source", tags, under), target_size=_size("target", tags, under)
    )
    parts, number = defaultdict(list), 0
    counts = links.order_by().values_list("evidence", "source_size", "target_size").annotate(n=Count("pk"))
    for evidence, source_size, target_size, n in counts:
        parts[evidence].append(n / (source_size * target_size))
        number += n
    shown = tuple(links.select_related("source", "target").order_by("pk")[:SHOWN])
    for link in shown:
        link.weight = 1 / (link.source_size * link.target_size)
    return Way(shown, number, {evidence: fsum(each) for evidence, each in parts.items()})


def _size(end, tags, under):
    """How many tracks an end of a link counts on."""
    own = tags.filter(initiative=OuterRef(end)).order_by().annotate(own=counts_as("track", under))
    return Subquery(own.values("initiative").annotate(n=Count("own", distinct=True)).values("n"))

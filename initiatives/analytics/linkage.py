"""How tracks are tied to one another: by initiatives on both, and by what one fed into another.

A link is no proof of effect. Source: docs/definitions.md, "Linkage".
"""

from collections import defaultdict
from itertools import combinations
from math import comb, fsum

from initiatives.analytics.figures import CoTagging, Flow
from initiatives.models import InitiativeLink, Status


def co_taggings(population, pairs):
    """Pairs of tracks with an initiative on both, each pair once, in circle order. pairs: (word, a, b, number, …)."""
    together = {frozenset((a, b)): number for _, a, b, number, *_ in pairs}
    found = []
    for a, b in combinations(population.tracks, 2):
        both = together.get(frozenset((a.pk, b.pk)))
        if both:
            either = population.begun(a.pk) + population.begun(b.pk) - both
            found.append(CoTagging(a=a, b=b, initiatives=both, jaccard=both / either))
    return tuple(found)


def flows(population, links):
    """Weight of the links from track to track by evidence, in circle order. A link is split evenly over the pairs
    of its ends' tracks; what stays on one track is no flow. links: (evidence, from, to, pairs, number, …)."""
    weights = defaultdict(list)
    for evidence, origin, goal, pairs, number, *_ in links:
        weights[origin, goal, evidence].append(number / pairs)
    return tuple(
        Flow(source=source, target=target, weight=fsum(weights[key]), evidence=evidence)
        for source in population.tracks
        for target in population.tracks
        for evidence in InitiativeLink.Evidence.values
        if (key := (source.pk, target.pk, evidence)) in weights
    )


def linked_pairs(co_tagging, flows):
    """Unordered pairs of tracks with either; as primary keys."""
    return {frozenset((tie.a.pk, tie.b.pk)) for tie in co_tagging} | {
        frozenset((flow.source.pk, flow.target.pk)) for flow in flows
    }


def pair_coverage(pairs, tracks):
    """Linked pairs as a fraction of those possible; None below two tracks."""
    possible = comb(len(tracks), 2)
    return len(pairs) / possible if possible else None


def isolated(pairs, population):
    """Active tracks in no linked pair."""
    linked = frozenset().union(*pairs)
    active = (track for track in population.tracks if population.on_track[track.pk][Status.ACTIVE])
    return tuple(track for track in active if track.pk not in linked)

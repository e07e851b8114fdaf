"""Ties between tracks: initiatives on both, and links that lead from one to another."""

import pytest

from initiatives.models import Initiative, InitiativeLink
from tests.factories import make_initiative
from tests.initiatives.asking import coverage_of


@pytest.fixture
def log(valley, tracks):
    """Log an initiative in the valley on the tracks of these codes."""

    def _log(*codes, **told):
        return make_initiative(conflicts=[valley], tracks=[tracks[code] for code in codes], **told)

    return _log


def link(source, target, kind="feeds_into", evidence="claimed"):
    return InitiativeLink.objects.create(source=source, target=target, kind=kind, evidence=evidence)


def ties(found):
    return [(tie.a.code, tie.b.code, tie.initiatives, tie.jaccard) for tie in found.co_tagging]


def flows(found):
    return [(flow.source.code, flow.target.code, flow.weight, flow.evidence) for flow in found.flows]


def test_co_tagging_is_told_once_a_pair_in_circle_order(valley, log):
    log("media", "business")
    log("business", "media", "religion", end="2020-01-01")
    log("business")
    log("business", "media", start="2021")
    assert ties(coverage_of(valley)) == [
        ("business", "religion", 1, 1 / 3),
        ("business", "media", 2, 2 / 3),
        ("religion", "media", 1, 1 / 2),
    ]


def test_a_link_is_split_evenly_over_the_pairs_of_tracks_of_its_ends(valley, log):
    link(log("conflict-resolution", "private-citizen"), log("government"))
    assert flows(coverage_of(valley)) == [
        ("conflict-resolution", "government", 1 / 2, "claimed"),
        ("private-citizen", "government", 1 / 2, "claimed"),
    ]


def test_what_stays_on_one_track_is_no_flow(valley, log):
    link(log("business"), log("business"))
    link(log("business", "media"), log("media"))
    assert flows(coverage_of(valley)) == [("business", "media", 1 / 2, "claimed")]


def test_flows_add_up_by_level_of_evidence_over_every_kind(valley, log):
    giver, taker = log("business"), log("media")
    link(giver, taker, "feeds_into")
    link(giver, taker, "undermines")
    link(giver, taker, "funds", "independent")
    link(taker, giver, "amplifies", "confirmed")
    assert flows(coverage_of(valley)) == [
        ("business", "media", 2, "claimed"),
        ("business", "media", 1, "independent"),
        ("media", "business", 1, "confirmed"),
    ]


@pytest.mark.parametrize(
    "outside", [{"start": "2008", "end": "2009"}, {"start": "2020-07-01"}, {"publication": "draft"}, {"start": None}]
)
def test_a_link_counts_only_if_both_its_ends_do(valley, log, outside):
    inside = log("business")
    link(inside, log("media", **outside))
    link(log("media", **outside), inside)
    assert flows(coverage_of(valley, from_day="2010", as_of="2020-06-30")) == []


def test_a_link_to_another_system_or_to_an_untagged_record_counts_not(valley, log, tracks):
    inside = log("business")
    link(inside, make_initiative(tracks=[tracks["media"]]))
    link(inside, log())
    assert flows(coverage_of(valley)) == []


def test_a_link_to_what_the_reader_cannot_open_counts_not(valley, alice, olga, log):
    shown = log("business", sharing="network")
    link(shown, log("media", sharing="restricted", by=alice))
    assert flows(coverage_of(valley, initiatives=Initiative.objects.visible_to(olga))) == []
    assert len(flows(coverage_of(valley, initiatives=Initiative.objects.visible_to(alice)))) == 1


def test_lead_tracks_only_leads_a_link_from_lead_to_lead(valley, log):
    link(log("business", "media"), log("religion", "funding"))
    assert flows(coverage_of(valley, as_of="2020-06-30", lead_only="on")) == [("business", "religion", 1, "claimed")]


def test_pairs_count_once_whether_tagged_together_or_linked(valley, log, tracks):
    link(log("business", "media"), log("media"))
    link(log("media"), log("religion", end="2020-01-01"))
    log("funding")
    log("activism", end="2020-01-01")
    found = coverage_of(valley)
    assert found.pair_coverage == 2 / 36  # business-media and media-religion
    assert found.isolated == (tracks["funding"],)  # activism isn't active


def test_an_active_track_linked_only_to_an_ended_one_is_not_isolated(valley, log):
    link(log("business", end="2019", start="2018"), log("media"))
    assert coverage_of(valley).isolated == ()


def test_one_track_alone_has_no_pairs_to_cover(valley, log, tracks):
    log("business")
    for code, track in tracks.items():
        if code != "business":
            track.status = "retired"
            track.save()
    found = coverage_of(valley)
    assert (found.pair_coverage, found.evenness_nine) == (None, None)
    assert found.isolated == (tracks["business"],)

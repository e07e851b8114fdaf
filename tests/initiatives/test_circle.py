"""The circle as numbers: where nodes stand, what their marks say, what the lines join."""

from math import dist, hypot
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from initiatives.analytics.figures import CoTagging, Coverage, Flow, TrackCoverage, TrackState
from initiatives.drawing.choices import LEVELS, Drawing
from initiatives.drawing.circle import INWARDS, NODE, circle_of_coverage, circle_of_initiative
from initiatives.period import Period
from taxonomy.models import Track


class Numbered:
    """A lens that numbers tracks by their position, the ninth one left out."""

    def label(self, track):
        return str(track.position) if track.position != 9 else ""

    def text(self, track):
        return f"{self.label(track)} {track.name}".strip()


def some_tracks(count):
    codes = ["government", "conflict-resolution", *(f"track-{n}" for n in range(3, count + 1))][:count]
    return [Track(pk=n, code=code, name=code.title(), position=n) for n, code in enumerate(codes, start=1)]


def row(track, state=TrackState.NONE_RECORDED, **counts):
    zeros = dict.fromkeys(("active", "planned", "suspended", "ended", "unconfirmed", "organisations", "funders"), 0)
    return TrackCoverage(**zeros | counts, track=track, reach=0, share=0, state=state)


def coverage_of(rows, **figures):
    """Coverage with these rows and, unless told otherwise, nothing else."""
    empty = dict.fromkeys(("co_tagging", "flows", "isolated", "principles", "years", "critical"), ())
    names = Coverage.__dataclass_fields__.keys() - empty.keys() - {"system", "period", "tracks"}
    system = SimpleNamespace(code="valley", __str__=lambda self: "Valley")
    fields = dict.fromkeys(names, 0) | empty | {"system": system, "period": Period.default()} | figures
    return Coverage(**fields, tracks=tuple(rows))


def circle_of(rows, *, turn=0, arcs=True, levels=LEVELS, **figures):
    return circle_of_coverage(coverage_of(rows, **figures), Numbered(), Drawing(turn=turn, arcs=arcs, levels=levels))


@pytest.mark.parametrize("count", [1, 2, 3, 8, 9, 10, 14])
def test_nodes_stand_at_equal_radius_and_equal_distance(count):
    nodes = circle_of([row(track) for track in some_tracks(count)]).nodes
    assert len(nodes) == count
    assert len({round(hypot(node.x, node.y), 1) for node in nodes}) == 1
    following = [*nodes[1:], nodes[0]]
    distances = [dist((a.x, a.y), (b.x, b.y)) for a, b in zip(nodes, following, strict=True)]
    assert max(distances) - min(distances) < 0.1
    if count > 1:
        assert min(distances) > 3 * NODE


@pytest.mark.parametrize("turn", range(9))
def test_no_track_is_the_top_one_for_good(turn):
    unturned = circle_of([row(track) for track in some_tracks(9)]).nodes
    turned = circle_of([row(track) for track in some_tracks(9)], turn=turn).nodes
    assert all(node.x != 0 or node.y > 0 for node in turned)
    for place, node in enumerate(turned):
        there = unturned[(place + turn) % 9]
        assert (node.x, node.y) == pytest.approx((there.x, there.y), abs=0.02)


def test_turning_comes_round():
    circle = circle_of([row(track) for track in some_tracks(9)], turn=8)
    assert circle.next_turn == 0
    assert circle_of([row(track) for track in some_tracks(9)], turn=11).turn == 2


@pytest.mark.parametrize("turn", [0, 5])
def test_each_track_knows_the_turn_at_which_it_is_the_first_after_the_top(turn):
    rows = [row(track) for track in some_tracks(9)]
    first = circle_of(rows).nodes[0]
    for place, node in enumerate(circle_of(rows, turn=turn).nodes):
        turned = circle_of(rows, turn=node.top_turn).nodes[place]
        assert (turned.x, turned.y) == (first.x, first.y)


@pytest.mark.parametrize(
    ("state", "counts", "mark", "count", "shape"),
    [
        ("active", {"active": 2, "ended": 5}, "active", 2, ""),
        ("suspended_only", {"suspended": 3, "ended": 1}, "suspended-only", 3, "stripes"),
        ("dormant", {"ended": 4}, "dormant", 4, "dots"),
        ("planned_only", {"planned": 1}, "planned-only", 1, ""),
        ("reviewed_none_found", {}, "reviewed-none-found", 0, ""),
        ("deliberately_not_engaged", {}, "deliberately-not-engaged", 0, "bar"),
        ("none_recorded", {}, "none-recorded", 0, ""),
    ],
)
def test_a_state_shows_by_fill_pattern_words_and_the_count_that_gives_it(state, counts, mark, count, shape):
    (node,) = circle_of([row(some_tracks(1)[0], TrackState(state), **counts)]).nodes
    assert (node.mark, node.count, node.shape) == (mark, count, shape)
    assert node.words == TrackState(state).label
    assert " ".join(line.text for line in node.lines if line.kind == "state") == node.words


def test_names_stand_outside_the_ring_and_wrap():
    tracks = some_tracks(9)
    tracks[4].name = "Research, Training and Education"
    tracks[8].name = "Communications and the Media"
    nodes = circle_of([row(track) for track in tracks]).nodes
    assert [line.text for line in nodes[4].lines if line.kind == "name"] == ["Research,", "Training and", "Education"]
    assert nodes[4].lines[0].label == "5"
    assert [line.text for line in nodes[8].lines if line.kind == "name"] == ["Communications", "and the Media"]
    assert nodes[8].lines[0].label == ""
    for node in nodes:
        outward = [line.y < node.y - NODE if node.y < 0 else line.y > node.y + NODE for line in node.lines]
        assert all(outward)


def test_arcs_grow_with_the_count_and_can_be_left_out():
    tracks = some_tracks(9)
    pairs = (CoTagging(tracks[0], tracks[3], 10, 0.5), CoTagging(tracks[1], tracks[8], 5, 0.2))
    rows = [row(track) for track in tracks]
    wide, narrow = circle_of(rows, co_tagging=pairs).arcs
    assert (wide.width, narrow.width) == (8, 4)
    assert wide.words == "1 Government and 4 Track-4: 10 on both"
    assert circle_of(rows, co_tagging=pairs, arcs=False).arcs == ()


def test_flows_there_and_back_lie_apart_and_stop_before_the_node():
    tracks = some_tracks(9)
    flows = (Flow(tracks[0], tracks[3], 1, "claimed"), Flow(tracks[3], tracks[0], 0.5, "claimed"))
    circle = circle_of([row(track) for track in tracks], flows=flows)
    there, back = circle.flows
    assert there.kind == "claimed"
    start = tuple(float(part) for part in there.path.removeprefix("M").split("Q")[0].split())
    end = tuple(float(part) for part in back.path.split()[-2:])
    node = circle.nodes[0]
    assert dist(start, (node.x, node.y)) == pytest.approx(NODE + 4, abs=0.2)
    assert dist(start, end) > 5
    assert circle_of([row(track) for track in tracks], flows=flows, levels=()).flows == ()


def test_arrows_can_be_left_out_by_level_of_evidence():
    tracks = some_tracks(9)
    flows = tuple(Flow(tracks[0], tracks[3], 1, level) for level in LEVELS)
    rows = [row(track) for track in tracks]
    kinds = [flow.kind for flow in circle_of(rows, flows=flows, levels=("claimed", "independent")).flows]
    assert kinds == ["claimed", "independent"]


def test_a_node_tells_its_figures_in_words():
    first, second = some_tracks(2)
    counts = {"active": 2, "unconfirmed": 1, "ended": 3, "planned": 1, "organisations": 1, "funders": 2}
    told, untold = circle_of([row(first, TrackState.ACTIVE, **counts), row(second)], initiatives=7).nodes
    assert told.figures == (
        *("2 active, of these 1 unconfirmed, 3 ended", "1 planned", "on 5 of 7 initiatives"),
        *("1 organisation", "2 funders"),
    )
    assert untold.figures == ()
    assert [line.text for line in untold.caption] == ["Conflict-Resolution", "none recorded"]
    assert [line.label for line in untold.caption] == ["2", ""]
    middle = sum(line.y for line in told.caption) / len(told.caption)
    assert middle == pytest.approx(4)


def test_track_one_and_a_half_is_a_bridge_and_no_node():
    rows = [row(track) for track in some_tracks(9)]
    assert circle_of(rows).bridge is None
    circle = circle_of(rows, bridges=2)
    assert len(circle.nodes) == 9
    first, second = circle.nodes[:2]
    middle = ((first.x + second.x) / 2, (first.y + second.y) / 2)
    sign = (circle.bridge.x, circle.bridge.y)
    assert sign == pytest.approx([INWARDS * part for part in middle], abs=0.02)
    assert hypot(*sign) < hypot(*middle)
    assert circle.bridge.words == "Track 1.5: 2 of mixed officiality"
    assert circle.bridge.sign == "1.5: 2"
    assert circle_of(rows, bridges=200).bridge.sign_width > circle.bridge.sign_width


def test_no_bridge_where_one_of_its_ends_is_not_listed():
    assert circle_of([row(track) for track in some_tracks(9)[1:]], bridges=2).bridge is None


def test_the_description_says_every_state_in_words():
    first, second, third = some_tracks(3)
    circle = circle_of([row(first, TrackState.ACTIVE, active=1), row(second), row(third, TrackState.ACTIVE, active=2)])
    assert circle.description == "Active: 1 Government; 3 Track-3. None recorded: 2 Conflict-Resolution."


def test_an_initiative_marks_its_lead_and_its_contributing_tracks():
    tracks = some_tracks(9)
    circle = circle_of_initiative(
        tracks, Numbered(), lead=tracks[1], contributing=[tracks[0], tracks[4]], officiality="mixed"
    )
    assert [node.mark for node in circle.nodes[:5]] == ["contributing", "lead", "open", "open", "contributing"]
    assert circle.description == "Lead track: 2 Conflict-Resolution. Contributing: 1 Government; 5 Track-5."
    assert circle.bridge.words == "Track 1.5"
    unofficial = circle_of_initiative(tracks, Numbered(), lead=tracks[1], officiality="unofficial")
    assert unofficial.bridge is None


def test_a_retired_track_still_carried_stands_on_the_circle_of_its_initiative():
    tracks = some_tracks(9)
    retired = Track(pk=10, code="retired", name="Retired", position=10)
    circle = circle_of_initiative(tracks, Numbered(), lead=retired)
    assert len(circle.nodes) == 10
    assert circle.nodes[9].mark == "lead"


def test_hostile_names_are_escaped_and_nothing_is_inline():
    tracks = some_tracks(9)
    tracks[2].name = "<script>alert(1)</script>"
    circle = circle_of([row(track, TrackState.DORMANT, ended=1) for track in tracks], bridges=1)
    for template in ("initiatives/_circle.html", "initiatives/_circle_small.html"):
        html = render_to_string(template, {"circle": circle})
        assert "<script" not in html
        assert "style=" not in html
        assert html.count("node-disc") == 9


def test_numbers_keep_their_point_in_every_language(settings):
    settings.LANGUAGE_CODE = "fr"
    html = render_to_string("initiatives/_circle.html", {"circle": circle_of([row(t) for t in some_tracks(9)])})
    assert 'cx="47.88"' in html

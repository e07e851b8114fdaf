"""The circle of tracks as plain geometry, for a template to draw: no request, no query, no colour.

Equal nodes at equal radius and equal distance, however many tracks are listed. With `turn`, every track moves that
many places on; even unturned, none stands at the very top. Names are given by the reader's lens.
Units: those of the drawing, with the centre at 0, 0 and y growing downwards.
"""

import textwrap
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from django.template.defaultfilters import floatformat, pluralize

from initiatives.analytics.figures import Coverage, Outline, TrackState
from initiatives.drawing.choices import LEVELS, Drawing
from taxonomy.models import Officiality, Track

RING = 140  # radius of the circle, more where many tracks would stand too close
DISTANCE = 95  # least distance between neighbours
NODE = 23  # radius of a node
SMALL_NODE = 38  # the same in a small circle, which has no names to leave room for
LINE = 14  # from one line of text to the next
WRAP = 15  # characters a line
CAPTION_WRAP = 26  # the same in the middle of the circle
OUTWARD = 30  # how far at most a name is moved to the side, away from its neighbours
SIDE = 88  # room for names at either side
WIDEST, STRONGEST = 8, 4  # the widest arc and the widest arrow, in units of the drawing
TOLD = 2  # statements of a track that stand in the middle
RAIL = 3.5  # a rail of the bridge from its middle
INWARDS = 0.88  # where the bridge's sign hangs, as a part of the way to its middle: clear of the names outside
STATED = (TrackState.REVIEWED_NONE_FOUND, TrackState.DELIBERATELY_NOT_ENGAGED)
BRIDGED = ("government", "conflict-resolution")  # what Track 1.5 stands between
WORDS = {
    "lead": "leads",
    "contributing": "contributes",
    "open": "",
}


@dataclass(frozen=True)
class TextLine:
    """One line beside a node, or in the middle. label: the lens's number, where the line begins with it."""

    y: float
    label: str
    text: str
    kind: str  # "name", "state" or "figures"


@dataclass(frozen=True)
class Node:
    """A track on the circle. mark: what decides its fill, as a CSS word; words: the same for a reader.

    label: the lens's number, with which the name begins. figures: in words, one text each; none where none are told.
    top_turn: the `turn` at which it is the first after the top.
    """

    code: str
    name: str
    x: float
    y: float
    mark: str
    words: str
    count: int | None
    text_x: float
    lines: tuple[TextLine, ...]
    label: str = ""
    figures: tuple[str, ...] = ()
    top_turn: int = 0

    @property
    def caption(self):
        """Name, state and figures, as lines around the middle of the circle."""
        texts = [(line, "name") for line in textwrap.wrap(self.name, CAPTION_WRAP, max_lines=2, placeholder="…")]
        texts += [(line, "state") for line in textwrap.wrap(self.words, CAPTION_WRAP)]
        texts += [(line, "figures") for text in self.figures for line in textwrap.wrap(text, CAPTION_WRAP + 4)]
        return _stacked(texts, -LINE * (len(texts) - 1) / 2 + 4, self.label)

    @property
    def shape(self):
        """Shape of the mark's pattern, so that it is told apart without colour; "" for a plain fill."""
        return {"suspended-only": "stripes", "dormant": "dots", "deliberately-not-engaged": "bar"}.get(self.mark, "")


@dataclass(frozen=True)
class Curve:
    """A line through the inside. kind: "arc", or the level of evidence of a flow. words: what it says."""

    path: str
    width: float
    kind: str
    words: str


@dataclass(frozen=True)
class Bridge:
    """Track 1.5, between the two tracks that it joins. rails: two lines as (x1, y1, x2, y2); x, y: of its sign."""

    rails: tuple[tuple[float, float, float, float], ...]
    x: float
    y: float
    count: int | None
    words: str

    @property
    def sign(self):
        return "1.5" if self.count is None else f"1.5: {self.count:,}"

    @property
    def sign_width(self):
        """Room for its letters."""
        return 8 + 6 * len(self.sign)

    @property
    def sign_x(self):
        return round(self.x - self.sign_width / 2, 2)


@dataclass(frozen=True)
class Circle:
    """key: a code that keeps ids apart where several circles stand on one page."""

    key: str
    title: str
    description: str
    ring: float
    turn: int
    nodes: tuple[Node, ...]
    arcs: tuple[Curve, ...] = ()
    flows: tuple[Curve, ...] = ()
    bridge: Bridge | None = None
    node_radius: int = NODE
    small_radius: int = SMALL_NODE

    @property
    def next_turn(self):
        """What `turn` becomes one place on."""
        return (self.turn + 1) % len(self.nodes) if self.nodes else 0

    @property
    def caption_radius(self):
        """Of the plate in the middle that a node's words stand on: clear of the nodes and of the bridge."""
        return round(self.ring - 2 * NODE, 2)

    @property
    def view_box(self):
        """With room for the names."""
        width, height = self.ring + SIDE, self.ring + NODE + 5 * LINE
        return f"{-width:g} {-height:g} {2 * width:g} {2 * height:g}"

    @property
    def small_view_box(self):
        """Around the nodes alone."""
        half = self.ring + SMALL_NODE + 5
        return f"{-half:g} {-half:g} {2 * half:g} {2 * half:g}"


def circle_of_coverage(coverage: Outline, lens, drawing: Drawing | None = None):
    """How a conflict system's tracks are engaged, drawn as it is asked for."""
    drawing = drawing or Drawing()
    tracks, turn = [row.track for row in coverage.tracks], drawing.turn
    marks = {row.track.code: _state_mark(row) for row in coverage.tracks}
    told = None  # of an outline, which stands in a list, only the states are
    if isinstance(coverage, Coverage):
        told = {row.track.code: _figures(row, coverage.initiatives) for row in coverage.tracks}
    flows = [flow for flow in coverage.flows if flow.evidence in drawing.levels]
    places = _places(tracks, turn)
    return Circle(
        key=coverage.system.code,
        title=f"Tracks in {coverage.system}",
        description=_described(coverage, lens),
        ring=_ring(len(tracks)),
        turn=turn % len(tracks) if tracks else 0,
        nodes=_nodes(tracks, places, marks, lens, told),
        arcs=_arcs(coverage.co_tagging, places, lens) if drawing.arcs else (),
        flows=_flows(flows, places, lens),
        bridge=_bridge(places, coverage.bridges) if coverage.bridges else None,
    )


def circle_of_initiative(tracks, lens, *, lead: Track | None, contributing=(), officiality="", key="initiative"):
    """Where one initiative stands among the tracks in use; a retired track it carries stands there too.

    tracks: in circle order. contributing: tracks.
    """
    carried = [track for track in (lead, *contributing) if track]
    codes = {track.code for track in tracks}
    listed = [*tracks, *(track for track in carried if track.code not in codes)]
    contributing_codes = {track.code for track in contributing}

    def mark(track):
        if lead and track.code == lead.code:
            return "lead"
        return "contributing" if track.code in contributing_codes else "open"

    marks = {track.code: (mark(track), WORDS[mark(track)], None) for track in listed}
    places = _places(listed, 0)
    leading = f"Lead track: {lens.text(lead)}." if lead else "No lead track."
    others = "; ".join(lens.text(track) for track in contributing)
    return Circle(
        key=key,
        title="Tracks of this initiative",
        description=f"{leading} Contributing: {others or 'none'}.",
        ring=_ring(len(listed)),
        turn=0,
        nodes=_nodes(listed, places, marks, lens),
        bridge=_bridge(places, None) if officiality == Officiality.MIXED else None,
    )


def _state_mark(row):
    """(mark, words, count): the count is of the initiatives that give the track its state."""
    count = {
        TrackState.ACTIVE: row.active,
        TrackState.SUSPENDED_ONLY: row.suspended,
        TrackState.DORMANT: row.ended,
        TrackState.PLANNED_ONLY: row.planned,
    }.get(row.state, 0)
    return row.state.value.replace("_", "-"), _state_words(row), count


def _state_words(row):
    """Where a manager's word gives the state, that word; where another's says otherwise, both."""
    stated = [one.state_words for one in row.statements] if row.state in STATED else []
    return " / ".join(dict.fromkeys(stated or [str(row.state.label)]))


def _figures(row, counted):
    """What the table says of the track, in words; nothing of a zero. Shape: a tuple of texts."""
    begun = [
        f"{count:,} {word}"
        for count, word in ((row.active, "active"), (row.suspended, "suspended"), (row.ended, "ended"))
        if count
    ]
    if row.unconfirmed:
        begun.insert(1, f"of these {row.unconfirmed:,} unconfirmed")
    figures = [", ".join(begun)] if begun else []
    if row.planned:
        figures.append(f"{row.planned:,} planned")
    if row.initiatives:
        figures.append(f"on {row.initiatives:,} of {counted:,} initiative{pluralize(counted)}")
        figures.append(f"{row.organisations:,} organisation{pluralize(row.organisations)}")
    if row.funders:
        figures.append(f"{row.funders:,} funder{pluralize(row.funders)}")
    figures += [f"{one.signed_for}: {one.words.lower()} ({one.stated_on.year})" for one in row.statements[:TOLD]]
    if len(row.statements) > TOLD:
        figures.append(f"{len(row.statements) - TOLD} more stated")
    return tuple(figures)


def _described(coverage, lens):
    """The circle in words, one state after the other; states without tracks are left out."""
    parts = []
    for state in TrackState:
        names = [lens.text(row.track) for row in coverage.tracks if row.state == state]
        if names:
            parts.append(f"{state.label[0].upper()}{state.label[1:]}: {'; '.join(names)}.")
    return " ".join(parts)


# ---------------------------------------------------------------- places


def _ring(count):
    """A radius at which neighbours keep their distance."""
    return round(max(RING, DISTANCE / (2 * sin(pi / max(count, 3)))), 2)


def _places(tracks, turn):
    """Shape: {code: (x, y)}, clockwise; the first, unturned, stands half a step after the top."""
    ring, step = _ring(len(tracks)), 2 * pi / max(len(tracks), 1)
    angles = {track.code: step * ((place + turn) % len(tracks) + 0.5) for place, track in enumerate(tracks)}
    return {code: (ring * sin(angle), -ring * cos(angle)) for code, angle in angles.items()}


def _nodes(tracks, places, marks, lens, told=None):
    nodes = []
    for place, track in enumerate(tracks):
        (x, y), (mark, words, count) = places[track.code], marks[track.code]
        nodes.append(
            Node(
                code=track.code,
                name=lens.text(track),
                x=round(x, 2),
                y=round(y, 2),
                mark=mark,
                words=words,
                count=count,
                text_x=round(x + OUTWARD * x / hypot(x, y), 2),
                lines=_lines(lens.label(track), lens.text(track), words, y),
                label=lens.label(track),
                figures=told[track.code] if told else (),
                top_turn=-place % len(tracks),
            )
        )
    return tuple(nodes)


def _lines(label, name, words, y):
    """Name and state, above a node of the upper half and below one of the lower."""
    names, states = textwrap.wrap(name, WRAP, max_lines=4, placeholder="…"), textwrap.wrap(words, WRAP)
    texts = [(text, "name") for text in names] + [(text, "state") for text in states]
    first = y - NODE - 7 - LINE * (len(texts) - 1) if y < 0 else y + NODE + LINE + 2
    return _stacked(texts, first, label)


def _stacked(texts, first, label):
    """texts: pairs (text, kind); the first of them begins with the label, where there is one."""
    lines = []
    for place, (text, kind) in enumerate(texts):
        own = label if label and not place else ""
        lines.append(TextLine(round(first + LINE * place, 2), own, text.removeprefix(own).strip(), kind))
    return tuple(lines)


# ---------------------------------------------------------------- lines through the inside


def _curve(start, end, *, aside=0.0, gap=0.0):
    """An SVG path, bent towards the centre. aside: to the left of its direction; gap: short of both centres."""
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1) or 1
    bend_x = 0.3 * (x1 + x2) / 2 + aside * (y2 - y1) / length
    bend_y = 0.3 * (y1 + y2) / 2 - aside * (x2 - x1) / length
    x1, y1 = _towards((x1, y1), (bend_x, bend_y), gap)
    x2, y2 = _towards((x2, y2), (bend_x, bend_y), gap)
    return f"M{x1:.1f} {y1:.1f}Q{bend_x:.1f} {bend_y:.1f} {x2:.1f} {y2:.1f}"


def _towards(point, goal, by):
    (x, y), (goal_x, goal_y) = point, goal
    length = hypot(goal_x - x, goal_y - y) or 1
    return x + by * (goal_x - x) / length, y + by * (goal_y - y) / length


def _arcs(co_tagging, places, lens):
    """Width grows with the count, one measure for the whole circle."""
    unit = min(1.6, WIDEST / max((pair.initiatives for pair in co_tagging), default=1))
    return tuple(
        Curve(
            path=_curve(places[pair.a.code], places[pair.b.code]),
            width=round(max(unit * pair.initiatives, 1), 2),
            kind="arc",
            words=f"{lens.text(pair.a)} and {lens.text(pair.b)}: {pair.initiatives:,} on both",
        )
        for pair in co_tagging
    )


def _flows(flows, places, lens):
    """Width grows with the weight. The directions of a pair, and its levels of evidence, lie side by side."""
    levels = LEVELS[::-1]  # the best supported nearest to the middle of the pair
    unit = min(2, STRONGEST / max((flow.weight for flow in flows), default=1))
    return tuple(
        Curve(
            path=_curve(
                places[flow.source.code],
                places[flow.target.code],
                aside=14 + 10 * levels.index(flow.evidence),
                gap=NODE + 4,
            ),
            width=round(max(unit * flow.weight, 1.2), 2),
            kind=flow.evidence,
            words=f"{lens.text(flow.source)} to {lens.text(flow.target)}: "
            f"weight {floatformat(flow.weight, 2)}, {flow.evidence}",
        )
        for flow in flows
    )


def _bridge(places, count):
    """None where one of the two tracks is not listed."""
    if not all(code in places for code in BRIDGED):
        return None
    (x1, y1), (x2, y2) = (places[code] for code in BRIDGED)
    length = hypot(x2 - x1, y2 - y1) or 1
    aside_x, aside_y = RAIL * (y2 - y1) / length, -RAIL * (x2 - x1) / length
    rails = tuple(
        (round(x1 + dx, 2), round(y1 + dy, 2), round(x2 + dx, 2), round(y2 + dy, 2))
        for dx, dy in ((aside_x, aside_y), (-aside_x, -aside_y))
    )
    told = "" if count is None else f": {count:,} of mixed officiality"
    x, y = (round(INWARDS * (one + other) / 2, 2) for one, other in ((x1, x2), (y1, y2)))
    return Bridge(rails, x, y, count, f"Track 1.5{told}")

"""What a picture says of the question that it answers, so that it can be read away from its page."""

from django.template.defaultfilters import floatformat, pluralize

from initiatives.analytics.figures import TrackState
from initiatives.dates import day_words, today
from initiatives.drawing.choices import LEVELS
from initiatives.drawing.picture import INKS, Picture
from initiatives.pages.coverage import percent

WIDTH, CIRCLE_HEIGHT, LEGEND_HEIGHT = 800, 690, 196
SEQUENCE_WIDTH = 1100
MEANINGS = {
    TrackState.ACTIVE: "at least one is active",
    TrackState.SUSPENDED_ONLY: "none is active, at least one pauses",
    TrackState.DORMANT: "all have ended",
    TrackState.PLANNED_ONLY: "none has begun",
    TrackState.REVIEWED_NONE_FOUND: "in a manager’s dated word",
    TrackState.DELIBERATELY_NOT_ENGAGED: "or not invited, in such a word",
    TrackState.NONE_RECORDED: "which is not “no activity”",
}
CAUTIONS = (
    "Counts measure recorded effort, not size, quality or effect. Confidential work is under-recorded. Absence of a "
    "record is not absence of work. A link is no proof of effect, and can also do harm."
)


def window_words(period):
    """The window as a part of a sentence."""
    since = f"not ended before {day_words(period.from_day)}" if period.from_day else ""
    until = f"begun by {day_words(period.latest_start)}" if period.to_day else ""
    return " and ".join(part for part in (since, until) if part) or "at any time up to the day of status"


def question_words(*, system, period, narrowings, lens):
    """What was asked, and how tracks are numbered. Shape: a list of sentences."""
    words = ["This conflict system and its records are invented, for the demonstration."] if system.invented else []
    words.append(f"Window: {window_words(period)}. Status as of {day_words(period.as_of)}.")
    if period.forecast:
        words.append(period.forecast)
    if period.lead_only:
        words.append("Each initiative counts under its lead track alone.")
    if narrowings:
        chips = "; ".join(f"{chip.label}: {chip.value}" if chip.value else chip.label for chip in narrowings)
        words.append(f"Narrowed to {chips}.")
    if lens.scheme:
        words.append(f"Tracks are numbered by the scheme “{lens.scheme.name}”.")
    return words


def asked_words(*, reader, **question):
    """The same, and for whom. question: see `question_words`."""
    if reader.is_authenticated:
        counted = "Counted are the records that whoever asked may open; others may see more or fewer."
    else:
        counted = "Counted are public records; whoever is signed in may see more."
    return [*question_words(**question), counted]


def sources_words(address):
    return f"Definitions and the records behind: {address}. Drawn on {day_words(today())} by the MTD tracker."


def circle_picture(coverage, drawing, *, address, **asked):
    """asked: see `asked_words`. Shape: Picture."""
    counted, tracks = coverage.initiatives, len(coverage.tracks)
    answer = (
        f"{counted} initiative{pluralize(counted)} recorded {coverage.period.on_tracks}; "
        f"{coverage.breadth} of {tracks} tracks {pluralize(coverage.breadth, 'has,have')} an active one."
    )
    left_out = [] if drawing.arcs else ["arcs"]
    left_out += [f"{level} arrows" for level in LEVELS if level not in drawing.levels]
    notes = [f"Left out of the drawing, as asked: {', '.join(left_out)}."] if left_out else []
    notes.append(
        "A node’s number counts the initiatives that give the track its state. An initiative counts once on each of "
        "its tracks. All nodes are equal, and none is the first."
    )
    pairs = percent(coverage.pair_coverage)
    if pairs is not None:
        notes.append(
            f"Pair coverage: {floatformat(pairs)} % of all pairs of tracks are joined by an initiative or a link."
        )
    return Picture(
        width=WIDTH,
        drawing_height=CIRCLE_HEIGHT,
        legend_height=LEGEND_HEIGHT,
        title=f"{coverage.system}: the tracks engaged",
        facts=(answer, *asked_words(period=coverage.period, **asked)),
        notes=(*notes, CAUTIONS, sources_words(address)),
    )


def sequence_picture(page, *, address, **asked):
    """asked: see `asked_words`. Shape: Picture."""
    sequence, drawn = page.sequence, len(page.runs)
    answer = f"{sequence.counted} initiative{pluralize(sequence.counted)} recorded {page.period.on_tracks}."
    if sequence.left_out:
        left_out = f"{sequence.left_out} other{pluralize(sequence.left_out, ' is,s are')} left out"
        answer += f" Drawn {pluralize(drawn, 'is,are')} the latest {drawn} to have begun; {left_out}."
    return Picture(
        width=SEQUENCE_WIDTH,
        drawing_height=page.lanes.height,
        title=f"{asked['system']}: which tracks ran when",
        facts=(answer, *asked_words(period=page.period, **asked)),
        notes=(*_reading_of_lanes(page), CAUTIONS, sources_words(address)),
    )


def _reading_of_lanes(page):
    notes = [
        "A bar is an initiative in the lane of each of its tracks: dark where the track leads, light where it "
        "contributes, and thin where a date is known to the month or the year alone. An arrow to the right at its "
        "end: no end is recorded. A white part: suspended. Lines are links, from one initiative to the start of "
        "another, or to where both run: whole as an independent source tells, dashed as the receiver confirms, dotted "
        "as the giver claims."
    ]
    if page.lanes.unnamed:
        notes.append(
            "Where a lane is full, its bars are drawn without names, lower and closer together; the page names each."
        )
    phases = "; ".join(f"{band.number} {band.phase}" for band in page.lanes.bands)
    if phases:
        notes.append(f"Behind them, the phases of the conflict: {phases}.")
    left_out = [f"{level} links" for level in LEVELS if level not in page.drawing.levels]
    if left_out:
        notes.append(f"Left out of the drawing, as asked: {', '.join(left_out)}.")
    return notes


def marks():
    """The legend of nodes. Shape: [(Ink, state, meaning)]."""
    return [(INKS[state.value.replace("_", "-")], state.label, meaning) for state, meaning in MEANINGS.items()]

"""Lanes as numbers: where bars begin and end, and how what is not known to the day is drawn."""

from datetime import date, timedelta
from itertools import combinations, pairwise
from random import Random

import pytest
import time_machine

from initiatives.analytics.sequence import Run, Sequence
from initiatives.dates import PartialDate, Precision
from initiatives.drawing.choices import LEVELS
from initiatives.drawing.lanes import LEAST, lanes_of
from initiatives.drawing.rows import AFTER, BETWEEN, BOTTOM, CLOSE, FULL, HIGHEST, LINE, NAME, NAMED, REPEAT, TOP
from initiatives.models import Initiative, InitiativeLink, Phase, Status
from initiatives.period import Period
from taxonomy.models import Track

NINE = MEDIA, RELIGION, *_ = tuple(
    Track(pk=n, code=code, name=code.title(), position=n)
    for n, code in enumerate(("media", "religion", *"cdefghi"), 1)
)
# A hundred days: each one is one per cent.
HUNDRED = Period(date(2021, 1, 1), date(2021, 4, 10), date(2021, 4, 10), given=True)


def run(start, end=None, *, pk=1, tracks=((MEDIA, True),), pauses=(), title="Talks"):
    def day(text):
        return PartialDate.parse(text) if text else None

    pauses = tuple((day(paused), day(resumed)) for paused, resumed in pauses)
    return Run(Initiative(pk=pk, title=title), Status.ACTIVE, day(start), day(end), pauses, tracks)


def drawn(*runs, period=HUNDRED, phases=(), links=(), levels=LEVELS, tracks=(MEDIA, RELIGION)):
    sequence = Sequence(runs, len(runs), 0, 0, 0, tracks, tuple(links))
    return lanes_of(sequence, period, phases, levels)


def bar(*args, **fields):
    return drawn(run(*args, **fields)).lanes[0].bars[0]


def test_a_bar_goes_from_the_first_day_to_the_last_both_included():
    one = bar("2021-01-11", "2021-01-20")
    assert (one.x, one.until, one.thick, one.thin) == (10, 20, ((10, 10),), ())
    assert (one.open_ended, one.starts_before, one.ends_after) == (False, False, False)


def test_what_is_known_to_the_month_is_thin_over_the_whole_of_it():
    one = bar("2021-01", "2021-03")  # 31 days, 28 in between, 31 days
    assert (one.thick, one.thin) == (((31, 28),), ((0, 31), (59, 31)))


def test_where_nothing_is_sure_all_of_it_is_thin():
    assert (bar("2021-02", "2021-02").thick, bar("2021-02", "2021-02").thin) == ((), ((31, 28),))


def test_an_open_end_goes_on_to_the_as_of_day():
    period = Period(date(2021, 1, 1), date(2021, 4, 10), date(2021, 1, 20), given=True)
    one = drawn(run("2021-01-11"), period=period).lanes[0].bars[0]
    assert (one.thick, one.open_ended, one.ends_after) == (((10, 10),), True, False)


def test_the_window_cuts_a_bar_and_says_so():
    one = bar("2020", "2022-05-01")
    assert (one.thick, one.thin) == (((0, 100),), ())
    assert (one.starts_before, one.ends_after) == (True, True)


def test_a_single_day_can_be_seen_to_the_very_end():
    one = drawn(
        run("2020-12-31", "2020-12-31"), period=Period(None, date(2020, 12, 31), date(2020, 12, 31), given=True)
    )
    assert one.span.days == 1
    years = Period(date(1900, 1, 1), date(2020, 12, 31), date(2020, 12, 31), given=True)
    last = drawn(run("2020-12-31", "2020-12-31"), period=years).lanes[0].bars[0]
    assert last.thick == ((100 - LEAST, LEAST),)


def test_pauses_lie_within_the_bar():
    one = bar("2021-01-11", "2021-01-30", pauses=[("2021-01-01", "2021-01-15"), ("2021-01-21", None)])
    assert one.pauses == ((10, 5), (20, 10))


def test_an_open_window_spans_what_is_drawn():
    open_window = Period(None, None, date(2021, 6, 30), given=False)
    span = drawn(run("2019-05"), run("2020", "2023", pk=2), period=open_window).span
    assert (span.first, span.last) == (date(2019, 5, 1), date(2023, 12, 31))
    assert drawn(period=open_window).span.days == 1


def test_a_window_that_begins_after_the_as_of_day_is_not_left():
    ahead = Period(date(2027, 1, 1), None, date(2026, 11, 27), given=True)
    lanes = drawn(run("2020"), period=ahead)
    assert (lanes.span.first, lanes.span.last) == (date(2027, 1, 1), date(2027, 1, 1))
    (one,) = lanes.lanes[0].bars
    assert (one.starts_before, one.open_ended) == (True, True)
    ends = drawn(run("2020", "2027-03-31"), run("2021", pk=2), period=ahead).span
    assert (ends.first, ends.last) == (date(2027, 1, 1), date(2027, 3, 31))


def test_bars_at_the_same_time_have_a_row_each_and_empty_lanes_stay():
    lanes = drawn(run("2021-01-11"), run("2021-02-01", pk=2)).lanes
    assert [bar.y for bar in lanes[0].bars] == [TOP + NAME, TOP + NAME + NAMED.row]
    assert (lanes[1].track, lanes[1].bars) == (RELIGION, ())
    assert drawn().height == TOP + 2 * (NAME + LINE + AFTER) + BOTTOM
    assert drawn(tracks=()).height == TOP + BOTTOM


def rows_of(lane):
    """Shape: [rooms of the bars in a row], from top to bottom."""
    rows = {}
    for bar in lane.bars:
        rows.setdefault(bar.y, []).append(bar.room)
    return [sorted(rows[y]) for y in sorted(rows)]


def test_bars_share_a_row_where_they_and_their_titles_keep_apart():
    # A title of five letters takes ten per cent: held at the start, in the middle, and at the end.
    early, middle, late = (
        ("2021-01-01", "2021-01-05"),
        ("2021-02-10", "2021-02-11"),
        ("2021-04-06", "2021-04-10"),
    )
    lane = drawn(*(run(*days, pk=pk) for pk, days in enumerate((early, middle, late)))).lanes[0]
    assert rows_of(lane) == [[(0, 10), (36, 46), (90, 100)]]
    long = drawn(run(*early, title="A" + " roads" * 9 + "!")).lanes[0]  # longer on a screen than cut on a phone
    assert rows_of(long) == [[(0, 2 * len("A roads roads roads roads roads…"))]]
    assert rows_of(drawn(run(*early, title=f"A {'W' * 40}")).lanes[0]) == [[(0, 42)]]
    assert len(rows_of(drawn(run(*early), run("2021-01-11", "2021-01-20", pk=2)).lanes[0])) == 2
    assert len(rows_of(drawn(run(*early), run("2021-01-12", "2021-01-20", pk=2)).lanes[0])) == 1


def at_random(count, *, tracks=NINE, most=3, longest=400):
    """Runs of a fixed chance, by start, in ten years; many have no end."""
    chance = Random(count)  # noqa: S311  not for secrets
    runs = []
    for pk, start in enumerate(sorted(date(2011, 1, 1) + timedelta(chance.randrange(3650)) for _ in range(count))):
        end = (start + timedelta(chance.randrange(longest))).isoformat() if chance.random() < 0.7 else None
        on = chance.sample(tracks, chance.randint(1, most))
        title = "Talks about the market"[: chance.randint(1, 22)]
        runs.append(run(start.isoformat(), end, pk=pk, tracks=tuple((track, True) for track in on), title=title))
    return runs


TEN_YEARS = Period(date(2011, 1, 1), date(2020, 12, 31), date(2020, 12, 31), given=True)


@pytest.mark.parametrize("count", [15, 40, 200])
@pytest.mark.parametrize("tracks", [NINE, (MEDIA,)])
def test_no_bar_overlaps_another_in_its_row_nor_a_name_of_its_lane(count, tracks):
    lanes = drawn(*at_random(count, tracks=tracks, most=min(3, len(tracks))), period=TEN_YEARS, tracks=tracks).lanes
    assert sum(len(rows_of(lane)) for lane in lanes) < sum(len(lane.bars) for lane in lanes)
    for lane in lanes:
        for row in rows_of(lane):
            assert all(before[1] + BETWEEN <= after[0] for before, after in combinations(row, 2))
        for above, below in pairwise(sorted({bar.y for bar in lane.bars})):
            assert below - above >= lane.bars[0].size.row
        for name in lane.names:
            assert not any(name - bar.size.row < bar.y < name + NAME for bar in lane.bars)
        assert all(bar.y + bar.size.row <= lane.bottom - AFTER for bar in lane.bars)


def test_a_full_lane_goes_without_names_and_the_others_keep_theirs():
    def sizes(count):
        runs = [run("2021-01-11", pk=pk) for pk in range(count)]
        other = run("2021-01-11", pk=count, tracks=((RELIGION, True),))
        lanes = drawn(*runs, other)
        return [lane.bars[0].size for lane in lanes.lanes], lanes.unnamed

    assert sizes(FULL) == ([NAMED, NAMED], False)
    assert sizes(FULL + 1) == ([CLOSE[0], NAMED], True)


def test_the_fullest_lanes_lose_their_names_first_until_the_drawing_is_low_enough():
    def sizes(*counts):
        on = [track for track, count in zip(NINE, counts, strict=False) for _ in range(count)]
        lanes = drawn(*(run("2021-01-11", pk=pk, tracks=((track, True),)) for pk, track in enumerate(on)), tracks=NINE)
        assert lanes.height <= HIGHEST
        return [lane.bars[0].size for lane in lanes.lanes if lane.bars]

    assert sizes(18, 17, 16) == [NAMED] * 3
    assert sizes(*[7] * 8, 4) == [NAMED] * 9
    assert sizes(*[7] * 8, 5) == [*[CLOSE[0]] * 8, NAMED]
    assert sizes(18, 17, 16, 15) == [CLOSE[0], NAMED, NAMED, NAMED]
    assert sizes(18, 3, 18, 17, 16) == [CLOSE[0], NAMED, CLOSE[0], NAMED, NAMED]
    assert sizes(100, 3, 15) == [CLOSE[0], NAMED, NAMED]
    assert sizes(150, 3, 15) == [CLOSE[0], NAMED, CLOSE[0]]
    assert sizes(150, 60, 3) == [CLOSE[1], CLOSE[1], CLOSE[1]]


@pytest.mark.parametrize("longest", [400, 4000])
def test_two_hundred_on_nine_tracks_are_low_enough(longest):
    lanes = drawn(*at_random(200, longest=longest), period=TEN_YEARS, tracks=NINE)
    assert sum(len(lane.bars) for lane in lanes.lanes) > 350
    assert lanes.height <= HIGHEST


def test_the_name_of_a_high_lane_is_written_again_and_again():
    lane = drawn(*(run("2021-01-11", pk=pk) for pk in range(150)), tracks=(MEDIA,)).lanes[0]
    assert lane.names[0] == lane.top
    assert len(lane.names) == 4
    for above, below in pairwise((*lane.names, lane.bottom)):
        assert below - above <= NAME + REPEAT + AFTER
    assert lane.bars[0].size.row * 150 == lane.bottom - AFTER - lane.top - 4 * NAME
    assert drawn(run("2021-01-11")).lanes[0].names == (TOP,)


def test_a_link_goes_from_the_lead_bar_to_where_the_other_begins():
    source = run("2021-01-11", "2021-01-20", pk=1, tracks=((RELIGION, True), (MEDIA, False)))
    target = run("2021-02-01", "2021-02-10", pk=2)
    link = InitiativeLink(pk=1, source_id=1, target_id=2, kind="feeds_into", evidence="claimed")
    lanes = drawn(source, target, links=[link])
    (connector,) = lanes.connectors
    lead, goal = lanes.lanes[1].bars[0], lanes.lanes[0].bars[1]
    assert (connector.x1, connector.y1) == (20, lead.top)
    assert (connector.x2, connector.y2) == (31, goal.top + NAMED.thick)
    assert drawn(source, target, links=[link], levels=("confirmed",)).connectors == ()


def test_phases_last_until_the_next_and_only_those_within_are_drawn():
    starts = [
        ("latent", 2019, 1, 1),
        ("escalation", 2020, 6, 1),
        ("settlement", 2021, 1, 11),
        ("stalemate", 2022, 1, 1),
    ]
    phases = [Phase(kind=kind, start_on=date(*day), start_precision=Precision.DAY) for kind, *day in starts]
    bands = drawn(run("2021-01-11"), phases=phases).bands
    assert [(band.number, band.x, band.width) for band in bands] == [(2, 0, 10), (3, 10, 90)]


def test_numbers_of_phases_that_would_run_into_each_other_stand_together():
    starts = [(2020, 1, 1), (2021, 1, 6), (2021, 1, 9), (2021, 1, 15), (2021, 3, 2), (2021, 3, 8)]
    phases = [Phase(kind="latent", start_on=date(*day), start_precision=Precision.DAY) for day in starts]
    numbers = drawn(phases=phases).numbers
    assert [(number.x, number.text) for number in numbers] == [(0, "1–3"), (14, "4"), (60, "5"), (66, "6")]


@time_machine.travel("2021-04-10 12:00", tick=False)
def test_the_as_of_day_is_marked_where_it_is_drawn_to_its_end():
    def as_of(*day):
        return drawn(period=Period(date(2021, 1, 1), date(2021, 4, 10), date(*day), given=True)).as_of

    assert (as_of(2021, 4, 10).x, as_of(2021, 4, 10).text) == (100, "today, 10 April 2021")
    assert (as_of(2021, 1, 20).x, as_of(2021, 1, 20).text) == (20, "as of 20 January 2021")
    assert [as_of(*day).anchor for day in ((2021, 1, 1), (2021, 2, 20), (2021, 4, 10))] == ["start", "middle", "end"]
    assert (as_of(2020, 12, 31), as_of(2021, 4, 11)) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        ((1990, 1, 1), (2026, 6, 30), ["1990", "2000", "2010", "2020"]),
        ((2021, 1, 1), (2021, 4, 10), ["Jan 2021", "Feb 2021", "Mar 2021", "Apr 2021"]),
        ((2020, 2, 1), (2022, 1, 31), ["Jul 2020", "Jan 2021", "Jul 2021", "Jan 2022"]),
        ((2021, 1, 5), (2021, 1, 9), []),
        ((1000, 1, 1), (9999, 12, 31), ["2000", "4000", "6000", "8000"]),
    ],
)
def test_years_or_months_are_marked_a_round_step_apart(first, last, texts):
    period = Period(date(*first), date(*last), date(*last), given=True)
    assert [tick.text for tick in drawn(period=period).ticks] == texts


def test_a_title_keeps_within_the_chart_and_a_long_word_is_cut():
    first, middle, last = bar("2021-01-01", "2021-01-05"), bar("2021-02-10", "2021-02-20"), bar("2021-03-20")
    assert (first.anchor, middle.anchor, last.anchor) == ("start", "middle", "end")
    word, words = (
        bar("2021-01-01", title="W" * 61),
        bar("2021-01-01", title="Talks about the market and the roads to it"),
    )
    assert (word.title, word.short) == ("W" * 59 + "…", "W" * 35 + "…")
    assert (words.title, words.short) == (
        "Talks about the market and the roads to it",
        "Talks about the market and the…",
    )
    assert middle.title_x == (middle.x + middle.until) / 2

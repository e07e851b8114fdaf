"""What stands on each track, the state that follows, and how even the whole is."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.analytics.balance import balance
from initiatives.analytics.tracks import track_state
from initiatives.models import CoverageStatement
from taxonomy.models import Track
from tests.factories import ConflictSystemFactory, make_initiative
from tests.initiatives.asking import apart, coverage_of, track_of


@pytest.fixture
def nine(tracks):
    """The tracks by their number."""
    return dict(enumerate(tracks.values(), start=1))


@pytest.fixture
def log(valley, nine):
    """Log an initiative in the valley on the tracks of these numbers, the first of them leading."""

    def _log(*numbers, **told):
        return make_initiative(conflicts=[valley], tracks=[nine[number] for number in numbers], **told)

    return _log


@pytest.fixture
def state(valley, bridge, maria, nine):
    """A manager's word on a track."""

    def _state(number, kind="reviewed_none_found", stated_on="2020-01-01", lapses_on="2021-01-01", system=valley):
        return CoverageStatement.objects.create(
            conflict_system=system,
            track=nine[number],
            kind=kind,
            reason="Asked around.",
            organisation=bridge,
            stated_by=maria,
            stated_on=date.fromisoformat(stated_on),
            lapses_on=date.fromisoformat(lapses_on),
        )

    return _state


def test_the_worked_example_of_the_definitions(valley, log):
    log(1, 2)
    log(2)
    log(2, 5, 9)
    found = coverage_of(valley)
    assert [track.initiatives for track in found.tracks] == [1, 3, 0, 0, 1, 0, 0, 0, 1]
    assert [round(track.share, 4) for track in found.tracks] == [0.1667, 0.6111, 0, 0, 0.1111, 0, 0, 0, 0.1111]
    assert [round(track.reach, 4) for track in found.tracks] == [0.3333, 1, 0, 0, 0.3333, 0, 0, 0, 0.3333]
    assert round(math.log(found.effective_tracks), 4) == 1.0879
    assert round(found.effective_tracks, 3) == 2.968
    assert round(found.evenness_nine, 4) == 0.4951
    assert round(found.evenness_present, 4) == 0.7847
    assert found.breadth == 4


def test_nothing_recorded_has_a_breadth_of_zero_and_no_balance(valley, tracks):
    found = coverage_of(valley)
    assert len(found.tracks) == 9
    assert {track.state for track in found.tracks} == {"none_recorded"}
    assert {(track.reach, track.share) for track in found.tracks} == {(0, 0)}
    assert (found.breadth, found.effective_tracks, found.evenness_nine, found.evenness_present) == (
        0,
        None,
        None,
        None,
    )
    assert (found.co_tagging, found.flows, found.years, found.isolated, found.critical) == ((), (), (), (), ())
    assert found.concentration.hhi is None


def test_one_track_alone_has_no_evenness_over_those_present(valley, log):
    log(3)
    found = coverage_of(valley)
    assert (found.effective_tracks, found.evenness_nine, found.evenness_present) == (1, 0, None)


def test_breadth_takes_active_tracks_and_shares_take_ended_ones_too(valley, log):
    log(1, start="1990", end="1995")
    log(2, start="1990", end="1995")
    log(2)
    found = coverage_of(valley)
    assert found.breadth == 1
    assert [track.share for track in found.tracks][:2] == [1 / 3, 2 / 3]


@given(st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any))
def test_evenness_lies_between_none_and_full(weights):
    even = balance([weight / sum(weights) for weight in weights])
    present = sum(weight > 0 for weight in weights)
    assert 1 - 1e-9 <= even.effective_tracks <= present + 1e-9
    assert -1e-9 <= even.evenness_nine <= 1 + 1e-9
    assert (even.evenness_present is None) == (present < 2)


def test_as_many_effective_tracks_as_there_are_even_ones():
    even = balance([0.25] * 4 + [0] * 5)
    assert (even.effective_tracks, even.evenness_present) == (pytest.approx(4), pytest.approx(1))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 1, 1, 1), "active"),
        ((0, 1, 1, 1), "suspended_only"),
        ((0, 0, 1, 1), "dormant"),
        ((0, 0, 0, 1), "planned_only"),
        ((0, 0, 0, 0), "reviewed_none_found"),
    ],
)
def test_the_first_state_that_applies_holds(counts, expected):
    active, suspended, ended, planned = counts
    told = {"active": active, "suspended": suspended, "ended": ended, "planned": planned}
    assert track_state(**told, stated="reviewed_none_found") == expected


def test_states_as_recorded(valley, log):
    log(1)
    log(2).suspensions.create(from_on="2020-01-01")
    log(3, end="2020-06-29")
    log(4, start="2020-07-01")
    found = coverage_of(valley, as_of="2020-06-30")
    assert [track.state for track in found.tracks][:5] == [
        "active",
        "suspended_only",
        "dormant",
        "planned_only",
        "none_recorded",
    ]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2019-12-31", "none_recorded"),
        ("2020-01-01", "deliberately_not_engaged"),
        ("2020-12-31", "deliberately_not_engaged"),
        ("2021-01-01", "none_recorded"),
    ],
)
def test_a_statement_holds_from_its_day_until_it_lapses(valley, nine, state, as_of, expected):
    state(7, "deliberately_not_engaged")
    found = coverage_of(valley, as_of=as_of, statements=CoverageStatement.objects.all())
    assert track_of(found, nine[7]).state == expected


def test_the_latest_statement_on_a_track_holds_and_records_come_first(valley, nine, log, state):
    log(8)
    state(8)
    state(7, stated_on="2020-02-01")
    state(7, "deliberately_not_engaged", stated_on="2020-03-01")
    state(7, stated_on="2020-01-15")
    state(6, system=ConflictSystemFactory())
    found = coverage_of(valley, statements=CoverageStatement.objects.all())
    states = {number: track_of(found, nine[number]).state for number in (6, 7, 8)}
    assert states == {6: "none_recorded", 7: "deliberately_not_engaged", 8: "active"}


def test_without_sight_of_statements_nothing_is_recorded(valley, nine, state, olga):
    state(7)
    assert track_of(coverage_of(valley), nine[7]).state == "none_recorded"
    unseen = CoverageStatement.objects.none()
    assert track_of(coverage_of(valley, statements=unseen), nine[7]).state == "none_recorded"


def test_organisations_count_once_a_track_and_funders_apart(valley, nine, bridge, harbour, log):
    log(1, 2, organisations=[("lead", bridge), ("implementer", bridge), ("funder", harbour)])
    log(1, end="2020", organisations=[("partner", bridge), ("mediator", harbour), ("funder", harbour)])
    log(1, start="2021", organisations=[("lead", harbour)])
    log(3, organisations=[("host", bridge), ("party", harbour)])
    found = coverage_of(valley)
    counts = {
        number: (track_of(found, nine[number]).organisations, track_of(found, nine[number]).funders)
        for number in (1, 2, 3)
    }
    assert counts == {1: (2, 1), 2: (1, 1), 3: (0, 0)}


# ---------------------------------------------------------------- curation


def retire(track, replaced_by=None):
    track.status, track.replaced_by = Track.Status.RETIRED, replaced_by
    track.save()


def test_a_retired_track_counts_under_its_replacement_and_an_initiative_once(valley, nine, log):
    log(1, 2)  # both of one kind now
    log(1)
    log(1, 5, start="2021")
    retire(nine[1], replaced_by=nine[2])
    found = coverage_of(valley)
    assert len(found.tracks) == 8
    merged = track_of(found, nine[2])
    assert (merged.active, merged.planned, merged.share, merged.reach) == (2, 1, 1, 1)
    assert found.co_tagging == ()
    assert sum(row.started for row in found.years) == 2


def test_a_statement_on_a_retired_track_speaks_of_its_replacement(valley, nine, state):
    state(7)
    retire(nine[7], replaced_by=nine[8])
    found = coverage_of(valley, statements=CoverageStatement.objects.all())
    assert track_of(found, nine[8]).state == "reviewed_none_found"


def test_a_chain_of_replacements_is_followed_to_its_end(valley, nine, log):
    log(1)
    retire(nine[1], replaced_by=nine[2])
    retire(nine[2], replaced_by=nine[3])
    assert track_of(coverage_of(valley), nine[3]).active == 1


def test_a_retired_track_without_a_replacement_stays_in_the_list_while_records_carry_it(valley, nine, log):
    carrying = log(1, 3)
    retire(nine[1])
    found = coverage_of(valley)
    assert [track.track for track in found.tracks] == [nine[number] for number in (2, 3, 4, 5, 6, 7, 8, 9, 1)]
    assert found.tracks[-1].active == 1
    assert found.evenness_nine == pytest.approx(math.log(2) / math.log(9))
    assert [(tie.a, tie.b) for tie in found.co_tagging] == [(nine[3], nine[1])]
    carrying.track_tags.get(track=nine[1]).delete()
    found = coverage_of(valley)
    assert nine[1] not in [track.track for track in found.tracks]
    assert len(found.tracks) == 8


def test_a_retired_track_is_listed_for_a_planned_record_too(valley, nine, log):
    log(1, start="2021")
    retire(nine[1])
    found = coverage_of(valley)
    assert apart(found) == (0, 1, 0, 0)
    assert (found.tracks[-1].track, found.tracks[-1].state) == (nine[1], "planned_only")


def test_a_lead_that_was_retired_leads_under_its_replacement(valley, nine, log):
    log(1, 3)
    retire(nine[1], replaced_by=nine[2])
    found = coverage_of(valley, as_of="2020-06-30", lead_only="on")
    assert [track.track for track in found.tracks if track.active] == [nine[2]]

"""Principles on tracks: what was assessed, and as it stood on the day."""

from datetime import date

import pytest

from taxonomy.models import Principle
from tests.factories import make_initiative
from tests.initiatives.asking import coverage_of


@pytest.fixture
def log(valley, tracks, principles):
    """Log an initiative on government, its trust rated."""

    def _log(rating=None, evidence="", codes=("government",), **told):
        ratings = [] if rating is None else [(principles["trust"], rating, evidence)]
        return make_initiative(
            conflicts=[valley], tracks=[tracks[code] for code in codes], **{"ratings": ratings} | told
        )

    return _log


def cells(found):
    return {
        (cell.principle.code, cell.track.code): (cell.assessed, cell.practised, cell.evidenced, cell.median)
        for cell in found.principles
    }


def test_not_assessed_is_no_zero(valley, log):
    log()
    log(0)
    assert cells(coverage_of(valley)) == {("trust", "government"): (1, 0, 0, None)}


def test_practised_is_two_or_three_and_evidence_is_written(valley, log):
    log(1, "Said so.")
    log(2, "")
    log(3, "Seen.")
    log(0)
    assert cells(coverage_of(valley)) == {("trust", "government"): (4, 2, 2, 1.5)}


def test_a_median_takes_three_assessed(valley, log):
    log(3)
    log(3)
    assert cells(coverage_of(valley))["trust", "government"] == (2, 2, 0, None)
    log(0)
    assert cells(coverage_of(valley))["trust", "government"] == (3, 2, 0, 3)


def test_a_rating_counts_on_each_track_of_its_initiative(valley, log):
    log(2, codes=("government", "media"))
    log(2, start="2021")
    assert cells(coverage_of(valley)) == {
        ("trust", "government"): (1, 1, 0, None),
        ("trust", "media"): (1, 1, 0, None),
    }


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2018-12-31", (1, 0, 1, None)),  # only the undated one
        ("2019-01-01", (1, 1, 0, None)),
        ("2019-12-31", (1, 1, 0, None)),
        ("2020-01-01", (1, 0, 0, None)),
    ],
)
def test_the_latest_rating_by_the_day_holds_and_an_undated_one_is_the_earliest(
    valley, principles, log, as_of, expected
):
    rated = log(start="2010")
    for rated_on, rating, evidence in (
        (date(2020, 1, 1), 1, ""),
        (date(2019, 1, 1), 3, ""),
        (None, 0, "As first told."),
    ):
        rated.principle_ratings.create(
            principle=principles["trust"], rating=rating, evidence=evidence, rated_on=rated_on
        )
    assert cells(coverage_of(valley, as_of=as_of)) == {("trust", "government"): expected}


def test_a_rating_dated_later_only_is_not_assessed_yet(valley, principles, log):
    log(start="2010").principle_ratings.create(principle=principles["trust"], rating=3, rated_on=date(2020, 7, 1))
    assert cells(coverage_of(valley, as_of="2020-06-30")) == {}


def test_principles_stand_in_their_order_then_tracks_in_theirs(valley, principles, log):
    for codes in (("media",), ("government",)):
        log(codes=codes, ratings=[(principles["trust"], 2, ""), (principles["relationship"], 2, "")])
    assert list(cells(coverage_of(valley))) == [
        ("relationship", "government"),
        ("relationship", "media"),
        ("trust", "government"),
        ("trust", "media"),
    ]


def test_a_retired_principle_counts_under_its_replacement_and_an_initiative_once(valley, principles, log):
    log(2)
    log(ratings=[(principles["trust"], 2, ""), (principles["relationship"], 1, "")])
    Principle.objects.filter(code="trust").update(status="retired", replaced_by=principles["relationship"])
    assert cells(coverage_of(valley)) == {("relationship", "government"): (2, 1, 0, None)}

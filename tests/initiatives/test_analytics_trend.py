"""Year by year: what began, ran and ended, up to the as-of day."""

import pytest

from initiatives.dates import PartialDate
from tests.factories import make_initiative
from tests.initiatives.asking import coverage_of


@pytest.fixture
def log(valley, tracks):
    """Log an initiative in the valley, on business unless told otherwise."""

    def _log(start, end=None, codes=("business",), **told):
        return make_initiative(
            conflicts=[valley], tracks=[tracks[code] for code in codes], start=start, end=end, **told
        )

    return _log


def business(found):
    """{year: (active, started, ended)}"""
    return {row.year: (row.active, row.started, row.ended) for row in found.years if row.track.code == "business"}


def test_an_initiative_is_active_in_every_year_that_it_touches(valley, log):
    log("2015-12-31", "2018-01-01")
    log("2016-05")
    log("2017", "2017")
    assert business(coverage_of(valley, as_of="2019-02-01")) == {
        2015: (1, 1, 0),
        2016: (2, 1, 0),
        2017: (3, 1, 1),
        2018: (2, 0, 1),
        2019: (1, 0, 0),
    }


def test_every_year_has_a_row_for_every_track_listed_in_circle_order(valley, tracks, log):
    log("2018")
    found = coverage_of(valley, as_of="2020-06-30")
    assert [(row.year, row.track.code) for row in found.years] == [
        (year, code) for year in (2018, 2019, 2020) for code in tracks
    ]


def test_suspended_ones_run_on_in_the_trend(valley, log):
    log("2018").suspensions.create(from_on="2018-06-01")
    assert business(coverage_of(valley, as_of="2019-12-31")) == {2018: (1, 1, 0), 2019: (1, 0, 0)}


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ({"as_of": "2020-06-30"}, range(2001, 2021)),
        ({"as_of": "2020-06-30", "from_day": "2010-07-01"}, range(2010, 2021)),
        ({"as_of": "2020-06-30", "from_day": "1990"}, range(2001, 2021)),
        ({"as_of": "2020-06-30", "to_day": "2015"}, range(2001, 2016)),
        ({"as_of": "2010-01-01", "to_day": "2015"}, range(2001, 2011)),
        ({"as_of": "2005-01-01", "from_day": "2010"}, range(0)),
    ],
)
def test_years_go_from_the_first_that_counts_to_the_last_that_can(valley, log, asked, years):
    log("2001")
    log("2020-06-30")
    assert list(business(coverage_of(valley, **asked))) == list(years)


def test_years_before_the_window_are_left_out_and_what_ran_into_it_still_runs(valley, log):
    log("2001", "2012-03")
    log("2011-02", "2013")
    assert business(coverage_of(valley, from_day="2011-06-01", as_of="2014-01-01")) == {
        2011: (2, 1, 0),
        2012: (2, 0, 1),
        2013: (1, 0, 1),
        2014: (0, 0, 0),
    }


@pytest.mark.parametrize(("as_of", "ended"), [("2019-08-31", 1), ("2019-08-30", 1), ("2018-12-31", None)])
def test_an_end_stands_in_its_year_as_far_as_years_are_told(valley, log, as_of, ended):
    log("2018", "2019-08-31")
    figures = business(coverage_of(valley, as_of=as_of))
    assert figures.get(2019) == (None if ended is None else (1, 0, ended))


def test_an_engagement_runs_by_its_own_dates(valley, log):
    engagement = log("1990", "2020").engagements.get()
    engagement.start, engagement.end = PartialDate.parse("2018"), PartialDate.parse("2019-02")
    engagement.save()
    assert business(coverage_of(valley, as_of="2020-06-30")) == {
        2018: (1, 1, 0),
        2019: (1, 0, 1),
        2020: (0, 0, 0),
    }


def test_planned_untagged_and_undated_ones_are_in_no_year(valley, log):
    log("2019", codes=())
    log("2021")
    log(None)
    assert coverage_of(valley, as_of="2020-06-30").years == ()


def test_lead_tracks_only_leaves_contributing_tracks_empty(valley, log):
    log("2020", codes=("media", "business"))
    assert business(coverage_of(valley, as_of="2020-06-30", lead_only="on")) == {2020: (0, 0, 0)}


def test_a_start_in_the_middle_ages_is_told_year_by_year(valley, log):
    log("1000", "1001")
    years = business(coverage_of(valley, as_of="2020-06-30"))
    assert (len(years), years[1000], years[1001], years[1002]) == (1021, (1, 1, 0), (1, 0, 1), (0, 0, 0))

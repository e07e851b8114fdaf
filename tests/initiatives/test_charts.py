"""Charts as numbers: years and phases."""

from datetime import date

import pytest
import time_machine

from initiatives.analytics.bins import Bin, TrackBin
from initiatives.analytics.figures import TrackYear
from initiatives.drawing.charts import HEIGHT, phase_line, trend_chart, year_chart
from initiatives.models import Phase
from initiatives.period import Period
from taxonomy.models import Track

MEDIA = Track(pk=9, code="media", name="Media")
BUSINESS = Track(pk=3, code="business", name="Business")


def period(as_of):
    return Period(None, None, as_of, given=True)


def years_of(first, last, track=MEDIA, active=1):
    return [TrackYear(year, track, active=active, started=0, ended=0) for year in range(first, last + 1)]


def test_without_years_there_is_no_chart():
    assert year_chart((), period(date(2026, 6, 30))) is None


def test_bars_have_one_measure_for_all_tracks():
    rows = [
        TrackYear(2020, BUSINESS, active=4, started=2, ended=1),
        TrackYear(2020, MEDIA, active=1, started=1, ended=0),
    ]
    chart = year_chart(rows, period(date(2020, 12, 31)))
    business, media = (strip.bars[0] for strip in chart.strips)
    assert (business.active, business.started, business.ended) == (HEIGHT, HEIGHT / 2, HEIGHT / 4)
    assert (media.active, media.started, media.ended) == (HEIGHT / 4, HEIGHT / 4, 0)
    assert chart.tallest == 4


@pytest.mark.parametrize("count", [1, 2, 7, 8, 30, 70])
def test_any_number_of_years_fits_and_is_labelled(count):
    chart = year_chart(years_of(2026 - count + 1, 2026), period(date(2026, 12, 31)))
    bars = chart.strips[0].bars
    assert len(bars) == count
    assert bars[0].x >= 0
    assert bars[-1].x + chart.width <= 100.01
    assert 1 <= len(chart.labels) <= 7


@pytest.mark.parametrize("count", [1, 7, 17, 35, 300])
def test_a_trend_by_year_is_labelled_as_the_chart_of_the_dashboard(count):
    years = years_of(2026 - count + 1, 2026)
    bins = [
        TrackBin(Bin(date(row.year, 1, 1), date(row.year, 12, 31)), MEDIA, active=1, started=0, ended=0)
        for row in years
    ]
    as_of = period(date(2026, 12, 31))
    assert trend_chart(bins, as_of).labels == year_chart(years, as_of).labels


def test_a_trend_by_month_is_labelled_at_each_january():
    months = [Bin(date(2023, 12, 1), date(2023, 12, 31)), Bin(date(2024, 1, 1), date(2024, 1, 31))]
    rows = [TrackBin(one, MEDIA, active=1, started=0, ended=0) for one in months]
    for bins, labels in ((rows, [2024]), (rows[1:], [2024]), (rows[:1], ["12/2023"])):
        assert [label.year for label in trend_chart(bins, period(date(2024, 1, 31))).labels] == labels


@pytest.mark.parametrize(("as_of", "unfinished"), [(date(2026, 12, 30), True), (date(2026, 12, 31), False)])
def test_the_last_year_is_hatched_while_it_is_not_over(as_of, unfinished):
    chart = year_chart(years_of(2025, 2026), period(as_of))
    assert [bar.unfinished for bar in chart.strips[0].bars] == [False, unfinished]
    assert chart.unfinished is unfinished


def test_a_track_without_records_is_named_apart():
    chart = year_chart(years_of(2020, 2021) + years_of(2020, 2021, BUSINESS, active=0), period(date(2026, 1, 1)))
    assert [strip.track for strip in chart.strips] == [MEDIA]
    assert chart.absent == (BUSINESS,)


def test_where_nothing_ran_no_bar_is_the_tallest():
    chart = year_chart(years_of(2020, 2021, active=0), period(date(2026, 1, 1)))
    assert (chart.strips, chart.tallest, chart.absent) == ((), 0, (MEDIA,))


def phase(kind, year):
    return Phase(kind=kind, start_on=date(year, 1, 1), start_precision="year")


def test_a_phase_lasts_until_the_next_and_the_last_until_today():
    with time_machine.travel("2010-01-01"):
        first, second = phase_line([phase("escalation", 1990), phase("settlement", 2005)])
    assert (first.number, second.number) == (1, 2)
    assert (first.x, first.width) == pytest.approx((0, 75), abs=0.05)
    assert second.x == pytest.approx(75, abs=0.05)
    assert second.x + second.width == pytest.approx(100, abs=0.01)


def test_a_phase_of_the_future_stands_at_the_end_and_one_of_today_breaks_nothing():
    with time_machine.travel("2010-01-01"):
        last = phase_line([phase("escalation", 2000), phase("settlement", 2020)])[-1]
        (only,) = phase_line([phase("escalation", 2010)])
    assert (last.x, last.width) == (100, 0)
    assert (only.x, only.width) == (0, 100)
    assert phase_line([]) == ()

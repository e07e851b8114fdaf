"""By month and by year: hand-counted, what can't be put into a month told, and each number its list."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.analytics.bins import trend_by
from initiatives.analytics.coverage import coverage
from initiatives.models import Initiative
from initiatives.period import Period
from tests.factories import make_initiative
from tests.test_two_worlds import masked

URL = "/conflicts/valley/trend/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _middle_of_june():
    with time_machine.travel("2024-06-15T12:00Z"):
        yield


@pytest.fixture
def work(tracks, valley):
    media, business = tracks["media"], tracks["business"]
    here = {"conflicts": [valley], "sharing": "public"}
    make_initiative("By the day", start="2024-02-10", end="2024-04-05", tracks=[media, business], **here)
    make_initiative("By the month", start="2024-04", tracks=[media], **here)
    make_initiative("By the year", start="2024", end="2024", tracks=[media], **here)
    make_initiative("To come", start="2025", tracks=[media], **here)
    make_initiative("No track", start="2024-03", **here)


def told(response, code="media"):
    """{month: (running, began, ended)} of one track, those with any."""
    return {
        row.label: (one.active, one.started, one.ended)
        for row in response.context["page"].rows
        for one, _ in row.cells
        if one.track.code == code and one.active
    }


def test_a_year_alone_runs_through_it_and_begins_in_no_month(client, work):
    response = client.get(f"{URL}?by=month")
    assert told(response) == {
        "January 2024": (1, 0, 0),
        "February 2024": (2, 1, 0),
        "March 2024": (2, 0, 0),
        "April 2024": (3, 1, 1),
        "May 2024": (2, 0, 0),
        "June 2024": (2, 0, 0),
    }
    assert told(response, "business")["April 2024"] == (1, 0, 1)
    html = " ".join(response.content.decode().split())
    assert "Known to the year alone: the start of 1, and the end of 1, of 3." in html
    assert "The last month, June 2024, is hatched" in html


def test_a_month_that_is_over_is_not_hatched(client, work):
    response = client.get(f"{URL}?by=month&to=2024-05")
    assert "is hatched" not in response.content.decode()
    assert not response.context["page"].chart.unfinished


def test_a_year_shown_to_others_is_as_coarse_as_one_known_no_better(client, work, valley, tracks, alice, olga):
    make_initiative(
        "Precise", by=alice, conflicts=[valley], tracks=[tracks["religion"]], start="2024-05-03", sharing="public",
        shown_dates="year",
    )  # fmt: skip
    client.force_login(olga)
    response = client.get(f"{URL}?by=month")
    assert told(response, "religion")["January 2024"] == (1, 0, 0)
    assert response.context["page"].trend.start_coarse == 2
    client.force_login(alice)
    response = client.get(f"{URL}?by=month")
    assert told(response, "religion") == {"May 2024": (1, 1, 0), "June 2024": (1, 0, 0)}
    assert response.context["page"].trend.start_coarse == 1


@pytest.mark.parametrize(
    "query", ["by=month", "by=month&from=2024-02-20&to=2024-04-20", "by=year", "by=month&lead_only=on"]
)
def test_each_number_of_running_ones_is_the_length_of_its_list(client, work, query):
    for row in client.get(f"{URL}?{query}").context["page"].rows:
        for _, active in row.cells:
            if active.value:
                assert client.get(active.address).context["page"].count == active.value, active.address


def test_by_year_it_says_what_the_dashboard_says(work, valley, tracks):
    make_initiative("Earlier", start="1999", end="2004-03", tracks=[tracks["media"]], conflicts=[valley])
    period = Period(date(2003, 1, 1), None, date(2024, 6, 15), given=True)
    figures = coverage(Initiative.objects.all(), system=valley, period=period)
    trend = trend_by("year", Initiative.objects.all(), system=valley, period=period, reader=AnonymousUser())
    assert [(row.bin.first.year, row.track, row.active, row.started, row.ended) for row in trend.rows] == [
        (year.year, year.track, year.active, year.started, year.ended) for year in figures.years
    ]


@pytest.mark.parametrize("unit", ["month", "year"])
@pytest.mark.parametrize(
    ("window", "number"), [("from=2025", 2), ("from=2025&to=2026", 2), ("from=2024&as_of=2023-12-31", 1)]
)
def test_a_window_that_begins_after_the_as_of_day_has_no_bin_and_says_so(
    client, work, valley, tracks, unit, window, number
):
    make_initiative("Long", start="2010", tracks=[tracks["media"]], conflicts=[valley], sharing="public")
    response = client.get(f"{URL}?by={unit}&{window}")
    assert response.context["page"].rows == []
    assert f"no {unit} of it has come by then" in response.content.decode()
    found = client.get(f"/conflicts/valley/trend.json?by={unit}&{window}").json()
    figures = client.get(f"/conflicts/valley/coverage.json?{window}").json()
    assert (found["bins"], found["initiatives"]) == (figures["years"], figures["initiatives"]) == ([], number)


def test_one_that_begins_later_in_the_as_of_days_own_year_has_that_year_and_leads_to_its_lists(client, work):
    response = client.get(f"{URL}?by=year&from=2024-12-01")
    assert told(response) == {"2024": (2, 2, 1)}
    (row,) = response.context["page"].rows
    (address,) = {active.address for _, active in row.cells if active.address}
    assert client.get(address).context["page"].count == 2


def test_only_the_latest_months_are_drawn_and_the_ones_before_are_a_link_away(client, work, valley, tracks):
    make_initiative("Long", start="2010-01", tracks=[tracks["media"]], conflicts=[valley], sharing="public")
    response = client.get(f"{URL}?by=month")
    rows = response.context["page"].rows
    assert (len(rows), rows[0].label, rows[-1].label) == (60, "June 2024", "July 2019")
    earlier = client.get(f"{URL}?{response.context['page'].earlier_query}").context["page"].rows
    assert (len(earlier), earlier[0].label) == (60, "June 2019")


def test_where_nothing_ran_in_the_months_drawn_it_says_so_and_leads_to_those_before(client, valley, tracks):
    make_initiative("Over", start="2010", end="2012", tracks=[tracks["media"]], conflicts=[valley], sharing="public")
    response = client.get(f"{URL}?by=month")
    html = response.content.decode()
    assert "None recorded as running in these months" in html
    assert "1 initiative on some track" in html
    assert "Shown are the latest 60 months." in html
    assert "tallest" not in html
    assert "<table" not in html
    page = response.context["page"]
    while page.earlier_query and not page.chart.tallest:
        page = client.get(f"{URL}?{page.earlier_query}").context["page"]
    assert page.rows[0].label == "June 2014"
    assert "The tallest bar is 1." in client.get(f"{URL}?by=year").content.decode()


@pytest.mark.parametrize("query", ["by=week", "by=month&from=2024&to=2020", "by=month&as_of=never"])
def test_what_cannot_be_read_gets_an_error_and_no_figures(client, work, query):
    html = client.get(f"{URL}?{query}").content.decode()
    assert 'role="alert"' in html
    assert "<table" not in html


def test_where_nothing_is_recorded_it_says_so(client, tracks, valley):
    assert "None recorded" in client.get(URL).content.decode()


def test_it_says_of_which_records_and_leads_who_may_ask_to_what_was_known_in_the_same_window(client, work, alice):
    html = client.get(f"{URL}?by=year&from=2020").content.decode()
    assert "Counted are public records; whoever is signed in may see more." in html
    assert "/known/" not in html
    client.force_login(alice)
    html = client.get(f"{URL}?by=year&from=2020").content.decode()
    assert "Counted are the records that you may open; others may see more or fewer." in html
    assert 'href="/conflicts/valley/known/?from=2020"' in html


PAGES = ("", "trend/", "known/", "sequence/", "linkage/", "open-points/", "tracks/media/")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_an_invented_system_says_that_it_is(client, alice, valley, tracks, page):
    told = "This conflict system and its records are invented"
    client.force_login(alice)
    assert told not in client.get(f"/conflicts/valley/{page}").content.decode()
    valley.invented = True
    valley.save()
    assert told in client.get(f"/conflicts/valley/{page}").content.decode()


def test_queries_do_not_grow(client, work, valley, tracks):
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for year in range(2015, 2022):
        make_initiative(start=str(year), tracks=[tracks["religion"]], conflicts=[valley], sharing="public")
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few) <= 11, "three of them tell PostgreSQL who asks"


def test_a_record_that_the_reader_may_not_open_is_in_no_month(client, alice, valley, tracks):
    window = {"from": "2024-01-01", "to": "2024-06-15"}
    before = masked(client.get(URL, window))
    make_initiative(by=alice, sharing="network", conflicts=[valley], tracks=[tracks["media"]], start="2024-05")
    assert masked(client.get(URL, window)) == before
    client.force_login(alice)
    assert masked(client.get(URL, window)) != before

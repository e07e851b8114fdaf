"""One initiative's assessments along time."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from initiatives.dates import PartialDate
from initiatives.drawing.ratings import rating_line
from initiatives.models import PrincipleRating
from initiatives.pages.principles import principles_over_time
from tests.factories import make_initiative
from tests.initiatives.form_pages import as_sent, edit_page


@pytest.fixture
def rated(alice, principles):
    """Trust: undated 1, then 3 in 2020, then 2 in 2022."""
    initiative = make_initiative(by=alice, sharing="public")
    for rating, day, evidence in ((2, date(2022, 5, 9), "Later."), (1, None, ""), (3, date(2020, 3, 1), "Early.")):
        PrincipleRating.objects.create(
            initiative=initiative, principle=principles["trust"], rating=rating, rated_on=day, evidence=evidence
        )
    return initiative


def page_of(initiative, user=None):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(reverse("initiatives:principles", args=[initiative.ref])).content.decode()


def test_every_assessment_is_kept_the_latest_first(rated, alice):
    (trust,) = principles_over_time(rated, alice)
    assert [(read.rating, str(read.rated_on or "")) for read in trust.assessments] == [
        (2, "9 May 2022"),
        (3, "1 March 2020"),
        (1, ""),
    ]


def test_rating_again_by_the_form_keeps_the_earlier_one_even_undated(client, alice, principles):
    initiative = make_initiative(by=alice, publication="draft", ratings=[(principles["trust"], 1, "Said.")])
    client.force_login(alice)
    page = edit_page(client, initiative)
    again = {"principle-trust-rating": "2", "principle-trust-evidence": "Seen.", "rated_on": "2022-02-02"}
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", **again))
    (trust,) = principles_over_time(initiative, alice)
    told = [(read.rating, read.evidence, str(read.rated_on or "")) for read in trust.assessments]
    assert told == [(2, "Seen.", "2 February 2022"), (1, "Said.", "")]


def test_queries_stay_the_same_as_assessments_grow(client, rated, principles):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("initiatives:principles", args=[rated.ref]))
        return len(queries)

    few = asked()
    for principle in principles.values():
        for year in range(2010, 2014):
            PrincipleRating.objects.create(initiative=rated, principle=principle, rating=1, rated_on=date(year, 1, 1))
    assert asked() == few


def test_the_line_shows_the_dated_ones_alone(rated, alice):
    (trust,) = principles_over_time(rated, alice)
    assert [(point.x, point.y) for point in trust.line.points] == [(16, 8), (312, 24)]


def test_one_dated_assessment_is_no_line():
    assert rating_line([(PartialDate.parse("2020"), 3)]) is None


def test_days_are_as_precise_as_the_reader_may_see(rated, olga):
    rated.shown_dates = "year"
    rated.save()
    page = page_of(rated, olga)
    assert "2022" in page
    assert "May 2022" not in page


def test_evidence_is_not_for_the_public(rated, alice):
    assert "Early." not in page_of(rated)
    assert "Early." in page_of(rated, alice)


def test_a_record_without_assessments_says_so(alice):
    assert escape("No principle has been assessed") in page_of(make_initiative(by=alice, sharing="public"))

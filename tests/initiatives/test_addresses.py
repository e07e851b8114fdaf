"""Which question the list is asked for the records behind a figure."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict

from initiatives.models import Status
from initiatives.pages.addresses import Addresses
from initiatives.period import PeriodForm

VALLEY = SimpleNamespace(code="valley")
BEGUN = ["active", "suspended", "ended"]


def addresses(query=""):
    query = QueryDict(query)
    form = PeriodForm(query)
    assert form.is_valid()
    return Addresses(VALLEY, form.period, query)


def asked(address):
    assert urlsplit(address).path == "/initiatives/"
    return parse_qs(urlsplit(address).query)


def test_the_day_is_always_told_and_the_window_as_given():
    question = asked(addresses("from=2019&to=2020-06&lead_only=on").records(Status.ACTIVE, tracks=("media",)))
    assert question == {
        "conflict": ["valley"],
        "track": ["media"],
        "status": ["active"],
        "from": ["2019-01-01"],
        "to": ["2020-06-30"],
        "as_of": ["2020-06-30"],
        "lead_only": ["on"],
    }


def test_without_a_status_those_begun_are_meant():
    assert asked(addresses("as_of=2020").records(tracks=("media",)))["status"] == BEGUN
    assert asked(addresses("as_of=2020").counted())["track"] == ["any"]
    assert asked(addresses("as_of=2020").untagged())["track"] == ["none"]


def test_on_two_tracks_means_on_both():
    question = asked(addresses("as_of=2020").records(tracks=("media", "business")))
    assert question["track"] == ["media", "business"]
    assert question["match"] == ["all"]


def test_content_filters_are_carried_over_and_the_drawing_is_not():
    question = asked(addresses("as_of=2020&country=CY&country=TR&q=camp&turn=3&arcs=off&page=2").counted())
    assert question.keys() == {"conflict", "track", "status", "as_of", "country", "q"}
    assert question["country"] == ["CY", "TR"]


def test_a_status_asked_for_holds_for_every_figure():
    narrowed = addresses("as_of=2020&status=active&status=planned")
    assert asked(narrowed.counted())["status"] == ["active"]
    assert narrowed.records(Status.ENDED) is None


def test_a_track_asked_for_holds_beside_the_figures_own():
    narrowed = addresses("as_of=2020&track=media")
    assert asked(narrowed.counted())["track"] == ["media"]
    both = asked(narrowed.records(tracks=("business",)))
    assert (both["track"], both["match"]) == (["media", "business"], ["all"])
    assert "match" not in asked(narrowed.records(tracks=("media",)))


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("track=media&track=business", {"tracks": ("religion",)}),  # on either, and on a third
        ("track=none", {"tracks": ("religion",)}),
        ("principle=trust", {"principle": "relationship"}),
    ],
)
def test_what_the_list_cannot_ask_for_has_no_address(query, more):
    assert addresses(f"as_of=2020&{query}").records(**more) is None


def test_values_from_the_address_bar_are_quoted():
    address = addresses("as_of=2020&q=%22%3E%3Cscript%3E%26x%3D").counted()
    assert "<" not in address
    assert asked(address)["q"] == ['"><script>&x=']

"""Who is on a track: hand-counted, and each number is the length of its list."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.actions.statements import state_coverage
from taxonomy.models import Track
from tests.factories import OrganisationFactory, make_initiative
from tests.initiatives.test_coverage_page import NumberLinks

URL = "/conflicts/valley/tracks/business/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_day")]


@pytest.fixture
def frozen_day():
    with time_machine.travel("2026-06-30 12:00", tick=False):
        yield


@pytest.fixture
def work(valley, tracks, bridge, harbour):
    """Four on business: Bridge leads three of them, one of those ended; one is to come; one is hidden."""
    business, media = tracks["business"], tracks["media"]
    public = {"conflicts": [valley], "sharing": "public", "owner": bridge}
    make_initiative(
        "Fair", tracks=[business], start="2012-05", organisations=[("lead", bridge), ("funder", harbour)], **public
    )
    make_initiative(
        "Market",
        tracks=[media, business],
        start="2008",
        organisations=[("lead", bridge), ("implementer", bridge)],
        **public,
    )
    make_initiative("Over", tracks=[business], start="1999", end="2001", organisations=[("lead", bridge)], **public)
    make_initiative("To come", tracks=[business], start="2030", organisations=[("lead", harbour)], **public)
    make_initiative("Elsewhere", tracks=[media], start="1990", organisations=[("lead", harbour)], **public)
    make_initiative(
        "Hidden",
        tracks=[business],
        start="1980",
        organisations=[("lead", harbour)],
        **public | {"sharing": "organisation"},
    )
    return valley


def told(client, query=""):
    """{organisation: (roles, since, leading, contributing, initiatives)}"""
    return {
        one.organisation.code: (
            {str(role): count for role, count in one.roles},
            one.since.year,
            one.leading,
            one.contributing,
            number.value,
        )
        for one, number in client.get(URL + query).context["page"].rows
    }


def test_organisations_are_told_with_roles_since_when_and_whether_the_track_leads(client, work):
    assert told(client) == {
        "bridge": ({"lead": 3, "implementer": 1}, 1999, 2, 1, 3),
        "harbour": ({"funder": 1}, 2012, 1, 0, 1),
    }


def test_the_same_as_data_with_every_organisation(client, work, monkeypatch):
    monkeypatch.setattr("initiatives.views.track.PER_PAGE", 1)
    data = client.get(f"{URL[:-1]}.json?page=2").json()
    organisations = {one.pop("code"): one for one in data["organisations"]}
    assert organisations == {
        "bridge": {
            "name": "Bridge",
            "roles": [{"role": "lead", "initiatives": 3}, {"role": "implementer", "initiatives": 1}],
            "since": 1999,
            "leading": 2,
            "contributing": 1,
            "initiatives": 3,
        },
        "harbour": {
            "name": "Harbour",
            "roles": [{"role": "funder", "initiatives": 1}],
            "since": 2012,
            "leading": 1,
            "contributing": 0,
            "initiatives": 1,
        },
    }
    counts = {one["status"]: one["initiatives"] for one in data["counts"]}
    assert (data["track"], counts) == ("business", {"active": 2, "ended": 1, "planned": 1})
    assert (data["since"], data["last_ended"]) == (1999, 2001)
    assert data["taking_part"] == {"working": 1, "funding": 1, "others": 0}


def test_data_of_an_unreadable_question_and_of_a_track_that_moved(client, work, tracks):
    answer = client.get(f"{URL[:-1]}.json?from=2020&to=2010")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["to"])
    assert client.get("/conflicts/valley/tracks/nowhere.json").status_code == 404
    Track.objects.filter(code="media").update(status="retired", replaced_by=tracks["business"])
    moved = client.get("/conflicts/valley/tracks/media.json?from=2000")
    assert (moved.status_code, moved["Location"]) == (301, f"{URL[:-1]}.json?from=2000")


def test_each_number_leads_to_exactly_as_many_records(client, work):
    links = NumberLinks(client.get(URL).content.decode()).found
    assert len(links) == 5  # two active, one ended, one planned; three of Bridge, one of Harbour
    for address, number in links:
        assert client.get(address).context["page"].count == number, address


@pytest.mark.parametrize("query", ["", "?lead_only=on", "?to=2005", "?q=fair"])
def test_the_numbers_of_the_dashboard_are_found_again(client, work, valley, tracks, harbour, query):
    make_initiative(
        "Hosted", conflicts=[valley], tracks=[tracks["business"]], start="2015", sharing="public",
        organisations=[("host", harbour), ("party", harbour), ("funder", OrganisationFactory())],
    )  # fmt: skip
    (row,) = [
        row
        for row in client.get(f"/conflicts/valley/coverage.json{query}").json()["tracks"]
        if row["code"] == "business"
    ]
    numbers = client.get(URL + query).context["page"].numbers
    assert (numbers["working"], numbers["funding"]) == (row["organisations"], row["funders"])
    assert numbers["others"] == (query in ("", "?lead_only=on"))


def test_how_many_have_which_part_is_said_over_all_pages(client, work, harbour, valley, tracks):
    make_initiative(
        "Hosted", conflicts=[valley], tracks=[tracks["business"]], start="2015", sharing="public",
        organisations=[("host", harbour), ("funder", OrganisationFactory())],
    )  # fmt: skip
    page = client.get(URL).context["page"]
    assert page.parts == [
        "1 takes part as lead, implementer, partner or mediator",
        "2 fund",
        "1 hosts or is party to the talks",
    ]
    html = client.get(URL).content.decode()
    assert page.has_overlap  # Harbour funds, and hosts
    assert not client.get(f"{URL}?q=fair").context["page"].has_overlap
    assert "Of 3, 1 takes part as lead, implementer, partner or mediator; 2 fund; 1 hosts" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?to=2005", {"bridge": ({"lead": 1}, 1999, 1, 0, 1)}),
        (
            "?lead_only=on",
            {"bridge": ({"lead": 2}, 1999, 2, 0, 2), "harbour": ({"funder": 1}, 2012, 1, 0, 1)},
        ),
        ("?q=market", {"bridge": ({"lead": 1, "implementer": 1}, 2008, 0, 1, 1)}),
    ],
)
def test_the_window_and_filters_of_the_dashboard_hold(client, work, query, expected):
    assert told(client, query) == expected


def test_an_unreadable_window_shows_no_figures(client, work):
    response = client.get(f"{URL}?from=2030&to=2020")
    assert response.context["page"] is None
    assert "The window ends before it begins" in response.content.decode()


def test_a_hidden_record_is_nowhere_in_it(client, work, harbour, alice):
    assert told(client)["harbour"][1] == 2012
    client.force_login(alice)
    assert told(client)["harbour"] == ({"lead": 1, "funder": 1}, 1980, 2, 0, 2)


def test_a_dormant_track_says_since_when(client, valley, tracks, bridge):
    make_initiative(
        conflicts=[valley], tracks=[tracks["business"]], start="1999", end="2001-03", sharing="public", owner=bridge
    )
    assert "Dormant: the last of them ended in 2001" in client.get(URL).content.decode()


def test_what_organisations_state_of_it_is_told_to_the_network_alone(client, valley, tracks, maria, bridge, olga):
    state_coverage(
        valley,
        by=maria,
        organisation=bridge,
        track=tracks["business"],
        kind="not_invited",
        day=date(2026, 6, 1),
        reason="Nobody asked.",
    )
    assert list(client.get(URL).context["statements"]) == []
    client.force_login(olga)
    assert [one.kind for one in client.get(URL).context["statements"]] == ["not_invited"]


def test_a_retired_track_leads_to_its_replacement(client, work, tracks):
    media = tracks["media"]
    media.status, media.replaced_by = Track.Status.RETIRED, tracks["business"]
    media.save()
    response = client.get("/conflicts/valley/tracks/media/?to=2020")
    assert (response.status_code, response["Location"]) == (301, f"{URL}?to=2020")
    assert told(client)["bridge"] == ({"lead": 3, "implementer": 1}, 1999, 3, 0, 3)
    assert client.get("/conflicts/valley/tracks/nothing/").status_code == 404


def test_queries_do_not_grow_with_organisations(client, valley, tracks):
    def add(count):
        for _ in range(count):
            make_initiative(
                conflicts=[valley],
                tracks=[tracks["business"]],
                sharing="public",
                organisations=[("lead", OrganisationFactory()), ("funder", OrganisationFactory())],
            )

    add(1)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    add(5)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few)

"""The data behind a system's dashboard: its form, its questions, and what it says of which reader."""

import csv
import io
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from initiatives.models import CoverageStatement, InitiativeLink
from taxonomy.models import Track
from tests.factories import make_initiative

KEYS = [
    "conflict",
    "from",
    "to",
    "as_of",
    "lead_only",
    "initiatives",
    "planned",
    "untagged",
    "undated",
    "tracks",
    "statements",
    "breadth",
    "mixed",
    "named",
    "complete",
    "completeness",
    "open_ended",
    "confirmed",
    "effective_tracks",
    "evenness_nine",
    "evenness_present",
    "co_tagging",
    "flows",
    "pair_coverage",
    "isolated",
    "principles",
    "years",
    "critical",
    "concentration",
    "localness",
    "contributors",
    "fields",
]


@pytest.fixture
def ask(client, valley):
    """Ask for the JSON; what comes back, or the response where it isn't 200."""

    def _ask(query="", *, by=None, form="json"):
        client.logout()
        if by:
            client.force_login(by)
        response = client.get(reverse(f"initiatives:coverage-{form}", args=["valley"]) + query)
        if response.status_code != 200:
            return response
        return response.json() if form == "json" else response.content.decode("utf-8-sig")

    return _ask


@pytest.fixture
def world(valley, tracks, principles, alice, bridge, harbour):
    """Two public initiatives, linked; three more that are planned, untagged and undated."""
    told = {"conflicts": [valley], "by": alice, "sharing": "public"}
    talks = make_initiative(
        "Talks",
        tracks=[tracks["government"]],
        start="2018",
        end="2019-06",
        organisations=[("lead", bridge), ("funder", harbour)],
        ratings=[(principles["trust"], 2, "They met again.")],
        **told,
    )
    market = make_initiative("Market", tracks=[tracks["business"], tracks["media"]], start="2019", **told)
    InitiativeLink.objects.create(source=talks, target=market, kind="feeds_into", evidence="confirmed")
    make_initiative("Planned", tracks=[tracks["media"]], start="2021", **told)
    make_initiative("Untagged", start="2018", **told)
    make_initiative("Undated", tracks=[tracks["media"]], start=None, **told)


def test_the_json_has_every_figure_under_its_name(world, ask, tracks):
    told = ask("?from=2018&as_of=2020-06-30")
    assert list(told) == KEYS
    assert {key: told[key] for key in KEYS[:9]} == {
        "conflict": "valley",
        "from": "2018-01-01",
        "to": None,
        "as_of": "2020-06-30",
        "lead_only": False,
        "initiatives": 2,
        "planned": 1,
        "untagged": 1,
        "undated": 1,
    }
    assert [row["code"] for row in told["tracks"]] == list(tracks)
    assert told["tracks"][0] == {
        "code": "government",
        "active": 0,
        "planned": 0,
        "suspended": 0,
        "ended": 1,
        "unconfirmed": 0,
        "reach": 0.5,
        "share": 0.5,
        "organisations": 1,
        "funders": 1,
        "state": "dormant",
    }
    assert told["tracks"][8] == {
        "code": "media",
        "active": 1,
        "planned": 1,
        "suspended": 0,
        "ended": 0,
        "unconfirmed": 1,
        "reach": 0.5,
        "share": 0.25,
        "organisations": 0,
        "funders": 0,
        "state": "active",
    }
    assert told["breadth"] == 2
    assert told["effective_tracks"] == pytest.approx(8**0.5)  # e^(1.5 ln 2)
    assert told["evenness_nine"] == pytest.approx(0.4732, abs=1e-4)
    assert told["evenness_present"] == pytest.approx(0.9464, abs=1e-4)
    assert told["co_tagging"] == [{"a": "business", "b": "media", "initiatives": 1, "jaccard": 1.0}]
    assert told["flows"] == [
        {"from": "government", "to": "business", "weight": 0.5, "evidence": "confirmed"},
        {"from": "government", "to": "media", "weight": 0.5, "evidence": "confirmed"},
    ]
    assert told["principles"] == [
        {"principle": "trust", "track": "government", "practised": 1, "assessed": 1, "evidenced": 1, "median": None}
    ]
    assert len(told["years"]) == 27
    assert told["years"][9] == {"year": 2019, "track": "government", "active": 1, "started": 0, "ended": 1}


def test_what_is_undefined_is_null(ask, tracks):
    told = ask()
    assert (told["initiatives"], told["breadth"]) == (0, 0)
    assert {told[key] for key in ("effective_tracks", "evenness_nine", "evenness_present")} == {None}
    assert told["years"] == []


@time_machine.travel("2020-06-30 12:00Z")
def test_the_window_and_the_day_asked_for_are_told_back(ask):
    told = ask("?from=2001-02&to=2015")
    assert (told["from"], told["to"], told["as_of"]) == ("2001-02-01", "2015-12-31", "2015-12-31")
    told = ask("?from=&to=&as_of=")
    assert (told["from"], told["to"], told["as_of"]) == (None, None, "2020-06-30")


def test_lead_tracks_only_is_asked_by_name(world, ask):
    told = ask("?as_of=2020-06-30&lead_only=on")
    assert told["co_tagging"] == []
    assert told["tracks"][8]["reach"] == 0


def test_the_csv_is_the_tracks_table(world, ask, tracks):
    text = ask("?as_of=2020-06-30", form="csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    figures = ask("?as_of=2020-06-30")["tracks"]
    assert [row.pop("name") for row in rows] == [track.name for track in tracks.values()]
    asked = {"conflict": "valley", "from": "", "to": "", "as_of": "2020-06-30", "lead_only": "no"}
    assert rows == [{key: str(value) for key, value in row.items()} | asked for row in figures]
    later = next(csv.DictReader(io.StringIO(ask("?from=2019&to=2020&lead_only=on", form="csv"))))
    assert [later[name] for name in asked] == ["valley", "2019-01-01", "2020-12-31", "2020-12-31", "yes"]


def test_a_name_that_a_spreadsheet_would_run_is_only_text(ask, tracks):
    Track.objects.filter(code="media").update(name='=HYPERLINK("https://example.org")')
    rows = list(csv.DictReader(io.StringIO(ask(form="csv"))))
    assert rows[8]["name"] == '\'=HYPERLINK("https://example.org")'


@pytest.mark.parametrize(("query", "names"), [("?from=2020&to=2010", ["from", "to"]), ("?from=x", ["from"])])
def test_all_systems_take_no_window_and_say_where_one_can_be_asked(client, valley, query, names):
    refused = client.get(f"/conflicts.json{query}")
    assert refused.status_code == 400
    assert list(refused.json()) == ["errors"]
    assert list(refused.json()["errors"]) == names
    assert "/conflicts/compare.json" in refused.json()["errors"]["from"][0]
    assert client.get("/conflicts.json").status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=2020&to=2010", "to"),
        ("?from=soon", "from"),
        ("?to=2020-02-30", "to"),
        ("?as_of=2020-13", "as_of"),
        ("?as_of=%00", "as_of"),
        ("?from=" + "9" * 40, "from"),
        ("?track=eleven", "track"),
    ],
)
def test_a_question_that_cannot_be_read_gets_no_figures(world, ask, query, field):
    refused = ask(query)
    assert refused.status_code == 400
    assert list(refused.json()) == ["errors"]
    assert list(refused.json()["errors"]) == [field]
    refused = ask(query, form="csv")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "text/plain; charset=utf-8"
    assert refused.content.decode().startswith(f"{field}: ")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_unknown_system_is_not_found(client, db, form):
    assert client.get(f"/conflicts/atlantis/coverage.{form}").status_code == 404


@pytest.mark.parametrize("form", ["json", "csv"])
def test_it_is_read_only_and_kept_nowhere(client, valley, form):
    address = reverse(f"initiatives:coverage-{form}", args=["valley"])
    assert client.post(address).status_code == 405
    for query in ("", "?from=x"):
        response = client.get(address + query)
        assert response["Cache-Control"] == "private, no-store"
        assert "Cookie" in response["Vary"]


def test_filters_by_content_hold_and_show_no_false_gap_on_other_tracks(world, ask):
    told = ask("?as_of=2020-06-30&track=business")
    assert told["initiatives"] == 1
    assert {row["code"]: row["state"] for row in told["tracks"] if row["active"]} == {
        "business": "active",
        "media": "active",
    }
    assert ask("?as_of=2020-06-30&q=Talks")["initiatives"] == 1


@pytest.mark.parametrize("sharing", ["network", "organisation", "restricted"])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_record_hidden_from_a_reader_changes_no_byte(world, ask, valley, tracks, alice, olga, sharing, form):
    readers = [None] if sharing == "network" else [None, olga]
    before = [ask(by=reader, form=form) for reader in readers]
    hidden = make_initiative(
        "Hidden", by=alice, conflicts=[valley], tracks=[tracks["religion"], tracks["business"]], sharing=sharing
    )
    InitiativeLink.objects.create(source=hidden, target=alice.initiatives.get(title="Market"), kind="funds")
    InitiativeLink.objects.create(source=alice.initiatives.get(title="Talks"), target=hidden, kind="funds")
    assert [ask(by=reader, form=form) for reader in readers] == before
    assert ask(by=alice)["initiatives"] == ask(by=olga)["initiatives"] + (0 if sharing == "network" else 1)


def test_managers_statements_are_told_to_the_network_alone(ask, valley, tracks, bridge, maria, olga):
    CoverageStatement.objects.create(
        conflict_system=valley,
        track=tracks["religion"],
        kind="deliberately_not_engaged",
        reason="Not invited.",
        organisation=bridge,
        stated_by=maria,
        stated_on=date(2020, 1, 1),
        lapses_on=date(2021, 1, 1),
    )
    states = [ask("?as_of=2020-06-30", by=reader)["tracks"][6]["state"] for reader in (None, olga)]
    assert states == ["none_recorded", "deliberately_not_engaged"]

"""Data tells the figures of its page, and each of its fields is described."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from initiatives.actions.statements import state_coverage
from initiatives.models import InitiativeLink
from tests.answers import json_of
from tests.factories import ConflictSystemFactory, make_initiative

WINDOW = "from=2018&as_of=2020-06-30"
FIELDS = reverse("initiatives:fields")
ADDRESSES = {
    "initiatives": "/initiatives/export.json",
    "coverage": f"/conflicts/valley/coverage.json?{WINDOW}",
    "conflicts": "/conflicts.json",
    "sequence": f"/conflicts/valley/sequence.json?{WINDOW}",
    "compare": f"/conflicts/compare.json?system=valley&system=delta&{WINDOW}",
    "trend": f"/conflicts/valley/trend.json?by=year&{WINDOW}",
    "known": f"/conflicts/valley/known.json?on=2020-06-30&{WINDOW}",
    "linkage": f"/conflicts/valley/linkage.json?source=government&target=media&{WINDOW}",
    "track": f"/conflicts/valley/tracks/media.json?{WINDOW}",
    "portfolio": f"/organisations/bridge/portfolio.json?{WINDOW}",
    "organisation_principles": f"/organisations/bridge/principles.json?{WINDOW}",
}


@pytest.fixture
def told(client, alice, maria, valley, tracks, principles, bridge, harbour):
    """told(kind): the data, as Alice gets it. Talks of government and media feed into a market of business."""
    ConflictSystemFactory(code="delta")
    with time_machine.travel("2019-01-10 12:00Z"):
        talks = make_initiative(
            "Talks",
            by=alice,
            conflicts=[valley],
            tracks=[tracks["government"], tracks["media"]],
            start="2018",
            organisations=[("lead", bridge), ("funder", harbour)],
            ratings=[(principles["trust"], 2, "They met again.")],
        )
    talks.suspensions.create(from_on=date(2018, 5, 1), until_on=date(2018, 6, 30))
    valley.phases.create(kind="stalemate", start_on=date(2015, 4, 1), start_precision="month")
    market = make_initiative("Market", by=alice, conflicts=[valley], tracks=[tracks["business"]], start="2019-03")
    InitiativeLink.objects.create(source=talks, target=market, kind="feeds_into", evidence="confirmed")
    radio = make_initiative("Radio", by=alice, conflicts=[valley], tracks=[tracks["media"]], start="2019")
    InitiativeLink.objects.create(source=talks, target=radio, kind="funds")
    InitiativeLink.objects.create(source=radio, target=talks, kind="amplifies")
    why = {"kind": "not_invited", "reason": "Nobody asked.", "day": date(2020, 6, 1)}
    with time_machine.travel("2020-06-10 12:00Z"):
        state_coverage(valley, track=tracks["religion"], by=maria, organisation=bridge, **why)
    client.force_login(alice)
    return lambda kind: json_of(client.get(ADDRESSES[kind]))


def names_in(value, before=""):
    """Names of fields, those of a list's items or of an object after its own and a dot."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield before + name
            yield from names_in(inner, f"{before}{name}.")
    elif isinstance(value, list):
        for item in value:
            yield from names_in(item, before)


def test_each_field_is_described_and_each_description_is_of_a_field(client, told):
    described = client.get(FIELDS).json()
    assert described.keys() == ADDRESSES.keys()
    for kind, meant in described.items():
        answer = told(kind)
        assert kind == "initiatives" or answer["fields"] == f"http://testserver{FIELDS}"
        names = list(dict.fromkeys(names_in(answer)))
        if kind in ("compare", "conflicts"):
            inner = {name.removeprefix("systems.") for name in names if name.startswith("systems.")}
            names = [name for name in names if not name.startswith("systems.")]
            of_one = described["coverage"].keys() - {"fields"}
            assert inner == of_one if kind == "compare" else {"tracks.state", "statements"} <= inner < of_one
        assert set(names) == meant.keys(), kind
        assert all(meant.values())


def test_coverage_tells_ties_and_on_whom_it_rests(told, bridge):
    answer = told("coverage")
    assert (answer["mixed"], answer["contributors"], answer["open_ended"], answer["confirmed"]) == (0, 1, 3, 0)
    assert answer["completeness"] == pytest.approx(1 / 3)  # the talks alone name who is in charge
    assert answer["pair_coverage"] == pytest.approx(3 / 36)
    assert answer["isolated"] == []
    assert answer["critical"] == [{"track": "government", "organisation": "bridge", "name": "Bridge"}]
    assert answer["concentration"] == {"organisations": 1, "without": 2, "hhi": 1.0, "normalised": None}
    assert answer["localness"] == {"local": 0, "known": 0, "led": 0, "led_known": 0}


def test_a_comparison_tells_what_each_system_tells(told):
    systems = told("compare")["systems"]
    coverage = told("coverage")
    del coverage["fields"]
    assert [one["conflict"] for one in systems] == ["delta", "valley"]
    assert systems[1] == coverage


def test_all_systems_tell_what_their_circles_say(told):
    delta, valley = told("conflicts")["systems"]
    assert (delta["conflict"], delta["initiatives"], valley["conflict"], valley["initiatives"]) == (
        *("delta", 0),
        *("valley", 3),
    )
    active = [row["code"] for row in valley["tracks"] if row["state"] == "active"]
    assert active == ["government", "business", "media"]


def test_a_sequence_tells_what_ran_when_and_what_it_led_to(told, valley):
    answer = told("sequence")
    assert (answer["initiatives"], answer["left_out"], answer["phases"]) == (
        *(3, 0),
        [{"kind": "stalemate", "start": "2015-04"}],
    )
    talks, radio, market = answer["runs"]
    assert (talks["title"], talks["start"], talks["end"]) == ("Talks", "2018", None)
    assert talks["pauses"] == [{"from": "2018-05-01", "until": "2018-06-30"}]
    assert talks["tracks"] == [{"track": "government", "leads": True}, {"track": "media", "leads": False}]
    assert [(link["source"], link["target"], link["kind"], link["evidence"]) for link in answer["links"]] == [
        (talks["ref"], radio["ref"], "funds", "claimed"),
        (talks["ref"], market["ref"], "feeds_into", "confirmed"),
        (radio["ref"], talks["ref"], "amplifies", "claimed"),
    ]


def test_a_trend_tells_its_bins(told):
    answer = told("trend")
    assert (answer["by"], answer["initiatives"], answer["earlier_until"]) == ("year", 3, None)
    media = [row for row in answer["bins"] if row["track"] == "media"]
    assert [(row["first"], row["active"], row["started"]) for row in media] == [
        ("2018-01-01", 1, 1),
        ("2019-01-01", 2, 1),
        ("2020-01-01", 2, 0),
    ]


def test_what_was_known_stands_beside_what_is(told):
    answer = told("known")
    assert (answer["on"], answer["then"]["initiatives"], answer["now"]["initiatives"]) == ("2020-06-30", 1, 3)
    assert {change["title"]: change["kinds"] for change in answer["changes"]} == {
        "Market": ["added"],
        "Radio": ["added"],
    }


def test_two_tracks_tell_what_ties_them(told):
    answer = told("linkage")
    assert (answer["both"], [run["title"] for run in answer["runs"]]) == (1, ["Talks"])
    assert answer["there"]["weights"] == [{"evidence": "claimed", "weight": 0.5}]
    assert [link["kind"] for link in answer["back"]["links"]] == ["amplifies"]


def test_an_organisations_work_is_told_by_system_and_by_principle(told):
    (valley,) = told("portfolio")["systems"]
    assert (valley["conflict"], valley["initiatives"]) == ("valley", 1)
    assert [row["code"] for row in valley["tracks"] if row["initiatives"]] == ["government", "media"]
    rows = told("organisation_principles")["principles"]
    assert [(row["track"], row["practised"], row["median"]) for row in rows] == [
        ("government", 1, None),
        ("media", 1, None),
    ]


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/conflicts/valley/trend.json?by=week", "by"),
        ("/conflicts/valley/trend.json?from=soon", "from"),
        ("/conflicts/valley/sequence.json?from=soon", "from"),
        ("/conflicts/valley/known.json?on=2999", "on"),
        ("/conflicts/valley/linkage.json?source=media", "target"),
        ("/conflicts/compare.json?system=valley", "system"),
        ("/organisations/bridge/portfolio.json?from=soon", "from"),
        ("/organisations/bridge/principles.json?from=soon", "from"),
    ],
)
def test_a_question_that_cannot_be_read_gets_no_figures(client, alice, valley, tracks, address, field):
    client.force_login(alice)
    refused = client.get(address)
    assert refused.status_code == 400
    assert list(refused.json()) == ["errors"]
    assert list(refused.json()["errors"]) == [field]

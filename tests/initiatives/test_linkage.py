"""What ties two tracks: the records behind co-tagging and flow, for each reader, equal to the coverage that counts."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from initiatives.analytics import between as reading
from initiatives.analytics.between import between
from initiatives.models import Initiative, InitiativeLink
from tests.factories import make_initiative
from tests.initiatives.asking import coverage_of, period_of
from tests.test_two_worlds import masked

pytestmark = pytest.mark.django_db
URL = "/conflicts/valley/linkage/"
PAIR = f"{URL}?source=business&target=media"


@pytest.fixture
def log(valley, tracks, bridge):
    def _log(title, *codes, **told):
        told = {"sharing": "public", "owner": bridge} | told
        return make_initiative(title, conflicts=[valley], tracks=[tracks[code] for code in codes], **told)

    return _log


def link(source, target, kind="feeds_into", evidence="claimed"):
    return InitiativeLink.objects.create(source=source, target=target, kind=kind, evidence=evidence)


@pytest.fixture
def world(log):
    """Market (business) feeds into Radio (media, religion); Fair is on business and media and funds Market."""
    market, radio, fair = (
        log("Market", "business"),
        log("Radio", "media", "religion"),
        log("Fair", "business", "media"),
    )
    link(market, radio)
    link(fair, market, "funds", "confirmed")
    log("Later", "business", "media", start="2030")
    return {one.title: one for one in (market, radio, fair)}


def told(client, address=PAIR):
    linkage = client.get(address).context["linkage"]
    return (
        [row.run.initiative.title for row in linkage.rows],
        *([(str(one.source), str(one.target), one.weight) for one in way.way.links] for way in linkage.ways),
    )


def test_two_tracks_are_told_with_the_initiatives_and_links_behind_them(client, world):
    # Market > Radio: one track to two, half of it business > media. Fair > Market: two to one, half media > business.
    assert told(client) == (["Fair"], [("Market", "Radio", 1 / 2)], [("Fair", "Market", 1 / 2)])


def test_a_record_or_an_end_of_a_link_that_one_may_not_open_changes_no_byte(client, world, log):
    before = masked(client.get(PAIR))
    hidden = log("Quiet", "business", "media", sharing="restricted")
    link(world["Market"], hidden)
    link(hidden, world["Market"])
    assert masked(client.get(PAIR)) == before
    Initiative.objects.filter(pk=hidden.pk).update(sharing="public")
    assert told(client)[0] == ["Fair", "Quiet"]


@pytest.mark.parametrize("asked", [{}, {"lead_only": "on"}, {"to_day": "2021"}])
def test_each_pair_adds_up_to_what_coverage_counts(valley, tracks, world, log, alice, asked):
    tracks["youth"] = type(tracks["media"]).objects.create(
        code="youth", name="Youth", position=90, status="retired", replaced_by=tracks["media"]
    )
    link(log("Camp", "youth", "media", "business", start="2019"), world["Radio"], evidence="independent")
    link(log("Late", "media", start="2022"), world["Market"])
    figures = coverage_of(valley, **asked)
    both = {(pair.a, pair.b): pair.initiatives for pair in figures.co_tagging}
    flows = {}
    for flow in figures.flows:
        flows.setdefault((flow.source, flow.target), {})[flow.evidence] = flow.weight
    for a, b in [("business", "media"), ("business", "religion"), ("religion", "media")]:
        a, b = tracks[a], tracks[b]
        found = between(Initiative.objects.all(), a, b, system=valley, period=figures.period, reader=alice)
        assert found.both == both.get((a, b), 0)
        assert (found.there.weights, found.back.weights) == (flows.get((a, b), {}), flows.get((b, a), {}))
    assert flows


def test_only_the_first_are_shown_and_all_are_counted(valley, tracks, world, log, alice, monkeypatch):
    monkeypatch.setattr(reading, "SHOWN", 1)
    link(log("Second fair", "business", "media", start="2021"), world["Radio"])
    asked = {"system": valley, "period": period_of(), "reader": alice}
    found = between(Initiative.objects.all(), tracks["business"], tracks["media"], **asked)
    assert (found.both, [run.initiative.title for run in found.runs]) == (2, ["Fair"])
    assert (found.there.number, len(found.there.links)) == (2, 1)


def test_queries_stay_the_same_as_records_grow(valley, tracks, world, log, alice):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            between(
                Initiative.objects.visible_to(alice),
                tracks["business"],
                tracks["media"],
                system=valley,
                period=period_of(),
                reader=alice,
            )
        return len(queries)

    asked()  # who Alice is, once
    few = asked()
    for n in range(4):
        link(log(f"Fair {n}", "business", "media"), world["Market"])
    assert asked() == few == 10


def test_the_dashboard_leads_to_each_pair_in_the_same_question(client, world):
    page = client.get("/conflicts/valley/?from=2019&q=a&turn=2&flows=claimed").context["page"]
    [pair] = [row for row in page.pair_rows if {row.a.code, row.b.code} == {"business", "media"}]
    path, _, query = pair.address.partition("?")
    assert path == URL
    assert QueryDict(query).dict() == {"from": "2019", "q": "a", "source": "business", "target": "media"}
    assert {row.address.partition("&source=")[2] for row in page.flow_rows} >= {"business&target=media"}


def test_an_isolated_track_leads_to_its_active_records(client, world, log):
    log("Alone", "government")
    [(track, active)] = client.get(URL).context["page"].isolated
    assert (track.code, active.value) == ("government", 1)
    assert [one.title for one in client.get(active.address).context["page"].object_list] == ["Alone"]


def test_no_tie_is_told_as_none_recorded_and_not_as_nothing(client, world):
    text = client.get(f"{URL}?source=government&target=media").content.decode()
    assert "None recorded" in text
    assert "not what happened" in text


@pytest.mark.parametrize(
    "query",
    ["source=business", "source=business&target=business", "source=no%00&target=media", "source=&target=x"],
)
def test_a_pair_that_cannot_be_read_is_told_and_nothing_is_counted(client, world, query):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert response.context["pair"].errors
    assert response.context["linkage"] is response.context["page"] is None


def test_an_invalid_window_shows_no_figures(client, world):
    response = client.get(f"{PAIR}&from=2030&to=2020")
    assert response.context["linkage"] is response.context["page"] is None
    assert "No figures are shown" in response.content.decode()


def test_a_retired_track_stands_for_what_replaced_it(client, world, tracks):
    type(tracks["media"]).objects.create(
        code="press", name="Press", position=90, status="retired", replaced_by=tracks["media"]
    )
    assert told(client, f"{URL}?source=business&target=press") == told(client)

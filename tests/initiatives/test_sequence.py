"""The sequence: which records are drawn, for whom, and in which words."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from initiatives.analytics import sequence as reading
from initiatives.drawing import rows
from initiatives.models import CoverageStatement, Engagement, Initiative, InitiativeLink, Phase, Suspension
from tests.factories import make_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_day")]
URL = "/conflicts/valley/sequence/"


@pytest.fixture
def frozen_day():
    with time_machine.travel("2026-06-30 12:00", tick=False):
        yield


@pytest.fixture
def world(valley, tracks, bridge):
    """Camp (2018-2019, two tracks) feeds into Talks (from May 2020, paused); others are told apart. {title: record}"""
    public = {"sharing": "public", "conflicts": [valley], "owner": bridge}
    t = tracks
    made = [
        make_initiative("Talks", tracks=[t["government"]], start="2020-05", **public),
        make_initiative("Camp", tracks=[t["religion"], t["media"]], start="2018", end="2019-03-15", **public),
        make_initiative("Later", tracks=[t["media"]], start="2027", **public),
        make_initiative("Untagged", start="2019", **public),
        make_initiative("Undated", tracks=[t["media"]], start=None, **public),
        make_initiative("Cancelled", tracks=[t["media"]], start="2019", cancelled_on=date(2020, 1, 1), **public),
    ]
    world = {initiative.title: initiative for initiative in made}
    Suspension.objects.create(initiative=world["Talks"], from_on=date(2024, 1, 1))
    InitiativeLink.objects.create(source=world["Camp"], target=world["Talks"], kind="feeds_into", evidence="confirmed")
    Phase.objects.create(conflict_system=valley, kind="escalation", start_on=date(2017, 1, 1), start_precision="year")
    return world


def lanes_on(response):
    """Shape: {track's code: [titles]}, without empty lanes."""
    lanes = response.context["page"].lanes.lanes
    return {lane.track.code: [bar.run.initiative.title for bar in lane.bars] for lane in lanes if lane.bars}


def titles(response):
    return [run.initiative.title for run in response.context["page"].runs]


def test_each_record_stands_in_the_lane_of_each_of_its_tracks(client, world):
    response = client.get(URL)
    assert lanes_on(response) == {"government": ["Talks"], "religion": ["Camp"], "media": ["Camp"]}
    assert len(response.context["page"].lanes.lanes) == 9
    assert lanes_on(client.get(f"{URL}?lead_only=on")) == {"government": ["Talks"], "religion": ["Camp"]}


def test_others_are_told_apart_and_each_number_leads_to_its_records(client, world):
    page = client.get(URL).context["page"]
    figures = (page.counted, page.planned, page.untagged, page.undated)
    assert [figure.value for figure in figures] == [2, 1, 1, 1]
    for figure in figures:
        assert len(client.get(figure.address).context["page"].object_list) == figure.value


@pytest.mark.parametrize(
    "query", ["", "?from=2019-04", "?to=2019", "?as_of=2019", "?lead_only=on", "?q=camp", "?track=media"]
)
def test_the_lanes_hold_the_records_that_coverage_counts(client, world, query):
    drawn = client.get(f"{URL}{query}").context["page"].sequence.counted
    assert drawn == client.get(f"/conflicts/valley/coverage.json{query}").json()["initiatives"]


def test_a_lane_without_bars_says_the_state_that_coverage_tells(client, world, valley, tracks, bridge, maria):
    make_initiative("To come", sharing="public", conflicts=[valley], tracks=[tracks["business"]], start="2027")
    CoverageStatement.objects.create(
        conflict_system=valley,
        track=tracks["activism"],
        kind="reviewed_none_found",
        reason="Asked around.",
        organisation=bridge,
        stated_by=maria,
        stated_on=date(2026, 5, 4),
        lapses_on=date(2027, 5, 4),
    )
    assert "reviewed: none found" not in client.get("/conflicts/valley/sequence.svg").content.decode()
    client.force_login(maria)
    for query in ("", "?q=camp", "?to=2019"):
        page = client.get(f"{URL}{query}").context["page"]
        said = {lane.track.code: state.value for lane, bars, state in page.lane_rows if not bars}
        covered = client.get(f"/conflicts/valley/coverage.json{query}").json()["tracks"]
        assert said.items() <= {track["code"]: track["state"] for track in covered}.items()
    for address in (URL, "/conflicts/valley/sequence.svg"):
        svg = client.get(address).content.decode()
        words = re.findall(r'class="lane-empty"[^>]*>([^<]*)<', svg)
        assert words.count("planned only") == words.count("reviewed: none found") == 1
        assert words.count("none recorded") == 4
        assert "today, 30 June 2026" in svg


def test_the_table_says_what_the_lanes_draw(client, world):
    html = client.get(URL).content.decode()
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)]
    camp, talks = (" ".join(row) for row in rows[1:])
    assert camp == "Camp 7 Religion (lead) ; 9 Media 2018 (known to the year) 15 March 2019 Ended"
    assert talks.startswith("Talks 1 Government (lead) May 2020 (known to the month) no end recorded Suspended")
    assert talks.endswith("suspended from 1 January 2024")
    assert "Camp</a> <b>feeds into</b>" in html
    assert "Escalation from 2017" in html
    (_, words) = client.get(URL).context["page"].connector_rows[0]
    assert words == "Camp feeds into Talks, confirmed by the receiver"
    assert client.get(f"{URL}?flows=claimed").context["page"].connector_rows == []


def test_an_engagement_has_dates_of_its_own(client, world):
    Engagement.objects.filter(initiative=world["Camp"]).update(start_on=date(2018, 8, 1), start_precision="month")
    (camp, _) = client.get(URL).context["page"].rows
    assert (camp.since, camp.until) == ("August 2018 (known to the month)", "15 March 2019")


def test_records_that_look_equally_early_are_in_the_order_in_which_they_were_logged(client, valley, tracks):
    on = {"tracks": [tracks["media"], tracks["business"]], "sharing": "public", "start": "2018"}
    first = make_initiative("Logged first", **on)
    make_initiative("Logged second", conflicts=[valley], **on)
    Engagement.objects.create(initiative=first, conflict_system=valley)
    listed = [row.title for row in client.get("/initiatives/?conflict=valley&sort=start").context["page"].object_list]
    drawn = [run.initiative.title for run in client.get(URL).context["page"].runs]
    pair = client.get("/conflicts/valley/linkage/?source=business&target=media").context["linkage"]
    assert drawn == [row.run.initiative.title for row in pair.rows] == listed == ["Logged first", "Logged second"]


def test_dates_are_as_precise_as_they_are_shown_to_the_reader(client, world, alice):
    Initiative.objects.filter(title="Camp").update(shown_dates="year")
    outside = client.get(URL).context["page"]
    client.force_login(alice)
    inside = client.get(URL).context["page"]
    assert [page.rows[0].until for page in (outside, inside)] == ["2019 (known to the year)", "15 March 2019"]


@pytest.mark.parametrize("address", [URL, "/conflicts/valley/sequence.svg"])
def test_a_hidden_record_and_its_links_change_no_byte(client, world, alice, valley, tracks, address):
    def page():
        return re.sub(rb'("X-CSRFToken": "|csrfmiddlewaretoken" value=")[^"]+', b"", client.get(address).content)

    before = page()
    hidden = make_initiative("Hidden", by=alice, conflicts=[valley], tracks=[tracks["business"]], start="1990")
    InitiativeLink.objects.create(source=hidden, target=world["Talks"], kind="feeds_into")
    assert page() == before
    client.force_login(alice)
    assert b"Hidden" in page()


def test_what_is_left_out_is_said_and_a_link_leads_there(client, world, monkeypatch):
    monkeypatch.setattr(reading, "DRAWN", 1)
    response = client.get(f"{URL}?q=a&flows=claimed")
    assert titles(response) == ["Talks"]
    said = "Drawn is the latest 1 to have begun; 1 other is left out."
    assert said in response.content.decode()
    assert said in client.get("/conflicts/valley/sequence.svg").content.decode()
    answer = client.get("/conflicts/valley/sequence.json").json()
    assert ([run["title"] for run in answer["runs"]], answer["initiatives"], answer["left_out"]) == (["Talks"], 2, 1)
    query = QueryDict(response.context["page"].others).dict()
    assert query == {"q": "a", "flows": "claimed", "to": "2018-01-01", "as_of": "2026-06-30"}
    before = client.get(f"{URL}?{response.context['page'].others}")
    assert (titles(before), before.context["page"].sequence.left_out) == (["Camp"], 0)
    assert "Draw those begun by 1 January 2018" in response.content.decode()


def test_each_record_is_drawn_in_one_of_the_windows_that_follow_each_other(client, valley, tracks, monkeypatch):
    monkeypatch.setattr(reading, "DRAWN", 2)
    for year in range(2010, 2015):
        make_initiative(str(year), sharing="public", conflicts=[valley], tracks=[tracks["media"]], start=str(year))
    drawn, query = [], ""
    while query is not None:
        page = client.get(f"{URL}?{query}").context["page"]
        drawn.append([run.initiative.title for run in page.runs])
        query = page.others
    assert drawn == [["2013", "2014"], ["2011", "2012"], ["2010"]]


@pytest.mark.parametrize(("starts", "query"), [(("2018", "2018"), ""), (("2018", "2020"), "?from=2019")])
def test_no_link_leads_to_the_same_again_or_to_a_window_that_ends_before_it_begins(
    client, valley, tracks, monkeypatch, starts, query
):
    monkeypatch.setattr(reading, "DRAWN", 1)
    for start in starts:
        make_initiative(start, sharing="public", conflicts=[valley], tracks=[tracks["media"]], start=start)
    response = client.get(f"{URL}{query}")
    assert response.context["page"].sequence.left_out == 1
    assert response.context["page"].others is None
    assert "left out. Choose a closer window, or read" in response.content.decode()


def test_queries_stay_as_many_as_rows_grow(client, world, valley, tracks):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    first = queries()
    for place in range(5):
        more = make_initiative(f"More {place}", sharing="public", conflicts=[valley], tracks=[tracks["media"]])
        InitiativeLink.objects.create(source=more, target=world["Talks"], kind="funds")
    assert queries() == first


def test_links_lead_through_time_and_keep_the_question(client, world):
    page = client.get(f"{URL}?from=2018-01-01&to=2019-12-31&q=camp&flows=confirmed").context["page"]
    zooms = {label: QueryDict(query).dict() for label, query in page.zooms}
    assert list(zooms) == ["Earlier", "Later", "Closer", "Wider"]
    assert all((query["q"], query["flows"]) == ("camp", "confirmed") for query in zooms.values())
    assert {label: (query["from"], query["to"]) for label, query in zooms.items()} == {
        "Earlier": ("2017-01-01", "2018-12-31"),
        "Later": ("2019-01-01", "2020-12-30"),
        "Closer": ("2018-07-02", "2019-07-02"),
        "Wider": ("2017-01-01", "2020-12-30"),
    }


@pytest.mark.parametrize(
    "window", ["from=1000&to=1000", "from=9999-12-31&to=9999-12-31", "from=1000&to=9999&as_of=2100"]
)
def test_the_ends_of_time_break_nothing(client, world, window):
    response = client.get(f"{URL}?{window}")
    assert response.status_code == 200
    for _, query in response.context["page"].zooms:
        assert client.get(f"{URL}?{query}").context["page"] is not None


def test_a_question_that_cannot_be_read_draws_nothing(client, world):
    html = client.get(f"{URL}?from=2020-13").content.decode()
    assert "There is no month 13" in html
    assert 'class="lanes"' not in html
    response = client.get("/conflicts/valley/sequence.svg?q=%00")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert client.get("/conflicts/nowhere/sequence/").status_code == 404


def test_htmx_gets_the_fragment_alone(client, world):
    fragment = client.get(URL, headers={"HX-Request": "true", "HX-Target": "sequence"}).content.decode()
    assert "<html" not in fragment
    assert "<html" in client.get(URL, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("address", [URL, "/conflicts/valley/sequence.svg"])
def test_connectors_run_behind_the_names_of_lanes(client, world, address):
    svg = client.get(address).content.decode()
    assert svg.rindex('class="connector"') < svg.index('class="lane-name"')
    assert svg.count('class="lane-words"') == svg.count('class="lane-name"') == 9
    assert 'stroke-width="4" stroke-linejoin="round" paint-order="stroke"><text class="lane-name"' in svg


def test_a_long_name_is_shorter_on_a_phone_alone(client, world):
    Initiative.objects.filter(title="Camp").update(title="Camp of the young of both banks of the long river")
    titles = [
        re.findall(r'class="(run-title[^"]*)"[^>]*>Camp([^<]*)<', client.get(address).content.decode())
        for address in (URL, "/conflicts/valley/sequence.svg")
    ]
    whole, short = ("run-title", " of the young of both banks of the long river"), " of the young of both banks of…"
    assert titles == [[whole, ("run-title run-short", short)] * 2, [whole] * 2]


def test_bars_of_a_full_lane_are_named_when_pointed_at_and_in_the_table(client, world, valley, tracks, monkeypatch):
    html = client.get(URL).content.decode()
    assert "Where a lane is full" not in html
    assert '<svg class="lanes"' in html
    monkeypatch.setattr(rows, "FULL", 1)
    make_initiative("Radio", sharing="public", conflicts=[valley], tracks=[tracks["media"]], start="2018")
    for address in (URL, "/conflicts/valley/sequence.svg"):
        svg = client.get(address).content.decode()
        assert re.findall(r'class="run-title"[^>]*>([^<]*)<', svg) == ["Talks", "Camp"]
        assert svg.count("<title>Camp: ") == 2
        assert "<title>Radio: 2018 (known to the year)" in svg
        assert "Where a lane is full, its bars are drawn without names, lower and closer together" in svg
    html = client.get(URL).content.decode()
    assert 'href="#runs-title"' in html
    assert '<svg class="lanes lanes-close"' in html


def test_the_picture_stands_alone(client, world):
    Initiative.objects.filter(title="Camp").update(title="<b>\x0b&")
    response = client.get("/conflicts/valley/sequence.svg?from=2018&to=2026-06")
    root = ElementTree.fromstring(response.content)  # noqa: S314  our own
    words = " ".join(root.itertext())
    assert "Valley: which tracks ran when" in words
    assert "<b>&: 2018 (known to the year) to 15 March 2019; ended; leads" in words
    assert "Window: not ended before 1 January 2018 and begun by 30 June 2026." in words
    assert "the phases of the conflict: 1 Escalation from 2017." in " ".join(words.split())
    assert not any("style" in element.attrib for element in root.iter())

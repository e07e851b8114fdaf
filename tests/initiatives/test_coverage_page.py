"""The coverage page: the figures are those of the data behind it, and each leads to exactly its records."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from initiatives.dates import today
from initiatives.drawing.choices import LEVELS, Drawing
from initiatives.exchange.coverage import as_json
from initiatives.filters import InitiativeFilter
from initiatives.models import (
    ConflictSystem,
    CoverageStatement,
    DisputedClaim,
    Engagement,
    Initiative,
    InitiativeLink,
    Phase,
    Suspension,
)
from initiatives.views import coverage, report
from initiatives.views.asking import coverage_asked
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_day")]
URL = "/conflicts/valley/"


@pytest.fixture
def frozen_day():
    with time_machine.travel("2026-06-30 12:00", tick=False):
        yield


class NumberLinks(HTMLParser):
    """Collects links to the list whose text is a number. Shape: [(address, number)]."""

    def __init__(self, html):
        super().__init__()
        self.found, self.address = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            href = dict(attrs).get("href", "")
            self.address = href if href.startswith("/initiatives/?") else None

    def handle_endtag(self, tag):
        if tag == "a":
            self.address = None

    def handle_data(self, text):
        if self.address:
            self.found.append((self.address, int(text)))


@pytest.fixture
def small_world(valley, tracks, principles, bridge):
    """Seven records of every kind that coverage tells apart, two of them linked."""
    relationship, trust = principles.values()
    public = {"sharing": "public", "conflicts": [valley], "owner": bridge}
    t = tracks
    talks = make_initiative(
        "Talks",
        tracks=[t["government"], t["conflict-resolution"]],
        start="2020",
        last_confirmed="2026-01",
        officiality="mixed",
        organisations=[("lead", bridge)],
        ratings=[(trust, 3, "Said so."), (relationship, 1, "")],
        **public,
    )
    camp = make_initiative(
        "Camp",
        tracks=[t["conflict-resolution"], t["private-citizen"], t["media"]],
        start="2018-05",
        ratings=[(trust, 0, "")],
        organisations=[("lead", bridge), ("funder", OrganisationFactory())],
        **public,
    )
    make_initiative("Paper", tracks=[t["media"]], start="2010", end="2012", **public)
    paused = make_initiative("Paused", tracks=[t["religion"]], start="2019", **public)
    Suspension.objects.create(initiative=paused, from_on=date(2021, 1, 1))
    make_initiative("Later", tracks=[t["business"]], start="2027", **public)
    make_initiative("Untagged", start="2019", **public)
    make_initiative("Undated", tracks=[t["media"]], start=None, **public)
    make_initiative("Cancelled", tracks=[t["media"]], start="2019", cancelled_on=date(2020, 1, 1), **public)
    InitiativeLink.objects.create(source=camp, target=talks, kind="feeds_into", evidence="confirmed")
    return valley


QUERIES = (
    "",
    "?from=2011&to=2020",
    "?as_of=2020-06",
    "?lead_only=on",
    "?to=2030&as_of=2026-06-30",
    "?track=media",
    "?status=active",
    "?q=camp",
)


@pytest.mark.parametrize("query", QUERIES)
def test_the_page_has_the_figures_of_the_data(client, small_world, query):
    page = client.get(f"{URL}{query}").context["page"]
    data = client.get(f"{URL}coverage.json{query}").json()
    assert data.pop("fields")  # where they are described
    assert json.loads(json.dumps(as_json(page.coverage), default=str)) == data


@pytest.mark.parametrize(
    ("query", "said", "unsaid"),
    [
        ("?as_of=2020-06", ["1 was confirmed on 30 June 2019 or later"], []),
        ("", ["confirmed on 30 June 2025 or later"], []),
        ("?as_of=2020-02-29", ["confirmed on 28 February 2019 or later"], []),
        ("?from=2019", ["not ended before 1 January 2019", "recorded here on some track"], ["running on or after"]),
        ("?lead_only=on", ["recorded here with a lead track", "have a start, a lead track and"], ["on some track"]),
        ("?as_of=2035", ["That day is still to come"], ["confirmed on 31 December 2034"]),
        ("?q=camp", ["naming this system among those narrowed to", "Read with caution: fewer than ten"], []),
        ("?to=2021-06", ["hatched: on 30 June 2021 it wasn’t over"], []),
        ("?to=2021", [], ["hatched"]),
    ],
)
def test_its_sentences_hold_for_the_question(client, small_world, query, said, unsaid):
    text = " ".join(strip_tags(client.get(f"{URL}{query}").content.decode()).split())
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


@pytest.mark.parametrize(("lead", "said"), [(True, "media"), (False, "none. No track’s active work hangs")])
def test_a_critical_organisation_or_none_is_told(client, valley, tracks, bridge, harbour, lead, said):
    for owner in (bridge, *([] if lead else [harbour])):
        organisations = [("lead", owner)]
        make_initiative(tracks=[tracks["media"]], conflicts=[valley], sharing="public", organisations=organisations)
    [line] = [one for one in client.get(URL).content.decode().split("<li>") if one.startswith("Critical")]
    assert said in line


@pytest.mark.parametrize("query", QUERIES)
def test_each_figure_leads_to_exactly_as_many_records(client, small_world, query):
    links = NumberLinks(client.get(f"{URL}{query}").content.decode()).found
    assert links
    assert_links_lead_to_as_many(links)


def assert_links_lead_to_as_many(links):
    """By the list's own filter, as a signed-out reader."""
    reader = AnonymousUser()
    for address, number in set(links):
        query = QueryDict(address.partition("?")[2])
        found = InitiativeFilter(query, Initiative.objects.visible_to(reader), user=reader)
        assert (found.is_valid(), found.qs.count()) == (True, number), address


def test_the_small_world_counted_by_hand(client, small_world):
    page = client.get(URL).context["page"]
    told = (page.counted.value, page.planned.value, page.untagged.value, page.undated.value)
    assert told == (4, 1, 1, 1)
    by_track = {
        row.coverage.track.code: (row.active.value, row.suspended.value, row.ended.value, row.planned.value)
        for row in page.track_rows
    }
    assert by_track["conflict-resolution"] == (2, 0, 0, 0)
    assert by_track["media"] == (1, 0, 1, 0)
    assert by_track["religion"] == (0, 1, 0, 0)
    assert by_track["business"] == (0, 0, 0, 1)
    html = client.get(URL).content.decode()
    assert "4 of 9 tracks" in html
    assert "1.5: 1" in html


def test_the_links_of_the_real_cases_lead_to_as_many_records(client, db):
    call_command("load_taxonomy", verbosity=0)
    call_command("load_cases", verbosity=0)
    links = []
    for system in ConflictSystem.objects.filter(code__in=["liberia", "northern-ireland", "tajikistan"]):
        links += NumberLinks(client.get(system.get_absolute_url()).content.decode()).found
    assert len(links) > 50
    assert_links_lead_to_as_many(links)


# ---------------------------------------------------------------- what can't be read, and what isn't there


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("from=2020&to=2010", "The window ends before it begins"),
        ("from=2020-13", "There is no month 13"),
        ("as_of=soon", "Write a year"),
        ("to=%00", "Null characters are not allowed"),
        ("track=nowhere", "is not one of the choices"),
    ],
)
def test_an_unreadable_question_gets_an_error_and_no_figures(client, small_world, query, told):
    response = client.get(f"{URL}?{query}")
    html = response.content.decode()
    assert response.status_code == 200
    assert told in html
    assert "No figures are shown" in html
    assert response.context["page"] is None
    assert "<table" not in html
    assert 'class="circle"' not in html


def test_what_was_typed_stays_in_the_window(client, small_world):
    html = client.get(f"{URL}?from=2020-13&turn=2&q=%22%3E%3Cb%3E").content.decode()
    assert 'value="2020-13"' in html
    assert '<input type="hidden" name="turn" value="2">' in html
    assert "<b>" not in html.split("window-form")[1].split("</form>")[0]


def test_a_system_without_records_says_so_and_still_shows_nine_open_nodes(client, valley, tracks):
    html = client.get(URL).content.decode()
    assert "None recorded, among what you may open" in html
    assert html.count('class="circle-node node-none-recorded"') == 9
    assert "no activity" not in html
    assert '<th scope="row">' in html


def test_pages_stand_before_there_is_a_system_or_a_track(client):
    assert "No conflict system has been added yet" in client.get("/conflicts/").content.decode()
    assert client.get("/conflicts/nowhere/").status_code == 404
    ConflictSystemFactory(code="valley")
    assert client.get("/conflicts/").status_code == 200
    assert client.get(URL).status_code == 200


def test_a_list_of_systems_names_what_each_is_part_of_and_its_parts(client):
    valley = ConflictSystemFactory(name="Valley")
    for name in ("Upper end", "Lower end"):
        ConflictSystemFactory(name=name, parent=valley)
    html = client.get("/conflicts/").content.decode()
    assert html.count("Part of Valley") == 2
    assert html.count("Its parts, not added up here: Lower end, Upper end</p>") == 1


def test_a_narrowed_question_says_so_with_a_way_out(client, small_world):
    assert "Narrowed" not in client.get(f"{URL}?from=2015").content.decode()
    response = client.get(f"{URL}?from=2015&q=camp&track=media")
    assert "Narrowed, in every figure below, to" in response.content.decode()
    left = {chip.value: QueryDict(chip.query).dict() for chip in response.context["narrowings"]}
    assert left == {"camp": {"from": "2015", "track": "media"}, "9 Media": {"from": "2015", "q": "camp"}}


@pytest.mark.parametrize("query", ["", "from=2015&q=camp"])
def test_the_ways_on_stand_above_the_circle_each_in_one_place_and_keep_the_question(client, small_world, alice, query):
    pages = ["sequence/", "trend/", "linkage/", "report/"]
    for person in (None, alice):
        if person:
            client.force_login(person)
            pages += ["known/", "open-points/"]
        html = client.get(f"{URL}?{query}").content.decode()
        ways = re.search(r'<nav class="further-links no-print" aria-label="[^"]+">.*?</nav>', html, re.DOTALL)
        assert ways.start() < html.index('<svg class="circle"')
        asked = re.escape(query.replace("&", "&amp;"))
        for page in pages:
            link = rf'href="{URL}{page}\??{asked}(&amp;)?(by=month)?"'
            assert len(re.findall(link, html)) == len(re.findall(link, ways[0])) == 1
        for track in ("media", "business"):
            assert re.search(rf'href="{URL}tracks/{track}/\??{asked}"', ways[0])
        assert ("open-points/" in html) is bool(person)


@pytest.mark.parametrize("page", ["", "report/?as=public"])
def test_whole_numbers_have_a_comma_between_thousands(client, small_world, monkeypatch, page):
    def many(*args, **asked):
        found = coverage_asked(*args, **asked)
        rows = [replace(row, active=6893, planned=1044, organisations=1045) for row in found.tracks]
        years = [replace(year, active=3501, started=1502, ended=1503) for year in found.years]
        counts = {"initiatives": 6893, "bridges": 1046, "named": 7001, "complete": 5002, "untagged": 1234}
        return replace(found, tracks=tuple(rows), years=tuple(years), **counts)

    for view in (coverage, report):
        monkeypatch.setattr(view, "coverage_asked", many)
    text = re.sub(r"<[^>]*>", " ", client.get(f"{URL}{page}").content.decode())
    for told in ("6,893", "1,044", "1,045", "1,046", "7,001", "5,002", "1,234", "3,501", "+1,502", "−1,503"):
        assert told in text
    assert re.findall(r"6893|1044|1045|1046|7001|5002|1234|3501|1502|1503", text) == []


# ---------------------------------------------------------------- drawing


def test_the_circle_turns_by_a_link_that_keeps_the_question(client, small_world):
    html = client.get(f"{URL}?from=2015&turn=8").content.decode()
    assert 'href="?from=2015&amp;turn=0#circle-figure"' in html
    turned = client.get(f"{URL}?turn=2").context["page"].circle.nodes
    unturned = client.get(URL).context["page"].circle.nodes
    assert (turned[0].x, turned[0].y) == pytest.approx((unturned[2].x, unturned[2].y), abs=0.02)


def test_each_track_can_be_turned_to_the_top_but_the_one_that_is_there(client, small_world):
    words = client.get(f"{URL}?from=2015&turn=8").content.decode().partition('<ul class="circle-words')[2]
    there, *others = re.findall(r"""<li id="said-valley-([a-z-]+)"(?!.*Turn this track)""", words)
    assert (there, others) == ("conflict-resolution", [])
    assert 'href="?from=2015&amp;turn=1#circle-figure"' in words.partition("said-valley-media")[2]


def test_without_scripts_what_changes_the_circle_comes_back_to_it(client, small_world):
    for query, changes in (("", ("arcs=off", "flows=claimed&amp;flows=independent")), ("arcs=off", ("",))):
        html = client.get(f"{URL}?{query}").content.decode()
        for changed in changes:
            assert f'href="?{changed}#circle-figure"' in html
    assert html.count('id="circle-figure"') == 1


@pytest.mark.parametrize("turn", ["", "-1", "x", "1e9", "99999999", "²", "\0"])
def test_a_turn_that_cannot_be_read_is_none(client, small_world, turn):
    assert client.get(URL, {"turn": turn}).context["page"].circle.turn == 0


def test_arcs_and_arrows_can_be_left_out(client, small_world):
    html = client.get(URL).content.decode()
    assert html.count('<path class="circle-arc"') > 1
    assert "flow-confirmed" in html
    circle = client.get(f"{URL}?arcs=off&flows=off").context["page"].circle
    assert (circle.arcs, circle.flows) == ((), ())


def test_each_level_of_evidence_has_a_switch_where_it_has_arrows(client, small_world):
    page = client.get(URL)
    assert 'href="?flows=claimed&amp;flows=independent#circle-figure"' in page.content.decode()
    assert [switch.level for switch in page.context["page"].flow_switches] == ["confirmed"]


def test_a_switch_takes_its_own_level_out_and_brings_it_back():
    every = Drawing.asked(QueryDict(""))
    assert [switch.then for switch in every.switches(LEVELS)] == [
        ("confirmed", "independent"),
        ("claimed", "independent"),
        ("claimed", "confirmed"),
    ]
    one = Drawing.asked(QueryDict("flows=claimed&flows=nonsense"))
    assert one.levels == ("claimed",)
    assert [(switch.drawn, switch.then) for switch in one.switches(LEVELS)] == [
        (True, ("off",)),
        (False, ("claimed", "confirmed")),
        (False, ("claimed", "independent")),
    ]
    two = Drawing.asked(QueryDict("flows=claimed&flows=confirmed"))
    assert [switch.then for switch in two.switches(LEVELS)][2] is None
    assert Drawing.asked(QueryDict("flows=off")).levels == ()
    assert Drawing.asked(QueryDict("flows=nonsense")) == every


def test_each_node_leads_to_its_words_which_lead_to_its_records(client, small_world):
    html = client.get(URL).content.decode()
    assert html.count('href="#said-valley-') == 9
    told = html.split('<li id="said-valley-media"')[1].split("</li>")[0]
    assert "1 active, of these 1 unconfirmed, 1 ended; on 2 of 4 initiatives" in told
    assert "track=media" in told


def test_htmx_gets_the_fragment_alone_and_history_the_page(client, small_world):
    fragment = client.get(URL, headers={"HX-Request": "true", "HX-Target": "coverage"}).content.decode()
    assert "<html" not in fragment
    assert fragment.count('id="coverage"') == 1
    assert "<html" in client.get(URL, headers={"HX-Request": "true"}).content.decode()


# ---------------------------------------------------------------- who sees what


def masked(response):
    """The page without the token that differs on each request."""
    return re.sub(rb'("X-CSRFToken": "|csrfmiddlewaretoken" value=")[^"]+', b"", response.content)


@pytest.mark.parametrize(
    "address", [URL, f"{URL}?from=2000", "/conflicts/", "/conflicts/compare/?system=valley&system=hill"]
)
@pytest.mark.parametrize("reader", [None, "olga", "curator"])
def test_a_hidden_record_changes_no_byte(client, small_world, tracks, alice, address, reader, request):
    ConflictSystemFactory(code="hill", name="Hill")
    if reader:
        client.force_login(request.getfixturevalue(reader))
    before = masked(client.get(address))
    secret = make_initiative(
        "Secret", by=alice, sharing="organisation", conflicts=[small_world], tracks=[tracks["funding"]], start="1999"
    )
    seen = Initiative.objects.get(title="Camp")
    InitiativeLink.objects.create(source=secret, target=seen, kind="funds")
    assert masked(client.get(address)) == before
    client.force_login(alice)
    assert masked(client.get(address)) != before


def state_none_found(system, track, *, by, organisation, on):
    CoverageStatement.objects.create(
        conflict_system=system,
        track=track,
        kind="reviewed_none_found",
        reason="Looked.",
        organisation=organisation,
        stated_by=by,
        stated_on=on,
        lapses_on=on + timedelta(days=365),
    )


def test_a_managers_word_shows_to_the_network_alone(client, valley, tracks, maria, bridge):
    state_none_found(valley, tracks["media"], by=maria, organisation=bridge, on=date(2026, 6, 1))
    marked = 'class="circle-node node-reviewed-none-found"'
    assert marked not in client.get(URL).content.decode()
    client.force_login(maria)
    assert marked in client.get(URL).content.decode()


def test_tracks_without_a_bar_over_the_years_are_told_with_their_states(client, valley, tracks, maria, bridge):
    public = {"by": maria, "sharing": "public", "conflicts": [valley]}
    others = [track for code, track in tracks.items() if code not in ("business", "media")]
    make_initiative(tracks=others, start="2020", **public)
    make_initiative(tracks=[tracks["business"]], start="2030", **public)
    state_none_found(valley, tracks["media"], by=maria, organisation=bridge, on=date(2026, 6, 1))
    client.force_login(maria)
    told = "Without a bar: 3 Business (planned only); 9 Media (reviewed: none found)."
    assert told in client.get(URL).content.decode()


@pytest.mark.parametrize("address", ["/", "/conflicts/"])
def test_nor_does_a_managers_word_show_among_several_systems(client, valley, tracks, maria, bridge, address):
    make_initiative(by=maria, sharing="public", conflicts=[valley], tracks=[tracks["business"]])
    before = masked(client.get(address))
    state_none_found(valley, tracks["media"], by=maria, organisation=bridge, on=today() - timedelta(days=1))
    assert masked(client.get(address)) == before


def test_editing_is_offered_to_those_who_may(client, valley, tracks, alice, maria):
    edit = reverse("initiatives:conflict-edit", args=["valley"])
    assert edit not in client.get(URL).content.decode()
    client.force_login(alice)
    assert edit not in client.get(URL).content.decode()
    client.force_login(maria)
    html = client.get(URL).content.decode()
    assert edit in html
    assert reverse("initiatives:conflict-history", args=["valley"]) in html
    assert reverse("initiatives:conflict-new") in client.get("/conflicts/").content.decode()


# ---------------------------------------------------------------- what the system is


def test_the_page_says_what_the_system_is_with_its_doubts(client, tracks):
    system = ConflictSystemFactory(
        code="hill",
        name="Hill <i>",
        aliases=["High & low"],
        boundary="The hill alone.",
        countries=["CY"],
        invented=True,
    )
    Phase.objects.create(conflict_system=system, kind="escalation", start_on=date(1992, 1, 1), start_precision="year")
    system.external_ids.create(scheme="ucdp-conflict", identifier="42", release="23.1")
    DisputedClaim.objects.create(conflict_system=system, claim="It began in May.", source="A", doubt="B says June.")
    html = client.get("/conflicts/hill/").content.decode()
    for told in (
        "Hill &lt;i&gt;",
        "High &amp; low",
        "The hill alone.",
        "Cyprus",
        "Escalation",
        "from 1992",
        "ucdp-conflict 42",
        "It began in May.",
        "B says June.",
        "invented, for the demonstration",
    ):
        assert told in html


# ---------------------------------------------------------------- queries


@pytest.mark.parametrize("address", [URL, "/conflicts/"])
def test_queries_do_not_grow_with_records(client, valley, tracks, principles, bridge, address):
    def add(count):
        for n in range(count):
            made = make_initiative(
                tracks=list(tracks.values())[n % 5 : n % 5 + 3],
                conflicts=[valley],
                sharing="public",
                owner=bridge,
                organisations=[("lead", OrganisationFactory())],
                ratings=[(principles["trust"], 2, "So.")],
            )
            other = make_initiative(tracks=[tracks["media"]], conflicts=[valley], sharing="public", owner=bridge)
            InitiativeLink.objects.create(source=made, target=other, kind="funds")
        ConflictSystemFactory.create_batch(count)

    add(3)
    few = queries_of(client, address)
    add(27)
    assert queries_of(client, address) <= few


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_engagement_with_dates_of_its_own_leads_to_its_record(client, valley, tracks):
    record = make_initiative(tracks=[tracks["media"]], sharing="public", start="2000", end="2026-12")
    Engagement.objects.create(
        initiative=record, conflict_system=valley, end_on=date(2005, 12, 31), end_precision="year"
    )
    html = client.get(URL).content.decode()
    assert "node-dormant" in html
    assert_links_lead_to_as_many(NumberLinks(html).found)


@pytest.mark.parametrize("page", ["", "trend/", "sequence/", "linkage/", "coverage.json", "report/"])
@pytest.mark.parametrize("day", ["9999-12-31", "2200"])
def test_status_of_a_day_that_nobody_foresees_is_not_told(client, small_world, page, day):
    response = client.get(f"{URL}{page}?as_of={day}&as=public")
    assert response.status_code == (400 if page.endswith("json") else 200)
    assert "next 100 years" in response.content.decode()
    assert client.get(f"{URL}{page}?as_of={today().year + 100}&as=public").status_code == 200

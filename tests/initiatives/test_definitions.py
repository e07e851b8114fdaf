"""Each figure has its definition one click away, from one source."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from initiatives.actions.statements import state_coverage
from initiatives.dates import today
from initiatives.definitions import definitions, parts
from initiatives.exchange.fields import fields
from initiatives.models import ConflictSystem
from tests.factories import make_initiative
from tests.initiatives.test_coverage_page import small_world

__all__ = ["small_world"]  # a fixture, used here under the same name

ELSEWHERE = {  # figures of other pages than the dashboard, by address
    "/conflicts/valley/trend/?by=month": {"counted", "months"},
    "/conflicts/valley/trend/?by=year": {"counted", "years"},
    "/conflicts/valley/known/": {"counted", "planned", "known", "status", "reach", "share"},
    "/conflicts/valley/sequence/?lead_only=on": {"counted", "as-of", "planned", "lead"},
    "/conflicts/valley/linkage/": {"pairs"},
    "/conflicts/valley/tracks/funding/": {"status", "dormant", "on-track"},
    "/conflicts/valley/open-points/": {"critical", "dormant", "open"},
    "/organisations/bridge/portfolio/": {"portfolio", "counted", "planned"},
    "/organisations/bridge/principles/": {"principles"},
}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "definitions.md"


class Page(HTMLParser):
    """What a page offers to open, and what it holds. numbers: headings of columns of figures, with what they open."""

    def __init__(self, html):
        super().__init__()
        self.opens, self.held, self.numbers = set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "th":
            self.numbers.append([attrs.get("class") == "number" and attrs.get("scope") == "col", None])
        if attrs.get("class", "").startswith("about-figure") and tag == "button":
            self.opens.add(attrs["popovertarget"])
            if self.numbers:
                self.numbers[-1][1] = attrs["popovertarget"]
        if "popover" in attrs:
            self.held.add(attrs["id"])


@pytest.fixture
def dashboard(client, small_world, tracks, maria, bridge):
    """The page of a system in which every figure is there, as a manager reads it."""
    state_coverage(
        small_world,
        by=maria,
        organisation=bridge,
        track=tracks["funding"],
        kind="not_invited",
        day=today(),
        reason="Nobody asked.",
    )
    client.force_login(maria)
    return client


@pytest.mark.django_db
def test_each_figure_of_the_dashboard_opens_a_definition_that_the_page_holds(dashboard):
    pages = [Page(dashboard.get(f"/conflicts/valley/{query}").content.decode()) for query in ("", "?lead_only=on")]
    opens = pages[0].opens | pages[1].opens
    assert opens <= pages[0].held
    elsewhere = {"on-track", "dormant", "months", "known", "portfolio", "open"}  # on pages of their own
    elsewhere |= {"balance"}  # told from five initiatives on
    assert {f"about-{code}" for code in definitions() if code not in elsewhere} == opens


@pytest.mark.parametrize("address", ELSEWHERE)
def test_each_figure_of_another_page_opens_one_that_it_holds(dashboard, tracks, bridge, principles, address):
    make_initiative(
        sharing="network",
        conflicts=[ConflictSystem.objects.get(code="valley")],
        tracks=[tracks["funding"]],
        start="1999",
        end="2001",
        organisations=[("lead", bridge)],
        ratings=[(principles["trust"], 2, "")],
    )
    page = Page(dashboard.get(address).content.decode())
    assert page.opens <= page.held
    assert {f"about-{code}" for code in ELSEWHERE[address]} <= page.opens


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/conflicts/valley/trend/", "on this page, in the list and in the data."),
        ("/conflicts/valley/tracks/business/", "on this page and in the list."),
        ("/conflicts/valley/open-points/", None),
        ("/todo/", None),
    ],
)
def test_where_the_same_question_gives_the_same_answer_is_said_where_it_is_true(dashboard, address, told):
    html = dashboard.get(address).content.decode()
    said = re.search(r"The same question gives the same answer (.*?\.)", html)
    assert (said and said[1]) == told


def test_each_column_of_the_table_of_tracks_has_one(dashboard):
    html = dashboard.get("/conflicts/valley/").content.decode()
    table = html[html.index("tracks-table") : html.index("</thead>", html.index("tracks-table"))]
    columns = [opened for is_number, opened in Page(table).numbers if is_number]
    assert len(columns) == 9
    assert None not in columns


def test_on_paper_neither_it_nor_a_gap_is_left(dashboard):
    html = dashboard.get("/conflicts/valley/").content.decode()
    places = re.findall(r'(\S)<span class="no-print">&nbsp;<button type="button" class="about-figure"', html)
    assert len(places) == html.count("about-figure") - 1  # the one that the explanation shows
    assert ";" not in places  # as at the end of &nbsp;


def test_each_figure_of_the_data_is_of_a_definition():
    data = fields()["coverage"].keys() - {"fields"}
    lists = {name.partition(".")[0] for name in data if "." in name}
    assert data_of("coverage") == data - lists


@pytest.mark.parametrize("kind", ["trend", "known", "portfolio"])
def test_so_is_each_of_other_data_besides_what_it_has_in_common_with_the_dashboards(kind):
    of_its_own = {name.partition(".")[0] for name in fields()[kind]} - fields()["coverage"].keys()
    assert data_of(kind) == of_its_own


def data_of(kind):
    return {name for one in definitions().values() if one.kind == kind for name in one.data}


@pytest.mark.django_db
def test_one_page_tells_all_of_them_under_their_own_anchors(client):
    html = client.get("/definitions/").content.decode()
    assert set(re.findall(r'<article class="definition card-plain" id="([a-z-]+)">', html)) == set(definitions())


def test_each_names_its_section_of_the_document_and_what_it_does_not_mean():
    sections = set(re.findall(r"^## (.+)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    for one in definitions().values():
        sections_named = [section for section in sections if section.split(" (")[0] == one.section]
        assert sections_named, one
        assert one.meaning
        assert one.misread
        assert one.source
    assert len(definitions()) == sum(len(part.definitions) for part in parts())

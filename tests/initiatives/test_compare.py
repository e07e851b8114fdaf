"""Systems side by side: bounds, order, and what each one's figures rest on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import ConflictSystemFactory, make_initiative

URL = "/conflicts/compare/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def systems(tracks):
    """Seven, named so that the order of their codes is not that of their names."""
    names = ("Golf", "foxtrot", "Echo", "Delta", "Charlie", "Bravo", "Alpha")
    return [ConflictSystemFactory(code=f"s{number}", name=name) for number, name in enumerate(names)]


def compared(client, *codes, **query):
    return client.get(URL, {"system": codes} | query)


def names(response):
    return [str(page.coverage.system) for page in response.context["pages"]]


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["s0"], "Choose at least 2 conflict systems"),
        (["s0", "s1", "s2", "s3", "s4", "s5", "s6"], "7 are chosen; choose 6 at most"),
        (["s0", "s1", "nowhere"], "“nowhere” is no conflict system of this site"),
        (["s0", "s1", "a\0b"], "Null characters are not allowed"),
        (["s0", "s0"], "Choose at least 2 conflict systems"),
    ],
)
def test_what_cannot_be_compared_gets_an_error_and_no_figures(client, systems, codes, told):
    response = compared(client, *codes)
    html = response.content.decode()
    assert response.status_code == 200
    assert told in html
    assert response.context["pages"] == []
    assert "<table" not in html


def test_a_reversed_window_gets_an_error_and_no_figures(client, systems):
    response = compared(client, "s0", "s1", **{"from": "2020", "to": "2010"})
    assert "The window ends before it begins" in response.content.decode()
    assert response.context["pages"] == []
    assert 'value="2020"' in response.content.decode()


def test_a_first_visit_asks_and_accuses_of_nothing(client, systems):
    html = client.get(URL).content.decode()
    assert "Alpha" in html
    assert "No figures are shown" not in html
    assert "Choose at least" not in html


def test_systems_stand_in_alphabetical_order_whatever_they_hold(client, systems, tracks):
    for _ in range(3):
        make_initiative(sharing="public", conflicts=[systems[0]], tracks=[tracks["media"]])
    assert names(compared(client, "s0", "s6", "s1")) == ["Alpha", "foxtrot", "Golf"]
    assert len(names(compared(client, *(f"s{n}" for n in range(6))))) == 6


def test_each_system_says_what_its_figures_rest_on(client, systems, tracks, bridge, harbour):
    for owner in (bridge, bridge, harbour):
        make_initiative(
            sharing="public",
            owner=owner,
            conflicts=[systems[0]],
            tracks=[tracks["media"]],
            organisations=[("lead", owner)],
            last_confirmed="2000",
        )
    make_initiative(sharing="public", owner=bridge, conflicts=[systems[0]], tracks=[tracks["business"]], end="2021")
    response = compared(client, "s0", "s1")
    full, empty = reversed(response.context["pages"])
    assert (full.coverage.initiatives, full.coverage.contributors) == (4, 2)
    assert full.completeness_percent == 75
    assert full.confirmed_percent == 0
    assert (full.is_small, full.is_incomplete) == (True, True)
    assert empty.completeness_percent is None
    html = response.content.decode()
    assert "fewer than ten initiatives, and fewer than 80&nbsp;% of the records complete" in html
    assert "0&nbsp;% (0 of 3)</dd>" in html
    assert html.count("none recorded") > 9


def test_no_warning_where_enough_is_recorded_and_complete(client, systems, tracks, bridge):
    for _ in range(10):
        make_initiative(
            sharing="public",
            conflicts=[systems[0]],
            tracks=[tracks["media"]],
            owner=bridge,
            organisations=[("lead", bridge)],
        )
    _, golf = compared(client, "s0", "s1").context["pages"]
    assert not golf.needs_caution


def test_the_window_holds_for_all(client, systems, tracks):
    for system in systems[:2]:
        make_initiative(sharing="public", conflicts=[system], tracks=[tracks["media"]], start="2000", end="2005")
    response = compared(client, "s0", "s1", **{"from": "2010"})
    assert [page.coverage.initiatives for page in response.context["pages"]] == [0, 0]


def test_a_parts_records_are_named_beside_and_never_added_up(client, systems, tracks):
    part = ConflictSystemFactory(code="part", name="Part of Golf", parent=systems[0])
    make_initiative(sharing="public", conflicts=[part], tracks=[tracks["media"]])
    response = compared(client, "s0", "s1")
    assert "Part of Golf" in response.content.decode()
    assert [page.coverage.initiatives for page in response.context["pages"]] == [0, 0]


def test_the_table_has_every_track_once(client, systems, tracks):
    rows = compared(client, "s0", "s1").context["rows"]
    assert [track.code for track, _ in rows] == list(tracks)
    assert all(len(cells) == 2 for _, cells in rows)


RETIRED = 'Media</span> <span class="badge-plain">retired</span>'


def test_a_retired_track_is_listed_only_where_it_is_carried_and_marked(client, systems, tracks):
    tracks["media"].status = "retired"
    tracks["media"].save()
    make_initiative(sharing="public", conflicts=[systems[0]], tracks=[tracks["media"]])
    track, cells = compared(client, "s0", "s1").context["rows"][-1]
    assert track == tracks["media"]
    assert [cell is not None for cell in cells] == [False, True]
    assert RETIRED in compared(client, "s0", "s1").content.decode()


def test_queries_do_not_grow_with_systems_or_records(client, systems, tracks, bridge):
    def queries(*codes):
        with CaptureQueriesContext(connection) as captured:
            assert compared(client, *codes).status_code == 200
        return len(captured)

    def add(count):
        for system in systems:
            for _ in range(count):
                make_initiative(
                    sharing="public",
                    conflicts=[system],
                    tracks=[tracks["media"]],
                    owner=bridge,
                    organisations=[("lead", bridge)],
                )

    add(1)
    few = queries("s0", "s1")
    add(4)
    assert queries("s0", "s1", "s2", "s3", "s4", "s5") == few


def test_htmx_gets_the_fragment_alone(client, systems):
    html = client.get(
        URL, {"system": ["s0", "s1"]}, headers={"HX-Request": "true", "HX-Target": "compare"}
    ).content.decode()
    assert "<html" not in html
    assert html.count('id="compare"') == 1

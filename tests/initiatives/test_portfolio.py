"""One organisation's work by system and track: hand-counted, and each number is the length of its list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.dates import PartialDate, today
from initiatives.models import Engagement
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

URL = "/organisations/bridge/portfolio/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def lake(db):
    return ConflictSystemFactory(code="lake", name="A lake")


@pytest.fixture
def work(tracks, valley, lake, bridge, harbour):
    """Bridge leads one in both systems, funds one, and keeps the record of one that it has no part in."""
    business, media = tracks["business"], tracks["media"]
    part = {"organisations": [("lead", bridge)], "sharing": "public"}
    both = make_initiative("Both", conflicts=[valley, lake], tracks=[business, media], owner=bridge, **part)
    make_initiative(
        "Funded",
        conflicts=[valley],
        tracks=[media],
        owner=harbour,
        sharing="public",
        organisations=[("funder", bridge)],
    )
    make_initiative("Kept for others", conflicts=[valley], tracks=[media], owner=bridge, sharing="public")
    make_initiative("To come", conflicts=[valley], tracks=[media], start="2090", **part)
    make_initiative("Without a track", conflicts=[valley], **part)
    make_initiative("Without a start", conflicts=[lake], tracks=[media], start=None, **part)
    make_initiative("Nowhere", tracks=[media], **part)
    return both


def rows(response):
    """{system: ({track: number}, on any, planned, untagged, undated)}"""
    return {
        row.system.code: (
            {track.code: cell.value for track, cell in row.cells if cell.value},
            *(one.value for one in (row.initiatives, row.planned, row.untagged, row.undated)),
        )
        for row in response.context["page"].rows
    }


@pytest.mark.parametrize("question", ["", "?from=2019&to=2025"])
def test_a_systems_name_leads_to_its_coverage_in_the_same_question(client, work, question):
    html = client.get(f"{URL}{question}").content.decode()
    address = f"/conflicts/valley/{question}".replace("&", "&amp;")
    assert f'<th scope="row"><a href="{address}">Valley</a></th>' in html


def test_every_part_counts_in_every_system_and_keeping_a_record_is_no_part(client, work):
    response = client.get(URL)
    assert rows(response) == {
        "lake": ({"business": 1, "media": 1}, 1, 0, 0, 1),
        "valley": ({"business": 1, "media": 2}, 2, 1, 1, 0),
    }
    assert [row.system.name for row in response.context["page"].rows] == ["A lake", "Valley"]
    assert response.context["page"].portfolio.initiatives == 2  # one of them in both systems
    assert response.context["page"].portfolio.elsewhere == 1


@pytest.mark.parametrize("query", ["", "lead_only=on", "from=2019&to=2021", "as_of=2019-01-01", "track=business"])
def test_each_number_is_the_length_of_its_list(client, work, query):
    page = client.get(f"{URL}?{query}").context["page"]
    for row in page.rows:
        figures = [cell for _, cell in row.cells] + [row.initiatives, row.planned, row.untagged, row.undated]
        for figure in figures:
            if figure.address:
                assert client.get(figure.address).context["page"].count == figure.value, figure.address


def test_lead_tracks_alone(client, work):
    assert rows(client.get(f"{URL}?lead_only=on"))["lake"][0] == {"business": 1}


def test_dates_are_those_in_the_system(client, work, lake):
    engagement = Engagement.objects.get(initiative=work, conflict_system=lake)
    engagement.start = PartialDate.parse("2024")
    engagement.save()
    assert rows(client.get(f"{URL}?as_of=2022"))["lake"][:3] == ({}, 0, 1)
    assert rows(client.get(f"{URL}?as_of=2022"))["valley"][1] == 2


def test_a_retired_track_and_its_replacement_are_one(client, work, tracks):
    tracks["business"].status, tracks["business"].replaced_by = "retired", tracks["media"]
    tracks["business"].save()
    assert rows(client.get(URL))["valley"][0] == {"media": 2}


def test_what_this_viewer_may_not_open_is_not_counted(client, work, bridge, valley, tracks, alice, olga):
    make_initiative(
        "Canary", by=alice, conflicts=[ConflictSystemFactory(code="canary")], tracks=[tracks["media"]],
        sharing="organisation", organisations=[("lead", bridge)],
    )  # fmt: skip
    client.force_login(olga)
    response = client.get(URL)
    assert "canary" not in rows(response)
    assert "canary" not in client.get(f"{URL[:-1]}.csv").content.decode()
    client.force_login(alice)
    assert rows(client.get(URL))["canary"][0] == {"media": 1}


def test_the_data_say_the_same(client, work):
    lines = client.get("/organisations/bridge/portfolio.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("conflict,conflict_name,government,")
    assert lines[0].endswith(",initiatives,planned,untagged,undated,organisation,from,to,as_of,lead_only")
    assert lines[2].split(",")[0:2] == ["valley", "Valley"]
    assert lines[2].split(",")[-9:] == ["2", "1", "1", "0", "bridge", "", "", str(today()), "no"]
    asked = client.get("/organisations/bridge/portfolio.csv?from=2020&to=2021&lead_only=on").content.decode(
        "utf-8-sig"
    )
    assert {tuple(line.split(",")[-5:]) for line in asked.splitlines()[1:]} == {
        ("bridge", "2020-01-01", "2021-12-31", "2021-12-31", "yes")
    }


def test_what_cannot_be_read_gets_an_error_and_no_figures(client, work):
    response = client.get(f"{URL}?from=2020&to=2010")
    assert "The window ends before it begins" in response.content.decode()
    assert "<table" not in response.content.decode()
    assert client.get("/organisations/bridge/portfolio.csv?from=a%00").status_code == 400


def test_of_a_merged_organisation_it_is_the_others(client, work, harbour, bridge):
    harbour.merged_into = bridge
    harbour.save()
    assert client.get("/organisations/harbour/portfolio/?as_of=2022").url == f"{URL}?as_of=2022"


def test_its_page_leads_there(client, work):
    assert URL in client.get("/organisations/bridge/").content.decode()


def test_queries_do_not_grow(client, work, bridge, tracks):
    client.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(URL)
    for number in range(4):
        make_initiative(
            f"More {number}", conflicts=[ConflictSystemFactory()], tracks=[tracks["religion"]], sharing="public",
            owner=OrganisationFactory(), organisations=[("partner", bridge)],
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few) <= 14, "four of them tell PostgreSQL who asks"


def test_the_file_of_an_organisation_one_may_not_know_of_is_not_there(client, harbour):
    OrganisationFactory(name="Hidden friends", code="hidden", confirmed=False, made_in=harbour)
    assert client.get("/organisations/hidden/portfolio.csv").status_code == 404

"""Pictures of the circle: they stand alone, say what was asked, and show no more than the page."""

from datetime import date
from xml.etree import ElementTree

import pytest
import time_machine

from initiatives.drawing.raster import png_of
from initiatives.models import ConflictSystem, CoverageStatement, InitiativeLink
from tests.factories import make_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_day")]
URL = "/conflicts/valley/circle.svg"


@pytest.fixture
def frozen_day():
    with time_machine.travel("2026-06-30 12:00", tick=False):
        yield


@pytest.fixture
def talks(valley, tracks, bridge):
    """Two public records, linked."""
    public = {"sharing": "public", "conflicts": [valley], "owner": bridge, "start": "2018"}
    talks = make_initiative("Talks", tracks=[tracks["government"], tracks["media"]], officiality="mixed", **public)
    camp = make_initiative("Camp", tracks=[tracks["religion"]], **public)
    InitiativeLink.objects.create(source=camp, target=talks, kind="feeds_into", evidence="claimed")
    return talks


def texts_of(response):
    """All that is written in the picture, which must be well-formed and carry no style sheet. Shape: one text."""
    root = ElementTree.fromstring(response.content)  # noqa: S314  our own
    names = {element.tag.rsplit("}")[-1] for element in root.iter()}
    assert not names & {"style", "script", "image"}
    assert not any({"class", "style", "href"} & element.attrib.keys() for element in root.iter())
    return " ".join(" ".join(root.itertext()).split())


def test_a_picture_says_what_was_asked_and_how_to_read_it(client, talks):
    response = client.get(URL, {"from": "2015", "to": "2026-06", "as_of": "2026-05", "q": "talks", "lead_only": "on"})
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Disposition"] == 'attachment; filename="circle-valley.svg"'
    words = texts_of(response)
    for told in (
        "Valley: the tracks engaged",
        "1 initiative recorded with a lead track; 1 of 9 tracks has an active one.",
        "Window: not ended before 1 January 2015 and begun by 31 May 2026. Status as of 31 May 2026.",
        "Each initiative counts under its lead track alone.",
        "Narrowed to Text: talks.",
        "Tracks are numbered by the scheme “Nine tracks”.",
        "Counted are public records; whoever is signed in may see more.",
        "none recorded : which is not “no activity”",
        "A node’s number counts the initiatives that give the track its state.",
        "/conflicts/valley/?from=2015&to=2026-06&as_of=2026-05-31&q=talks&lead_only=on. Drawn on 30 June 2026",
    ):
        assert told in words, words


def test_what_is_left_out_of_the_drawing_is_told(client, talks):
    drawn, bare = client.get(URL), client.get(URL, {"arcs": "off", "flows": "off", "turn": "2"})
    assert "1.5: 1" in texts_of(drawn)
    assert "weight 0.50, claimed" in texts_of(drawn)
    assert "weight" not in texts_of(bare)
    assert "Left out of the drawing, as asked: arcs, claimed arrows, confirmed arrows" in texts_of(bare)
    assert "Left out" not in texts_of(drawn)


def test_the_picture_is_of_what_the_reader_may_open(client, talks, alice, olga, valley, tracks):
    before = client.get(URL).content
    make_initiative("Hidden", by=alice, sharing="organisation", conflicts=[valley], tracks=[tracks["business"]])
    assert client.get(URL).content == before
    client.force_login(alice)
    assert "3 initiatives recorded on some track" in texts_of(client.get(URL))
    client.force_login(olga)
    words = texts_of(client.get(URL))
    assert "2 initiatives recorded on some track" in words
    assert "Counted are the records that whoever asked may open" in words


@pytest.mark.parametrize("extension", ["svg", "png"])
def test_a_question_that_cannot_be_read_gives_no_picture(client, talks, extension):
    response = client.get(f"/conflicts/valley/circle.{extension}?from=2020-13")
    assert response.status_code == 400
    assert response.content.decode() == "from: There is no month 13: months go from 01 to 12."
    assert client.get(f"/conflicts/nowhere/circle.{extension}").status_code == 404


def test_hostile_names_stay_text(client, talks, valley):
    ConflictSystem.objects.filter(pk=valley.pk).update(name='<script>"&\x0b\x1f', invented=True)
    words = texts_of(client.get(URL))
    assert '<script>"&: the tracks engaged' in words
    assert "are invented, for the demonstration" in words


def test_the_png_is_the_picture_in_dots_and_kept_by_nobody(client, talks):
    response = client.get("/conflicts/valley/circle.png")
    assert response["Content-Type"] == "image/png"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"\x89PNG")
    width = int.from_bytes(response.content[16:20], "big")
    assert width == 1200


@pytest.mark.parametrize("words", ["Track", "Διάλογος", "Диалог", "حوار", "Médiation"])
def test_letters_are_drawn_without_a_font_of_the_system(words):
    """Each differs from as many empty boxes."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15" font-size="12">{}</text></svg>'
    boxes = png_of(svg.format("\U000f0000" * len(words)))
    assert png_of(svg.format(words)) not in (boxes, png_of(svg.format("")))


def test_a_managers_statement_is_drawn_for_the_network_alone(client, talks, valley, tracks, bridge, olga):
    CoverageStatement.objects.create(
        conflict_system=valley,
        track=tracks["funding"],
        kind="reviewed_none_found",
        organisation=bridge,
        stated_on=date(2026, 1, 1),
        lapses_on=date(2027, 1, 1),
    )
    assert "8 Funding: reviewed: none found" not in texts_of(client.get(URL))
    client.force_login(olga)
    assert "8 Funding: reviewed: none found" in texts_of(client.get(URL))

"""How the schemes name the tracks, cell by cell. Expectations are copied by hand from the sources."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from taxonomy.crosswalk import crosswalk
from taxonomy.models import Mapping, Scheme, SchemeTerm, Track
from tests.queries import besides_session_and_user

SCHEMES = "/taxonomy/schemes/"


@pytest.fixture
def cells(first_release):
    """{(track, scheme): [(label, match)]}, by codes."""
    table = crosswalk(Track.objects.in_use())
    return {
        (row.track.code, cell.scheme.code): [(mapping.term.label, mapping.match) for mapping in cell.mappings]
        for row in table.rows
        for cell in row.cells
    }


def test_nine_rows_and_nine_columns(cells):
    assert len(cells) == 81


@pytest.mark.parametrize(
    ("track", "scheme", "expected"),
    [
        ("media", "mcdonald-5", [("5", "exact")]),
        ("religion", "mcdonald-5", []),
        ("private-citizen", "montville-2", [("Two", "broad")]),
        ("conflict-resolution", "lesson-sectors", [("two", "broad"), ("nonprofits", "close")]),
        ("government", "with-1.5", [("1", "exact"), ("1.5", "related")]),
        ("conflict-resolution", "with-1.5", [("1.5", "related"), ("2", "exact")]),
        ("research-training-education", "diplo-9", [("II", "related"), ("V", "exact")]),
        ("research-training-education", "five-of-nine", [("Four", "related")]),
        ("business", "lederach-levels", []),
    ],
)
def test_a_cell_holds_the_schemes_own_labels_in_its_own_order(cells, track, scheme, expected):
    assert cells[track, scheme] == expected


def test_track_one_and_a_half_and_levels_stand_apart(first_release):
    table = crosswalk(Track.objects.in_use())
    assert [(term.label, term.officiality) for term in table.bridges] == [("1.5", "mixed"), ("1.5", "mixed")]
    assert [(term.label, term.level) for term in table.levels] == [
        ("I", "top"),
        ("II", "middle"),
        ("III", "grassroots"),
    ]


def test_a_retired_track_has_no_row(first_release):
    Track.objects.filter(code="media").update(status="retired")
    assert "media" not in [row.track.code for row in crosswalk(Track.objects.in_use()).rows]


def test_the_page_says_the_kind_of_match_in_words(client, first_release):
    page = client.get(SCHEMES)
    assertContains(
        page, '<span class="match-kind">broader than the track</span>', count=9
    )  # 1 of two tracks, 8 of one
    assertContains(page, '<span class="match-kind">related</span>', count=6)
    assertContains(page, "no term")
    assertContains(page, "III and IV stand the other way round")


def test_the_page_costs_the_same_however_many_schemes_there_are(client, first_release):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(SCHEMES)
        return len(besides_session_and_user(queries))

    client.get(SCHEMES)
    assert asked() == 5  # tracks; schemes, terms, mappings; the schemes of the lens
    for number in range(5):
        scheme = Scheme.objects.create(code=f"more-{number}", name=f"More {number}")
        term = SchemeTerm.objects.create(scheme=scheme, label="1", name="One", officiality="mixed")
        Mapping.objects.create(term=term, track=Track.objects.first(), match="exact")
    assert asked() == 5

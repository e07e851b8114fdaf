"""Coverage of documented cases. Every number was worked out on paper from the file of cases, none by running this."""

import csv
import io
from datetime import date

import pytest

from initiatives.exchange.cases import load_cases
from initiatives.models import ConflictSystem, Initiative, InitiativeLink
from taxonomy.loading import load_taxonomy
from taxonomy.models import Principle, Track
from tests.building import built_once
from tests.initiatives import from_the_list
from tests.initiatives.asking import apart, coverage_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _cases(django_db_setup, django_db_blocker):
    with built_once(django_db_blocker):
        load_taxonomy()
        load_cases()
        yield


@pytest.fixture
def ask():
    def _ask(code, **asked):
        public = Initiative.objects.published().filter(sharing="public")
        return coverage_of(ConflictSystem.objects.get(code=code), initiatives=public, **asked)

    return _ask


def rows(found):
    """{track: (active, ended, reach, share)} of the tracks with records."""
    return {
        row.track.code: (row.active, row.ended, round(row.reach, 4), round(row.share, 4))
        for row in found.tracks
        if row.initiatives
    }


def flows(found):
    return [(flow.source.code, flow.target.code, round(flow.weight, 4), flow.evidence) for flow in found.flows]


def ties(found):
    return [(tie.a.code, tie.b.code, tie.initiatives, round(tie.jaccard, 4)) for tie in found.co_tagging]


def years(found, code):
    return {row.year: (row.active, row.started, row.ended) for row in found.years if row.track.code == code}


def test_northern_ireland_at_the_end_of_2000(ask):
    found = ask("northern-ireland", as_of="2000-12-31")
    assert apart(found) == (3, 0, 0, 0)
    assert rows(found) == {
        "government": (1, 1, 0.6667, 0.4444),  # the Fund, and the talks that ended
        "business": (2, 0, 0.6667, 0.2778),
        "activism": (1, 0, 0.3333, 0.1667),
        "funding": (1, 0, 0.3333, 0.1111),
    }
    assert {row.track.code: row.unconfirmed for row in found.tracks if row.unconfirmed} == {
        "government": 1,
        "business": 1,
        "funding": 1,
    }
    assert {row.track.code: row.organisations for row in found.tracks if row.organisations} == {
        "government": 2,
        "business": 4,
        "activism": 2,
        "funding": 2,
    }
    assert found.breadth == 4
    assert round(found.effective_tracks, 3) == 3.522
    assert round(found.evenness_nine, 4) == 0.5730
    assert round(found.evenness_present, 4) == 0.9082


def test_ties_in_northern_ireland(ask):
    found = ask("northern-ireland", as_of="2000-12-31")
    assert ties(found) == [
        ("government", "business", 1, 0.3333),
        ("government", "funding", 1, 0.5),
        ("business", "activism", 1, 0.5),
        ("business", "funding", 1, 0.5),
    ]
    assert flows(found) == [("business", "government", 0.5, "claimed"), ("activism", "government", 0.5, "claimed")]
    assert round(found.pair_coverage, 4) == 0.1389  # 5 of 36
    assert found.isolated == ()


def test_those_at_work_in_northern_ireland(ask):
    found = ask("northern-ireland", as_of="2000-12-31")
    assert (found.bridges, found.contributors, found.completeness) == (1, 1, 1)
    assert (found.open_ended, found.confirmed) == (2, 1)
    concentration = found.concentration
    assert (concentration.organisations, concentration.without) == (4, 0)  # shares 1/6, 1/6, 1/3, 1/3
    assert (round(concentration.hhi, 4), round(concentration.normalised, 4)) == (0.2778, 0.0370)
    local = found.localness
    assert (local.local, local.known, local.led, local.led_known) == (3, 3, 2, 2)
    assert [(track.code, organisation.code) for track, organisation in found.critical] == [
        ("government", "ifi"),
        ("activism", "cbi-ni"),
        ("activism", "group-of-seven-ni"),
        ("funding", "ifi"),
    ]


def test_years_and_principles_in_northern_ireland(ask):
    found = ask("northern-ireland", as_of="2000-12-31")
    government = years(found, "government")
    assert list(government) == list(range(1986, 2001))
    assert {year: government[year] for year in (1986, 1987, 1996, 1998, 1999)} == {
        1986: (1, 1, 0),
        1987: (1, 0, 0),
        1996: (2, 1, 0),
        1998: (2, 0, 1),
        1999: (1, 0, 0),
    }
    partnership = {
        cell.track.code: (cell.assessed, cell.practised, cell.evidenced)
        for cell in found.principles
        if cell.principle.code == "partnership"
    }
    assert partnership == {"government": (1, 1, 1), "business": (2, 2, 2), "activism": (1, 1, 1), "funding": (1, 1, 1)}


def test_cyprus_from_1992_to_1997(ask):
    found = ask("cyprus", from_day="1992", to_day="1997")
    assert found.as_of.isoformat() == "1997-12-31"
    three = ("conflict-resolution", "private-citizen", "research-training-education")
    assert rows(found) == dict.fromkeys(three, (2, 0, 1, 0.3333))
    assert {(row.organisations, row.funders, row.unconfirmed) for row in found.tracks if row.active} == {(3, 1, 0)}
    assert (round(found.effective_tracks, 3), found.breadth) == (3, 3)
    assert (round(found.evenness_nine, 4), round(found.evenness_present, 4)) == (0.5, 1)
    assert flows(found) == [(a, b, 0.1111, "independent") for a in three for b in three if a != b]
    assert years(found, "private-citizen") == {
        1992: (1, 1, 0),
        1993: (1, 0, 0),
        1994: (2, 1, 0),
        1995: (2, 0, 0),
        1996: (2, 0, 0),
        1997: (2, 0, 1),
    }
    assert (found.localness.local, found.localness.known) == (1, 1)


def test_cyprus_a_day_later_and_by_lead_tracks(ask):
    assert rows(ask("cyprus", as_of="1998-01-01"))["private-citizen"][:2] == (1, 1)
    assert rows(ask("cyprus", as_of="1997-12-31", lead_only="on")) == {"research-training-education": (2, 0, 1, 1)}


def test_tajikistan_in_the_midst_of_the_talks(ask):
    found = ask("tajikistan", as_of="1996-06-30")
    assert rows(found) == {
        "government": (1, 0, 0.3333, 0.3333),
        "conflict-resolution": (2, 0, 0.6667, 0.3333),
        "private-citizen": (2, 0, 0.6667, 0.3333),
    }
    assert ties(found) == [("conflict-resolution", "private-citizen", 2, 1)]
    assert flows(found) == [
        ("conflict-resolution", "government", 0.5, "claimed"),
        ("conflict-resolution", "private-citizen", 0.25, "confirmed"),
        ("private-citizen", "government", 0.5, "claimed"),
        ("private-citizen", "conflict-resolution", 0.25, "confirmed"),
    ]
    # The Dartmouth Conference began in 1960, its work on Tajikistan in 1992.
    assert years(found, "conflict-resolution") == {
        1992: (1, 1, 0),
        1993: (2, 1, 0),
        1994: (2, 0, 0),
        1995: (2, 0, 0),
        1996: (2, 0, 0),
    }
    assert (found.concentration.organisations, found.concentration.without, found.concentration.hhi) == (1, 1, 1)
    assert found.concentration.normalised is None
    assert (found.localness.known, found.completeness) == (0, 1)


def test_tajikistan_before_and_after(ask):
    assert apart(ask("tajikistan", as_of="1990")) == (0, 3, 0, 0)
    after = ask("tajikistan", as_of="1998")
    assert {row.track.code: row.state for row in after.tracks if row.initiatives} == {
        "government": "dormant",
        "conflict-resolution": "active",
        "private-citizen": "active",
    }


@pytest.fixture
def marked():
    """A pause, a cancellation, dates of an engagement's own, dates that are shown to the year, a link, and terms that
    were retired: with a replacement that the same records carry, and without one."""
    here = Initiative.objects.filter(engagements__conflict_system__code="israel-palestine").order_by("pk")
    paused, cancelled, shorter, coarse = here
    paused.suspensions.create(from_on=date(2000, 10, 1))
    Initiative.objects.filter(pk=cancelled.pk).update(cancelled_on=date(1999, 5, 5))
    Initiative.objects.filter(pk=coarse.pk).update(shown_dates="year")
    shorter.engagements.update(end_on=date(1995, 6, 30), end_precision="month")
    InitiativeLink.objects.create(source=shorter, target=coarse, kind="amplifies")
    for model, code, replacement in (
        (Track, "conflict-resolution", "government"),
        (Track, "activism", None),
        (Principle, "trust", "facilitation"),
    ):
        other = model.objects.filter(code=replacement).first()
        model.objects.filter(code=code).update(status="retired", replaced_by=other)


@pytest.mark.parametrize("system", ["israel-palestine", "northern-ireland"])
def test_the_exported_list_alone_gives_the_same_figures(client, marked, system):
    text = client.get(f"/initiatives/export.csv?as_of={from_the_list.DAY}").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    asked = f"?from={from_the_list.SINCE}&as_of={from_the_list.DAY}"
    told = client.get(f"/conflicts/{system}/coverage.json{asked}").json()
    assert told["initiatives"] >= 3
    recomputed, figures = from_the_list.recompute(rows, system), from_the_list.figures(told)
    assert from_the_list.rounded(recomputed) == from_the_list.rounded(figures)

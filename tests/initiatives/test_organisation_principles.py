"""Principles by tracks of one organisation's work: hand-counted, and each number is the length of its list."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.analytics.organisation_principles import organisation_principles
from initiatives.models import Initiative, PrincipleRating
from taxonomy.models import Principle
from tests.factories import make_initiative
from tests.initiatives.asking import period_of
from tests.test_two_worlds import masked

pytestmark = pytest.mark.django_db
URL = "/organisations/bridge/principles/"


@pytest.fixture
def log(bridge, harbour, tracks):
    def _log(title, *codes, part="lead", ratings=(), **told):
        told = {"sharing": "public", "owner": harbour} | told
        organisations = [(part, bridge)] if part else []
        on = [tracks[code] for code in codes]
        return make_initiative(title, tracks=on, organisations=organisations, ratings=ratings, **told)

    return _log


@pytest.fixture
def work(log, principles):
    """Bridge leads Camp, funds Radio, plans Later; what others do without it is not counted."""
    trust, equality = principles["trust"], principles["relationship"]
    camp = log("Camp", "media", "business", ratings=[(trust, 3, "Seen."), (equality, 1, "")], start="2018", end="2021")
    log("Radio", "media", part="funder", ratings=[(trust, 1, "")])
    log("Later", "media", ratings=[(trust, 3, "")], start="2090")
    log("Others' own", "media", part=None, ratings=[(trust, 3, "")])
    log("No track", ratings=[(trust, 3, "")])
    return camp


def cells(response):
    """{(principle, track): (practised, assessed, evidenced)} of those assessed."""
    return {
        (row.principle.code, cell.track.code): tuple(
            figure.value for figure in (cell.practised, cell.assessed, cell.evidenced)
        )
        for row in response.context["page"].principle_rows
        for cell in row.cells
        if cell.assessed
    }


def test_its_work_in_any_role_is_counted_by_principle_and_track(client, work):
    response = client.get(URL)
    assert response.context["page"].counted.value == 2
    assert cells(response) == {
        ("trust", "media"): (1, 2, 1),
        ("trust", "business"): (1, 1, 1),
        ("relationship", "media"): (0, 1, 0),
        ("relationship", "business"): (0, 1, 0),
    }
    assert cells(client.get(f"{URL}?from=2022")) == {("trust", "media"): (0, 1, 0)}
    assert ("trust", "business") not in cells(client.get(f"{URL}?lead_only=on"))


@pytest.mark.parametrize("query", ["", "?lead_only=on", "?to=2019", "?status=active", "?track=business"])
def test_each_figure_leads_to_exactly_as_many_records(client, work, query):
    page = client.get(f"{URL}{query}").context["page"]
    figures = [page.counted]
    for row in page.principle_rows[:1]:
        figures += [one for cell in row.cells if cell.assessed for one in (cell.practised, cell.assessed)]
    for figure in figures:
        if figure.address:
            assert len(client.get(figure.address).context["page"].object_list) == figure.value


def test_the_latest_rating_by_the_day_counts_under_what_it_is_called_today(bridge, alice, work, principles):
    trust = principles["trust"]
    old = Principle.objects.create(code="faith", name="Faith", position=99, status="retired", replaced_by=trust)
    PrincipleRating.objects.create(initiative=work, principle=old, rating=0, rated_on=date(2019, 5, 1))
    PrincipleRating.objects.create(initiative=work, principle=trust, rating=2, rated_on=date(2020, 5, 1))

    def practised(day):
        asked = {"organisation": bridge, "period": period_of(as_of=day), "reader": alice}
        found = organisation_principles(Initiative.objects.filter(pk=work.pk), **asked)
        return [(one.practised, one.evidenced) for one in found.principles if one.principle == trust]

    assert practised("2019-04-30") == [(1, 1)] * 2  # undated, with evidence
    assert practised("2019-05-01") == [(0, 0)] * 2
    assert practised("2020-05-01") == [(1, 0)] * 2


def test_a_hidden_record_changes_no_byte(client, work, log, principles, olga):
    before = masked(client.get(URL))
    hidden = log("Quiet", "media", ratings=[(principles["trust"], 3, "")], sharing="organisation")
    assert masked(client.get(URL)) == before
    client.force_login(olga)
    assert cells(client.get(URL))["trust", "media"] == (2, 3, 1)
    assert hidden.owner.code == "harbour"


def test_an_unreadable_question_gets_an_error_and_no_figures(client, work):
    response = client.get(f"{URL}?from=2030&to=2020")
    assert response.context["page"] is None
    assert "No figures are shown" in response.content.decode()


def test_nothing_recorded_says_so(client, bridge, tracks):
    assert "None recorded on a track that you may open" in client.get(URL).content.decode()


def test_queries_stay_the_same_as_records_grow(bridge, alice, work, log, principles):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            visible = Initiative.objects.visible_to(alice)
            organisation_principles(visible, organisation=bridge, period=period_of(), reader=alice)
        return len(queries)

    asked()  # who Alice is, once
    few = asked()
    for n in range(4):
        log(f"Camp {n}", "media", "government", ratings=[(one, 2, "") for one in principles.values()])
    assert asked() == few == 4

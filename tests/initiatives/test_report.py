"""A report tells what its circle may see, whoever makes it, and can be read away from the site."""

import sys
from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from initiatives.circles import Circle, Question
from initiatives.exchange.pdf import HERE, NoPdf, own_file, pdf_of
from initiatives.models import CoverageStatement, Localness
from tests.factories import OrganisationFactory, make_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_day")]
URL = "/conflicts/valley/report/"


@pytest.fixture
def frozen_day():
    with time_machine.travel("2026-06-30 12:00", tick=False):
        yield


@pytest.fixture
def records(valley, tracks, alice):
    """Alice's, one a level of sharing. Who stands outside is shown the network's one to the year alone."""
    for level, track in zip(
        ("public", "network", "organisation", "restricted"),
        ("business", "religion", "media", "activism"),
        strict=True,
    ):
        coarse = {"shown_dates": "year"} if level == "network" else {}
        make_initiative(
            level, by=alice, sharing=level, conflicts=[valley], tracks=[tracks[track]], start="2026-05-03", **coarse
        )


@pytest.fixture
def statement(valley, tracks, bridge, maria):
    bridge.confirmed = True
    bridge.save()
    days = {"stated_on": date(2026, 6, 1), "lapses_on": date(2027, 6, 1)}
    return CoverageStatement.objects.create(
        conflict_system=valley,
        track=tracks["funding"],
        kind="reviewed_none_found",
        reason="Asked all twelve donors.",
        organisation=bridge,
        stated_by=maria,
        **days,
    )


def asked(client, user, query):
    if user is None:
        client.logout()
    else:
        client.force_login(user)
    return client.get(URL, QueryDict(query))


@pytest.mark.parametrize("query", ["as=public", "as=public&from=2026-03&status=active&q=o&organisation=harbour"])
def test_as_public_it_is_what_a_signed_out_reader_gets_byte_for_byte(
    client, records, statement, alice, curator, query
):
    expected = asked(client, None, query).content
    assert asked(client, alice, query).content == expected
    assert asked(client, curator, query).content == expected


def test_a_circle_has_recorded_nothing_itself(client, records, alice):
    report, mine = (asked(client, alice, query).context["report"] for query in ("as=public", "as=public&mine=on"))
    assert mine.coverage == report.coverage
    assert mine.address == report.address


def test_as_public_it_counts_public_records_alone(client, records, alice):
    assert asked(client, alice, "as=public").context["report"].coverage.initiatives == 1


@pytest.mark.parametrize(
    "query", ["as=network", "as=network&from=2026-03&to=2026-04", "as=network&status=active&as_of=2026-04"]
)
def test_as_network_it_is_the_same_for_every_member_of_it(client, records, statement, alice, otto, curator, query):
    expected = asked(client, otto, query).content
    assert asked(client, alice, query).content == expected
    assert asked(client, curator, query).content == expected


def test_as_network_it_counts_what_the_network_reads_as_coarsely_as_it_does(client, records, alice):
    assert asked(client, alice, "as=network").context["report"].coverage.initiatives == 2
    # Begun in May; told to the network as 2026, which begins in January.
    assert asked(client, alice, "as=network&to=2026-04").context["report"].coverage.initiatives == 1


def test_the_network_is_not_told_to_somebody_outside_by_the_question_either(records, statement):
    question = Question.of(QueryDict("as=network"), Circle.NETWORK, user=AnonymousUser())
    assert [one.title for one in question.asked.narrowed()] == ["public"]
    assert not question.statements(AnonymousUser())


def test_the_networks_report_is_for_its_readers(client, records, olga):
    assert client.get("/conflicts/valley/report.pdf?as=public").url.startswith("/accounts/login/")
    assert asked(client, None, "as=network").url == "/accounts/login/?next=/conflicts/valley/report/%3Fas%3Dnetwork"
    olga.memberships.update(active=False)
    assert asked(client, olga, "as=network").status_code == 403
    assert client.get("/conflicts/valley/report.pdf?as=network").status_code == 403


@pytest.mark.parametrize("query", ["", "as=organisation", "as=public%00"])
def test_without_a_circle_there_is_a_choice_and_no_figure(client, records, alice, query):
    response = asked(client, alice, query)
    assert response.context["report"] is None
    assert b"As network" in response.content
    assert client.get(f"/conflicts/valley/report.pdf?{query}").status_code == 400


@pytest.mark.parametrize("query", ["as=public&from=2030&to=2020", "as=public&track=no-such", "as=public&q=%00"])
def test_a_question_that_cannot_be_read_has_no_figures(client, records, alice, query):
    response = asked(client, alice, query)
    assert response.context["report"] is None
    assert b"No figures are shown" in response.content
    assert client.get(f"/conflicts/valley/report.pdf?{query}").status_code == 400


def test_managers_words_are_told_to_the_network(client, statement, alice):
    said = "Asked all twelve donors."
    assert said not in asked(client, alice, "as=public").content.decode()
    page = asked(client, alice, "as=network").content.decode()
    assert said in page
    assert "Bridge, 1 June 2026; lapses on 1 June 2027." in page
    assert "Maria" not in page
    assert said not in asked(client, alice, "as=network&as_of=2026-05-31").content.decode()


def test_a_word_gives_way_to_what_the_circle_may_read_on_its_track(client, records, statement, tracks, alice):
    """Of four records on four tracks: the network's, not the restricted one that Alice alone may open."""
    for track, gives_way in (("religion", True), ("activism", False)):
        statement.track = tracks[track]
        statement.save()
        page = asked(client, alice, "as=network").content.decode()
        assert ("It gives way to what is recorded on this track: 1 initiative." in page) is gives_way


def test_an_organisation_that_is_not_known_to_all_is_not_named(client, statement, alice, bridge):
    bridge.confirmed = False
    bridge.save()
    page = asked(client, alice, "as=network").content.decode()
    assert "An organisation of the network, 1 June 2026" in page


def test_where_organisations_state_different_things_it_tells_both_as_the_dashboard_does(
    client, statement, alice, harbour
):
    harbour.confirmed = True
    harbour.save()
    CoverageStatement.objects.create(
        conflict_system=statement.conflict_system,
        track=statement.track,
        kind="not_invited",
        reason="The funders met without us.",
        organisation=harbour,
        stated_on=date(2026, 6, 20),
        lapses_on=date(2027, 6, 20),
    )
    report = asked(client, alice, "as=network").content.decode()
    dashboard = client.get("/conflicts/valley/").content.decode()
    for page in (report, dashboard):
        table, told = page.partition("Track by track")[2].split("What organisations state")
        assert table.index("Harbour") < table.index("Bridge")
        assert told.index("The funders met without us.") < told.index("Asked all twelve donors.")
    for word in ("Harbour: not invited", "Bridge: looked, found none"):
        assert f'<span class="stated-by">{word}</span>' in report


def test_where_none_is_in_force_it_says_what_could_be_stated(client, statement, alice):
    told = (
        "As of 31 May 2026, no organisation states why nothing is recorded on a track: that it looked and found none"
    )
    assert told in asked(client, alice, "as=network&as_of=2026-05-31").content.decode()
    assert told not in asked(client, alice, "as=network").content.decode()


def test_it_says_what_was_asked_and_where_the_same_figures_stand(client, records, alice):
    page = asked(client, None, "as=public&from=2025&q=pub&lead_only=on&page=2")
    text = " ".join(page.content.decode().split())
    for told in (
        "Window: not ended before 1 January 2025. Status as of 30 June 2026.",
        "Each initiative counts under its lead track alone.",
        "Narrowed to Text: pub.",
        "Counted are public records alone, as anybody reads them.",
        "Made on 30 June 2026",
    ):
        assert told in text
    address = page.context["report"].address
    assert (
        address == "http://testserver/conflicts/valley/report/?as=public&q=pub&from=2025&lead_only=on&as_of=2026-06-30"
    )
    with time_machine.travel("2027-02-01"):
        make_initiative("public too", by=alice, sharing="public", conflicts=[page.context["system"]], start="2027")
        later = client.get(address).context["report"]
    assert later.coverage.years == page.context["report"].coverage.years
    assert later.coverage.initiatives == page.context["report"].coverage.initiatives == 1


def test_queries_do_not_grow_with_records(client, records, statement, valley, tracks):
    with CaptureQueriesContext(connection) as few:
        client.get(f"{URL}?as=public")
    for number in range(3):
        make_initiative(f"more {number}", sharing="public", conflicts=[valley], tracks=[*tracks.values()])
    with CaptureQueriesContext(connection) as many:
        client.get(f"{URL}?as=public")
    assert len(many) <= len(few) + 1  # of the one organisation, now that a track hangs on one


def test_where_the_part_that_makes_pdf_is_missing_it_says_what_to_install(client, records, alice, monkeypatch):
    client.force_login(alice)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    response = client.get("/conflicts/valley/report.pdf?as=public")
    assert response.status_code == 501
    assert "uv sync --extra pdf" in response.content.decode()
    assert "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in response.content.decode()
    with pytest.raises(NoPdf):
        pdf_of("<p>Words</p>")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/picture.png",
        "file:///etc/passwd",
        f"{HERE}/initiatives/",
        f"{HERE}/static/../../manage.py",
        f"{HERE}/static/%2e%2e/manage.py",
        f"{HERE}.example.org/static/css/report.css",
    ],
)
def test_nothing_but_the_sites_own_files_is_read_for_a_pdf(address):
    with pytest.raises(ValueError, match="Not a file of this site"):
        own_file(address)
    assert b"report" in own_file(f"{HERE}/static/css/report.css")


def test_it_tells_what_joins_tracks_how_principles_are_lived_and_on_whom_it_rests(client, valley, tracks, principles):
    lead = OrganisationFactory(name="Mill Trust")
    make_initiative(
        sharing="public",
        conflicts=[valley],
        tracks=[tracks["business"], tracks["media"]],
        organisations=[("lead", lead)],
        ratings=[(principles["trust"], 2, "They met again.")],
    )
    text = " ".join(asked(client, None, "as=public").content.decode().split())
    for told in (
        "</th><td>1</td><td>1.00</td>",
        "Trust</th>" + "<td>–</td>" * 2 + "<td>1/1 (1)</td>" + "<td>–</td>" * 5 + "<td>1/1 (1)</td>",
        "A single organisation leads or implements all that is recorded.",
        "without whose initiatives a track would have no active one: Mill Trust (",
    ):
        assert told in text


def test_a_median_is_told_where_three_were_assessed(client, valley, tracks, principles):
    for rating in (1, 2):
        make_initiative(
            sharing="public", conflicts=[valley], tracks=[tracks["media"]], ratings=[(principles["trust"], rating, "")]
        )
    assert ">median" not in asked(client, None, "as=public").content.decode()
    make_initiative(
        sharing="public", conflicts=[valley], tracks=[tracks["media"]], ratings=[(principles["trust"], 2, "")]
    )
    cell = '<td>2/3 (0)<br><span class="aside">median 2</span></td>'
    assert cell in asked(client, None, "as=public").content.decode()


def test_it_defines_what_it_shows_and_nothing_else(client, valley, tracks, principles, alice):
    def defined(query="as=public"):
        return {one.code for one in asked(client, alice, query).context["report"].definitions}

    always = {
        "counted", "as-of", "planned", "status", "unconfirmed", "organisations", "reach", "share", "state", "breadth",
        "contributors", "pairs",
    }  # fmt: skip
    assert defined() == always
    assert defined("as=network&lead_only=on") == always | {"lead", "statements"}
    for _ in range(5):
        make_initiative(
            sharing="public",
            conflicts=[valley],
            tracks=[tracks["media"], tracks["business"]],
            officiality="mixed",
            organisations=[("lead", OrganisationFactory())],
            ratings=[(principles["trust"], 2, "")],
        )
    told = {"completeness", "balance", "cotagging", "bridge", "principles", "years", "concentration"}
    assert defined() == always | told
    html = asked(client, alice, "as=public").content.decode()
    assert html.count("<dt>") == len(always | told)
    assert "<dt>Open points of records" not in html


def test_how_local_it_is_reads_the_same_on_the_page_and_in_the_report(client, valley, tracks):
    local, guest, unknown = OrganisationFactory.create_batch(3)
    for organisation, is_local in ((local, True), (guest, False)):
        Localness.objects.create(organisation=organisation, conflict_system=valley, is_local=is_local)
    for role, organisation in (("lead", local), ("lead", guest), ("partner", local), ("lead", unknown)):
        make_initiative(
            sharing="public", conflicts=[valley], tracks=[tracks["media"]], organisations=[(role, organisation)]
        )
    told = (
        "Of 3 initiatives with a lead, implementer or partner of known standing, 2 have a local one; of 2 with a lead "
        "of known standing, 1 is locally led."
    )
    assert told in asked(client, None, "as=public").content.decode()
    assert told in client.get("/conflicts/valley/").content.decode()


def test_balance_is_told_from_five_initiatives_on(client, valley, tracks):
    for track in ("media", "business", "media", "religion"):
        make_initiative(sharing="public", conflicts=[valley], tracks=[tracks[track]])
    assert "Balance:" not in asked(client, None, "as=public").content.decode()
    make_initiative(sharing="public", conflicts=[valley], tracks=[tracks["media"]])
    told = "Balance: effective tracks 2.6; evenness 0.43 over all 9 tracks, 0.86 over the 3 with a share"
    assert told in asked(client, None, "as=public").content.decode()

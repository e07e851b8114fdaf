"""The page of one initiative: who reads what, and in which words."""

import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from initiatives import markdown
from initiatives.dates import PartialDate, today
from initiatives.models import ExternalId, Grant, InitiativeLink, LogEntry, Organisation, Suspension
from initiatives.pages.initiative import period_words, precision_words
from tests.factories import OrganisationFactory, UserFactory, make_initiative

CANARY = "canary"  # stands in every text that the public is not told


@pytest.fixture
def full(alice, colin, olga, bridge, valley, tracks, principles, activities):
    """A public record with something in every place."""
    initiative = make_initiative(
        "Bread and peace",
        by=alice,
        sharing="public",
        summary="Bakers meet.",
        description="They met **weekly**.",
        conflicts=[valley],
        tracks=[tracks["business"], tracks["media"]],
        start="1993",
        organisations=[("lead", bridge), ("funder", bridge)],
        ratings=[(principles["trust"], 2, f"{CANARY}-evidence")],
        officiality="mixed",
        level="grassroots",
        dimension="relational",
        sources="Report 1, https://example.org/report",
        updated_by=colin,
    )
    initiative.activities.add(activities["training"])
    initiative.locations.create(country="NO", place="Oslo")
    initiative.suspensions.create(from_on=date(1995, 5, 1), until_on=date(1995, 6, 3))
    ExternalId.objects.create(initiative=initiative, scheme="IATI", identifier=f"{CANARY}-identifier")
    Grant.objects.create(initiative=initiative, user=olga)
    LogEntry.objects.create(
        initiative=initiative,
        author=colin,
        happened_on=today(),
        kind="meeting",
        text=f"{CANARY}-entry",
        sharing="network",
    )
    return initiative


def page(initiative, user=None):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(initiative.get_absolute_url())


@pytest.fixture
def deactivated(bridge):
    user = UserFactory(name="Dina")
    user.memberships.create(organisation=bridge, active=False)
    return user


def test_the_public_reads_the_reduced_set(full):
    response = page(full)
    for told in (
        "Bread and peace",
        "Bakers meet.",
        "<strong>weekly</strong>",
        "since 1993",
        "start: 1993 (to the year",
    ):
        assertContains(response, told)
    for told in ("2 of 3: practised", "Oslo, Norway", "Training", "Valley", "Grassroots", "Relational", "Report 1"):
        assertContains(response, told)
    assertContains(response, "1 May 1995 – 3 June 1995")
    assertContains(response, "Not assessed: Relationship.")


@pytest.mark.parametrize("reader", [None, "deactivated"])
def test_the_public_is_told_no_evidence_diary_people_or_identifiers(full, deactivated, reader):
    response = page(full, deactivated if reader else None)
    for hidden in (CANARY, "Alice", "Colin", "Olga", "Who may read it", "Last changed", "Diary", "History"):
        assertNotContains(response, hidden)


def test_the_public_is_told_that_there_is_evidence_as_the_export_tells_them(full, otto, principles):
    told = "Evidence is recorded, for members to read."
    full.principle_ratings.create(principle=principles["relationship"], rating=2, evidence="")
    assertContains(page(full), told, count=1)
    (row,) = json.loads(Client().get(reverse("initiatives:export-json")).getvalue())
    assert (row["principles"], row["evidenced"]) == (["relationship:2", "trust:2"], ["trust"])
    assertNotContains(page(full, otto), told)


def test_a_member_elsewhere_reads_everything_but_the_people_named(full, otto):
    response = page(full, otto)
    for told in (f"{CANARY}-evidence", f"{CANARY}-identifier", f"{CANARY}-entry", "Alice", "Colin", "Last changed"):
        assertContains(response, told)
    assertContains(response, "Anyone, also without an account")
    assertNotContains(response, "Olga")
    for offered in (reverse("initiatives:edit", args=[full.ref]), "Change its state", "Add to the diary"):
        assertNotContains(response, offered)


def test_whoever_shares_it_sees_who_is_named(full, alice):
    assertContains(page(full, alice), "Olga")


def test_a_colleague_keeps_the_diary_without_editing(full, colin):
    response = page(full, colin)
    assertContains(response, reverse("initiatives:log-new", args=[full.ref]))
    assertNotContains(response, reverse("initiatives:edit", args=[full.ref]))


def test_a_hidden_record_and_none_at_all_answer_alike(alice, olga):
    hidden = make_initiative(by=alice, sharing="organisation")
    client = Client()
    client.force_login(olga)
    none_at_all = client.get(reverse("initiatives:detail", args=["00000000-0000-4000-8000-000000000000"]))
    response = page(hidden, olga)
    assert response.status_code == none_at_all.status_code == 404
    assert _without_tokens(response) == _without_tokens(none_at_all)


def _without_tokens(response):
    """The page without what differs from one request to the next: its address and its CSRF tokens."""
    return re.sub(r"[0-9a-f-]{36}|[0-9A-Za-z]{64}", "", response.content.decode())


def test_links_show_from_both_sides_and_only_between_records_one_may_open(full, alice, olga):
    open_one = make_initiative("A later forum", by=olga, sharing="network")
    secret = make_initiative("A secret channel", by=olga, sharing="organisation")
    for target in (open_one, secret):
        InitiativeLink.objects.create(source=full, target=target, kind="gives_rise_to", note="People moved on.")
    assertContains(page(full, alice), "A later forum")
    assertContains(page(full, alice), "People moved on.")
    assertNotContains(page(full, alice), "A secret channel")
    assertNotContains(page(full), "A later forum")
    assertContains(page(open_one, alice), "grew from")
    assertContains(page(secret, olga), "Bread and peace")


def test_track_1_5_is_named_a_bridge_and_no_track(full):
    assertContains(page(full), "a bridge between tracks and no track of its own")
    assert page(full).context["circle"].bridge is not None


def test_the_lead_track_stands_first(full, tracks):
    assert [tag.track for tag in page(full).context["track_tags"]] == [tracks["business"], tracks["media"]]


def test_the_latest_rating_counts(full, alice, principles):
    full.principle_ratings.create(principle=principles["trust"], rating=1, rated_on=date(2024, 3, 5))
    response = page(full, alice)
    assertContains(response, "1 of 3: stated")
    assertContains(response, "assessed on 5 March 2024")
    assertNotContains(response, "practised")


def test_an_engagement_shows_dates_of_its_own(full, valley):
    row = full.engagements.get(conflict_system=valley)
    row.start = PartialDate.parse("1999-07")
    row.save()
    assertContains(page(full), "work there: since July 1999")


def test_an_open_ended_record_says_that_it_needs_confirming(full):
    assertContains(page(full), "needs confirming")
    full.last_confirmed = PartialDate.parse(today().isoformat())
    full.save()
    assertNotContains(page(full), "needs confirming")


def test_a_pause_and_a_cancellation_are_told(full):
    Suspension.objects.create(initiative=full, from_on=date(2001, 2, 3))
    full.cancelled_on = date(2002, 3, 4)
    full.save()
    assertContains(page(full), "Suspended since 3 February 2001")
    assertContains(page(full), "Cancelled from 4 March 2002")


@pytest.mark.parametrize(
    ("start", "end", "words", "precision"),
    [
        (None, None, "no start recorded", []),
        ("1993", None, "since 1993", ["start: 1993 (year known only)"]),
        ("1990-07", "1992-10-04", "July 1990 – 4 October 1992", ["start: July 1990 (month known only)"]),
        ("1993", "1993", "1993", ["start: 1993 (year known only)", "end: 1993 (year known only)"]),
        ("2031-05-01", None, "planned from 1 May 2031", []),
    ],
)
def test_dates_are_told_as_precisely_as_they_are_known(start, end, words, precision):
    start, end = (PartialDate.parse(text) if text else None for text in (start, end))
    assert period_words(start, end, date(2026, 1, 1)) == words
    assert precision_words(start, end, exactly=True) == precision


def test_the_text_carries_its_language(full):
    full.language = "ar"
    full.save()
    assertContains(page(full), '<h1 lang="ar" dir="auto">')
    assertContains(page(full), "Arabic")


def test_an_unpublished_organisation_shows_with_the_record_that_names_it(full, alice):
    typed = Organisation.objects.create(code="typed-1", name="Typed in", made_by=alice)
    full.participations.create(organisation=typed, role="partner")
    assertContains(page(full), "Typed in")


def test_a_bare_draft_can_be_read(alice):
    draft = make_initiative("Only a title", by=alice, publication="draft", start=None)
    response = page(draft, alice)
    assertContains(response, "A draft: only its author")
    assertContains(response, reverse("initiatives:delete", args=[draft.ref]))
    assertTemplateUsed(response, "initiatives/detail.html")


def test_queries_do_not_grow_with_what_hangs_on_a_record(full, alice, tracks, principles, django_assert_num_queries):
    full.links_out.create(target=make_initiative("Another", by=alice, start="2001"), kind="amplifies")
    page(full, alice)
    with CaptureQueriesContext(connection) as few:
        page(full, alice)
    for number in range(12):
        person = UserFactory()
        other = make_initiative(f"Other {number}", by=alice, sharing="network", start="2001")
        full.links_out.create(target=other, kind="funds")
        full.links_in.create(source=other, kind="funds")
        full.participations.create(organisation=OrganisationFactory(), role="host")
        full.locations.create(country="NO", place=f"Place {number}")
        full.external_ids.create(scheme="x", identifier=str(number))
        full.grants.create(user=person)
        full.suspensions.create(from_on=date(2001 + number, 1, 1), until_on=date(2001 + number, 2, 1))
        full.principle_ratings.create(principle=principles["trust"], rating=1, rated_on=date(2001 + number, 1, 1))
        LogEntry.objects.create(
            initiative=full, author=person, happened_on=today() - timedelta(number), kind="contact", text="x"
        )
    for code in ("religion", "funding", "activism"):
        full.track_tags.create(track=tracks[code], emphasis="contributing")
    with django_assert_num_queries(len(few)):
        page(full, alice)


# ---------------------------------------------------------------- hostile text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='#' style='color:red' onclick='x()'>x</a>",
        "<iframe src='https://evil.example'></iframe>",
    ],
)
def test_hostile_markdown_does_nothing(text):
    html = markdown.render(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "<iframe" not in html
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html
    assert "style=" not in html or "&lt;a" in html


def test_links_in_markdown_leave_without_endorsement():
    html = markdown.render("[a site](https://example.org)")
    assert 'href="https://example.org"' in html
    assert 'rel="noopener noreferrer nofollow"' in html


def test_headings_in_a_story_stand_below_those_of_the_page():
    assert markdown.render("# One\n\n## Two") == "<h3>One</h3>\n<h4>Two</h4>\n"
    assert markdown.render("### One\n\n#### Two") == "<h3>One</h3>\n<h4>Two</h4>\n"


def test_sources_become_links_and_stay_text_otherwise():
    html = markdown.with_links("<b>Report</b> https://example.org/a")
    assert "&lt;b&gt;" in html
    assert 'rel="noopener noreferrer nofollow"' in html


def test_a_hostile_title_is_text_everywhere_on_the_page(alice):
    initiative = make_initiative("<script>alert('t')</script>", by=alice, summary="<b>s</b>", sources="<i>x</i>")
    response = page(initiative, alice)
    assertNotContains(response, "<script>alert")
    assertNotContains(response, "<b>s</b>")
    assertNotContains(response, "<i>x</i>")

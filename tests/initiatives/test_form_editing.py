"""Changing an initiative on the form."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.models import Grant, PrincipleRating
from tests.factories import (
    ConflictSystemFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    make_initiative,
)
from tests.initiatives.form_pages import COMPLETE, NEW, as_sent, edit_page, errors
from tests.proving import sign_in_and_prove


def test_a_published_record_stays_published_and_complete(form, client, alice, valley, bridge, tracks):
    initiative = make_initiative(
        by=alice, conflicts=[valley], tracks=[tracks["media"]], organisations=[("lead", bridge)]
    )
    page = edit_page(client, initiative)
    assertNotContains(page, 'value="draft"')
    response = client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Renamed"))
    assertRedirects(response, initiative.get_absolute_url(), fetch_redirect_response=False)
    initiative.refresh_from_db()
    assert (initiative.title, initiative.publication, initiative.version) == ("Renamed", "published", 2)
    page = edit_page(client, initiative)
    response = client.post(page.request["PATH_INFO"], as_sent(page, action="draft", start=""))
    assert "start" in errors(response)


def test_a_stale_form_shows_both_texts_and_can_be_sent_again(form, client, alice):
    initiative = make_initiative("First", by=alice, publication="draft", summary="Line one\nline two", sources="A\nB")
    page = edit_page(client, initiative)
    mine = as_sent(page, action="draft", title="Mine", summary="Line one\r\nline two", sources="A\r\nB")
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Theirs"))
    refused = client.post(page.request["PATH_INFO"], mine)
    assert refused.status_code == 409
    assertContains(refused, "Theirs", status_code=409)
    assertContains(refused, 'value="Mine"', status_code=409)
    assert [sides.label for sides in refused.context["merge"].collisions] == ["Title"]
    again = as_sent(refused, action="draft")
    assert again["version"] == 2
    client.post(page.request["PATH_INFO"], again)
    initiative.refresh_from_db()
    assert (initiative.title, initiative.version) == ("Mine", 3)


def test_a_retired_term_stays_on_a_record_that_carries_it_and_is_offered_to_no_other(
    form, client, alice, tracks, principles, activities
):
    initiative = make_initiative(
        by=alice,
        publication="draft",
        tracks=[tracks["media"], tracks["religion"]],
        ratings=[(principles["trust"], 2, "Seen")],
    )
    initiative.activities.add(activities["training"])
    for term in (tracks["media"], tracks["religion"], principles["trust"], activities["training"]):
        term.status = "retired"
        term.save()
    page = edit_page(client, initiative)
    assertContains(page, "retired")
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Renamed"))
    assert {tag.track.code for tag in initiative.track_tags.all()} == {"media", "religion"}
    assert initiative.principle_ratings.get().evidence == "Seen"
    assert initiative.activities.get().code == "training"
    assertNotContains(client.get(NEW, follow=True), 'value="media"')
    assert "lead_track" in errors(form("draft", title="Talks", lead_track="media"))


def test_a_changed_rating_is_dated_and_leaves_the_earlier_one(form, client, alice, principles):
    initiative = make_initiative(by=alice, publication="draft")
    for code in ("trust", "relationship"):
        PrincipleRating.objects.create(
            initiative=initiative, principle=principles[code], rating=1, evidence="a\nb", rated_on="2020-01-01"
        )
    page = edit_page(client, initiative)
    changed = {"principle-trust-rating": "2", "principle-relationship-evidence": "a\r\nb", "rated_on": "2022-02-02"}
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", **changed))
    rows = {(r.principle.code, r.rating, str(r.rated_on)) for r in initiative.principle_ratings.all()}
    assert rows == {
        ("trust", 1, "2020-01-01"),
        ("trust", 2, "2022-02-02"),
        ("relationship", 1, "2020-01-01"),
    }


def test_a_change_of_rating_dated_before_the_latest_is_refused(form, client, alice, principles):
    initiative = make_initiative(by=alice, publication="draft")
    PrincipleRating.objects.create(
        initiative=initiative, principle=principles["trust"], rating=1, rated_on="2020-01-01"
    )
    page = edit_page(client, initiative)
    sent = as_sent(page, action="draft", rated_on="2019-01-01")
    response = client.post(page.request["PATH_INFO"], sent | {"principle-trust-rating": "2"})
    assert "assessed later" in errors(response)["rated_on"][0]
    assert client.post(page.request["PATH_INFO"], sent).status_code == 302


def test_a_named_writer_edits_but_does_not_say_who_reads(form, client, alice, olga, otto):
    initiative = make_initiative(by=alice, publication="draft", sharing="restricted")
    grant = Grant.objects.create(initiative=initiative, user=olga, access="write")
    client.force_login(olga)
    page = edit_page(client, initiative)
    assertNotContains(page, 'name="sharing"')
    assertNotContains(page, 'name="grant_people"')
    sent = as_sent(
        page, action="draft", title="Hers", sharing="public", owner="harbour", grant_people="otto@example.org"
    )
    assert client.post(page.request["PATH_INFO"], sent).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.sharing, initiative.owner.code) == ("Hers", "restricted", "bridge")
    assert initiative.grants.get() == grant


def test_a_grant_can_be_taken_back(form, client, alice, olga):
    initiative = make_initiative(by=alice, publication="draft")
    Grant.objects.create(initiative=initiative, user=olga)
    page = edit_page(client, initiative)
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", grant_people="", grant_access="read"))
    assert not initiative.grants.exists()


def test_somebody_who_was_named_and_left_does_not_hold_up_an_edit(form, client, alice, olga):
    initiative = make_initiative(by=alice, publication="draft")
    Grant.objects.create(initiative=initiative, user=olga)
    olga.memberships.update(active=False)
    page = edit_page(client, initiative)
    assert client.post(page.request["PATH_INFO"], as_sent(page, action="draft")).status_code == 302


@pytest.mark.parametrize("state", ["published", "withdrawn", "in_review"])
def test_beyond_a_draft_the_form_does_not_say_who_reads_it(client, alice, maria, olga, valley, bridge, tracks, state):
    initiative = make_initiative(
        by=alice,
        publication=state,
        conflicts=[valley],
        tracks=[tracks["media"]],
        organisations=[("lead", bridge)],
    )
    client.force_login(alice)
    page = edit_page(client, initiative)
    for name in ("sharing", "grant_people", "owner"):
        assertNotContains(page, f'name="{name}"')
    assertContains(page, "Members of Bridge: 2 people")
    assertContains(page, reverse("initiatives:sharing", args=[initiative.ref]))
    sent = as_sent(page, action="save", sharing="public", grant_people=[olga.email], grant_access=["write"])
    assert client.post(page.request["PATH_INFO"], sent).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.sharing, initiative.grants.count()) == ("organisation", 0)


@pytest.mark.parametrize("sharing", ["network", "public"])
def test_a_draft_leaves_its_organisation_once_those_concerned_agreed(form, client, alice, sharing):
    response = form("publish", **COMPLETE, sharing=sharing)
    assert set(errors(response)) == {"agreed"}
    assert not alice.initiatives.exists()
    assert form("draft", **COMPLETE, sharing=sharing).status_code == 302
    page = edit_page(client, alice.initiatives.get())
    assert set(errors(client.post(page.request["PATH_INFO"], as_sent(page, action="publish")))) == {"agreed"}
    sent = as_sent(page, action="publish", agreed="on")
    assert client.post(page.request["PATH_INFO"], sent).url.startswith("/accounts/reauthenticate/")
    assert not alice.initiatives.get().is_published
    sign_in_and_prove(client, alice)
    assert client.post(page.request["PATH_INFO"], sent).status_code == 302
    assert alice.initiatives.get().is_published
    assertNotContains(edit_page(client, alice.initiatives.get()), 'name="agreed"')


def test_their_agreement_is_asked_for_with_all_else_that_is_missing(form):
    response = form("publish", title="Half", sharing="public")
    assert set(errors(response)) == {"agreed", "conflicts", "start", "lead_track"}


def test_a_draft_that_was_published_once_is_no_way_round_it(form, client, alice):
    form("publish", **COMPLETE)
    initiative = alice.initiatives.get()
    alice.initiatives.update(publication="draft")
    page = edit_page(client, initiative)
    assertNotContains(page, 'name="sharing"')
    client.post(page.request["PATH_INFO"], as_sent(page, action="publish", sharing="public"))
    initiative.refresh_from_db()
    assert (initiative.publication, initiative.sharing) == ("published", "organisation")


def test_a_text_that_speaks_of_publication_is_none(form, client, alice):
    form("draft", title='"publication": "published"')
    assertContains(edit_page(client, alice.initiatives.get()), 'name="sharing"')


def test_who_may_not_edit_is_refused_and_who_may_not_open_finds_nothing(client, alice, colin, olga):
    initiative = make_initiative(by=alice)
    client.force_login(colin)
    assert edit_page(client, initiative).status_code == 403
    client.force_login(olga)
    assert edit_page(client, initiative).status_code == 404


def test_the_form_asks_the_same_number_of_questions_however_much_a_record_holds(
    form, client, alice, valley, bridge, tracks, principles, django_assert_num_queries
):
    small = make_initiative(by=alice, publication="draft")
    large = make_initiative(
        by=alice,
        publication="draft",
        conflicts=[valley, *ConflictSystemFactory.create_batch(5)],
        tracks=list(tracks.values()),
        organisations=[("partner", organisation) for organisation in OrganisationFactory.create_batch(8)],
        ratings=[(principle, 1, "Seen") for principle in principles.values()],
    )
    for user in UserFactory.create_batch(4):
        MembershipFactory(user=user, organisation=bridge)
        Grant.objects.create(initiative=large, user=user)
    edit_page(client, small)
    counts = [_queries(client, initiative) for initiative in (small, large)]
    assert counts[0] == counts[1]


def _queries(client, initiative):
    with CaptureQueriesContext(connection) as queries:
        edit_page(client, initiative)
    return len(queries)


def test_a_new_record_for_everyone_is_published_once_its_author_proved_who_they_are(form, client, alice):
    alice.set_password("seven quiet rivers")
    alice.save()
    client.force_login(alice)
    asked = form("publish", **COMPLETE, sharing="public", agreed="on", summary="Traders meet.")
    assert not alice.initiatives.exists()
    done = client.post(asked.url, {"password": "seven quiet rivers"}, follow=True)
    assertContains(done, "Published.")
    initiative = alice.initiatives.get()
    assert (initiative.is_published, initiative.sharing, initiative.summary) == (True, "public", "Traders meet.")

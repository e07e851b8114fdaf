"""What one initiative did for another: found by typing, recorded with history, never a way to learn of hidden ones."""

import time
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects, assertTemplateNotUsed
from reversion.models import Revision

from initiatives.actions import links
from initiatives.actions.links import add_link, remove_link
from initiatives.models import InitiativeLink
from mtd_tracker.sight import seen_by
from tests.at_once import at_once
from tests.factories import make_initiative

NOT_FOUND = "There is no such initiative, or none that you may open."


@pytest.fixture
def camp(alice):
    return make_initiative("Peace camp", by=alice)


@pytest.fixture
def forum(olga):
    return make_initiative("Forum of towns", by=olga, sharing="network")


@pytest.fixture
def secret(olga):
    return make_initiative("Forum behind closed doors", by=olga, sharing="organisation")


@pytest.fixture
def as_alice(alice):
    client = Client()
    client.force_login(alice)
    return client


def new(source):
    return reverse("initiatives:link-new", args=[source.ref])


def said(target, **data):
    return {"target": str(target.ref), "kind": "feeds_into"} | data


def remove(source, target, kind="feeds_into"):
    return reverse("initiatives:link-delete", args=[source.ref, target.ref, kind])


# ---------------------------------------------------------------- finding


def test_typing_finds_what_one_may_open_and_nothing_else(as_alice, camp, forum, secret):
    response = as_alice.get(new(camp), {"link_q": "forum"})
    assertContains(response, "Forum of towns")
    assertContains(response, str(forum.ref))
    assertNotContains(response, "closed doors")
    assertNotContains(response, str(secret.ref))


def test_every_word_must_be_in_the_title_in_any_order(as_alice, camp, forum):
    assertContains(as_alice.get(new(camp), {"link_q": "towns FORUM"}), str(forum.ref))
    assertContains(as_alice.get(new(camp), {"link_q": "towns camp"}), "None found among the initiatives that you may")


def test_htmx_gets_the_results_alone(as_alice, camp, forum):
    response = as_alice.get(
        new(camp), {"link_q": "forum"}, headers={"HX-Request": "true", "HX-Target": "link-results"}
    )
    assertContains(response, str(forum.ref))
    assertTemplateNotUsed(response, "base.html")


def test_one_is_not_offered_to_itself(as_alice, camp):
    assertNotContains(as_alice.get(new(camp), {"link_q": "peace"}), f"target-{camp.ref}")


@pytest.mark.parametrize("words", ["\x00", "x" * 300, "%", "'; drop"])
def test_strange_words_find_nothing_and_break_nothing(as_alice, camp, forum, words):
    response = as_alice.get(new(camp), {"link_q": words})
    assert response.status_code == 200
    assertNotContains(response, str(forum.ref))


def test_searching_changes_nothing(as_alice, camp, forum):
    as_alice.get(new(camp), {"link_q": "forum", "target": forum.ref, "kind": "funds"})
    assert not InitiativeLink.objects.exists()


# ---------------------------------------------------------------- recording


def test_a_link_is_recorded_as_claimed_unless_said_otherwise(as_alice, alice, camp, forum):
    response = as_alice.post(new(camp), said(forum, note="Three campers founded it."))
    assertRedirects(response, f"{camp.get_absolute_url()}#links", fetch_redirect_response=False)
    link = InitiativeLink.objects.get()
    assert (link.source, link.target, link.kind, link.evidence) == (camp, forum, "feeds_into", "claimed")
    assert Revision.objects.get().user == alice


def test_a_hidden_target_and_none_at_all_answer_alike(as_alice, camp, secret):
    hidden = as_alice.post(new(camp), said(secret))
    assertContains(hidden, NOT_FOUND)
    assertNotContains(hidden, "closed doors")
    for ref in ("00000000-0000-4000-8000-000000000000", "\x00", "nonsense"):
        assertContains(as_alice.post(new(camp), said(secret) | {"target": ref}), NOT_FOUND)
    assert not InitiativeLink.objects.exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"target": ""}, "Choose one that the search found."),
        ({"kind": "loves"}, "Select a valid choice."),
        ({"evidence": "rumour"}, "Select a valid choice."),
        ({"note": "\x00"}, "Null characters are not allowed."),
    ],
)
def test_a_wrong_link_is_refused_and_keeps_the_search(as_alice, camp, forum, data, told):
    response = as_alice.post(new(camp), said(forum) | {"link_q": "forum"} | data)
    assertContains(response, told)
    assertContains(response, f"target-{forum.ref}")
    assert not InitiativeLink.objects.exists()


def test_a_link_to_itself_is_refused(as_alice, camp):
    assertContains(as_alice.post(new(camp), said(camp)), "linked to itself")


def test_the_same_link_twice_is_one_and_other_words_are_refused(as_alice, camp, forum):
    for _ in range(2):
        assert as_alice.post(new(camp), said(forum)).status_code == 302
    assert Revision.objects.count() == 1
    assertContains(as_alice.post(new(camp), said(forum, note="More.")), "recorded already")
    assert InitiativeLink.objects.get().note == ""


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_record_the_same_link_at_once_in_other_words_are_told(alice, maria, camp, forum, monkeypatch):
    """The second isn't thanked for words that nobody kept."""

    def change_slowly(*args, **kwargs):
        time.sleep(0.5)  # long enough for the other to look too
        return change(*args, **kwargs)

    change = links.change
    monkeypatch.setattr(links, "change", change_slowly)

    def record(person):
        with seen_by(person):
            add_link(camp, by=person, target=forum, kind="feeds_into", evidence="claimed", note=person.name)

    _, refusals = at_once(partial(record, alice), partial(record, maria), refusal=ValidationError)
    assert len(refusals) == 1
    assert InitiativeLink.objects.count() == 1


@pytest.mark.parametrize(("person", "status"), [("alice", 302), ("maria", 302), ("colin", 403), ("olga", 404)])
def test_only_who_may_edit_the_source_records_a_link(request, camp, forum, person, status):
    client = Client()
    client.force_login(request.getfixturevalue(person))
    assert client.post(new(camp), said(forum)).status_code == status
    assert InitiativeLink.objects.exists() == (status == 302)


# ---------------------------------------------------------------- removing


def test_removing_asks_first(as_alice, alice, camp, forum):
    as_alice.post(new(camp), said(forum))
    assertContains(as_alice.get(remove(camp, forum)), "Remove this link?")
    assert InitiativeLink.objects.exists()
    assert as_alice.post(remove(camp, forum)).status_code == 302
    assert not InitiativeLink.objects.exists()
    assert Revision.objects.first().comment == "Link removed"
    assert as_alice.post(remove(camp, forum)).status_code == 404


def test_a_link_to_what_one_can_no_longer_open_is_not_there(as_alice, camp, secret):
    InitiativeLink.objects.create(source=camp, target=secret, kind="feeds_into")
    assert as_alice.get(remove(camp, secret)).status_code == 404
    assert as_alice.post(remove(camp, secret)).status_code == 404
    assert InitiativeLink.objects.exists()


def test_the_target_does_not_remove_what_the_source_says(camp, forum, olga):
    camp.sharing = "network"
    camp.save()
    InitiativeLink.objects.create(source=camp, target=forum, kind="feeds_into")
    client = Client()
    client.force_login(olga)
    assert client.post(remove(camp, forum)).status_code == 403


def test_where_more_is_found_than_shown_that_is_said(as_alice, camp):
    for number in range(21):
        make_initiative(f"Council {number}", sharing="network")
    page = as_alice.get(new(camp), {"link_q": "council"}).content.decode()
    assert page.count('name="target"') == 20
    assert "the first 20 by title" in page
    assert "the first" not in as_alice.get(new(camp), {"link_q": "council 13"}).content.decode()


def test_queries_do_not_grow_with_what_is_found(as_alice, alice, camp, forum, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        as_alice.get(new(camp), {"link_q": "forum"})
    for number in range(10):
        make_initiative(f"Forum {number}", sharing="network")
    with django_assert_num_queries(len(few)):
        as_alice.get(new(camp), {"link_q": "forum"})


def test_a_link_does_not_move_the_last_change_which_is_told_to_more_readers(alice, camp, secret):
    def last_change():
        camp.refresh_from_db()
        return camp.updated_at, camp.updated_by

    before = last_change()
    link = add_link(camp, by=alice, target=secret, kind="funds", evidence="claimed")
    assert last_change() == before
    remove_link(link, by=alice)
    assert last_change() == before

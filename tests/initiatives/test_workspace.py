"""One of several organisations is worked for at a time: seen in the header, chosen by a form, deciding defaults."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.models import Initiative
from tests.factories import ConflictSystemFactory, MembershipFactory, make_initiative
from tests.initiatives.form_pages import NEW

PAGE = "/workspace/"


@pytest.fixture
def both(client, alice, harbour):
    """Alice's browser; she belongs to Bridge, and since lately to Harbour."""
    MembershipFactory(user=alice, organisation=harbour)
    client.force_login(alice)
    return client


def work_for(client, code):
    return client.post(PAGE, {"organisation": code})


def test_without_a_membership_the_header_names_none(client, curator, bridge):
    client.force_login(curator)
    assertNotContains(client.get("/"), "You work for")
    assertContains(client.get(PAGE), "not an active member")


def test_with_one_the_header_names_it_and_offers_no_choice(client, alice):
    client.force_login(alice)
    response = client.get("/")
    assertContains(response, "You work for")
    assertNotContains(response, f'action="{PAGE}"')


def test_with_several_the_first_counts_until_another_is_chosen(both):
    assert str(both.get("/").context["standing"]["workspace"]()) == "Bridge"
    assertRedirects(work_for(both, "harbour"), "/")
    assert str(both.get("/").context["standing"]["workspace"]()) == "Harbour"
    assertContains(both.get("/"), 'href="/organisations/harbour/members/"')


@pytest.mark.parametrize("code", ["elsewhere", "", "\0", "bridge' OR 1=1"])
def test_what_is_not_ones_own_is_as_unknown_as_nothing(both, code):
    assertContains(work_for(both, code), "error-summary")
    assert str(both.get("/").context["standing"]["workspace"]()) == "Bridge"


def test_an_organisation_of_others_is_refused_in_the_same_words(client, alice, harbour):
    client.force_login(alice)
    answers = [work_for(client, code).context["form"].errors.as_text() for code in ("harbour", "nothing")]
    assert answers[0] == answers[1]


def test_the_choice_ends_with_the_membership(both, alice, harbour):
    work_for(both, "harbour")
    alice.memberships.filter(organisation=harbour).update(active=False)
    assert str(both.get("/").context["standing"]["workspace"]()) == "Bridge"


def test_it_decides_who_owns_a_new_initiative_unless_one_says_otherwise(both, harbour, bridge):
    work_for(both, "harbour")
    page = both.get(NEW, follow=True)
    assert page.context["form"].initial["owner"] == "harbour"
    assert page.context["form"]["organisations"].value()[0][1] == "Harbour (harbour)"
    sent = {"action": "draft", "sharing": "organisation"}
    both.post(NEW, sent | {"title": "Chosen", "owner": "bridge"})
    both.post(NEW, sent | {"title": "By default", "owner": page.context["form"].initial["owner"]})
    assert Initiative.objects.get(title="Chosen").owner == bridge
    assert Initiative.objects.get(title="By default").owner == harbour


def test_the_desk_speaks_of_it_and_reading_stays_as_wide(both, alice, bridge, harbour):
    for owner in (bridge, harbour):
        system = ConflictSystemFactory(name=f"System of {owner}")
        common = {"by": alice, "owner": owner, "conflicts": [system]}
        make_initiative(f"Draft of {owner}", publication="draft", **common)
        make_initiative(f"Long unsaid of {owner}", start="2001", **common)
        waiting = make_initiative(f"Waiting at {owner}", publication="in_review", **common)
        waiting.review_steps.create(kind="submitted", by=alice)
    work_for(both, "harbour")
    desk = both.get("/")
    for told in ("Draft of", "Long unsaid of", "Waiting at", "System of"):
        assertContains(desk, f"{told} Harbour")
        assertNotContains(desk, f"{told} Bridge")
    assertContains(both.get("/initiatives/"), "Long unsaid of Bridge")


def test_more_organisations_ask_no_more_of_the_database(both, alice):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            both.get("/organisations/")
        return len(asked)

    few = queries()
    MembershipFactory.create_batch(5, user=alice)
    assert queries() == few


def test_the_desk_says_what_waits_in_the_others(both, alice, harbour):
    make_initiative("Harbour talks", by=alice, owner=harbour, publication="draft")
    make_initiative("Old talks", by=alice, owner=harbour, start="2019")
    page = both.get("/")
    assert page.context["waiting_elsewhere"] == [(harbour, [(1, "draft"), (1, "initiative to confirm")])]
    assertContains(page, "No drafts for <bdi>Bridge</bdi>")
    assertNotContains(page, "Harbour talks")
    work_for(both, "harbour")
    page = both.get("/")
    assert page.context["waiting_elsewhere"] == []
    assertContains(page, "Harbour talks")


def test_of_a_single_organisation_nothing_is_elsewhere(client, alice):
    client.force_login(alice)
    assert client.get("/").context["waiting_elsewhere"] == []
    assertNotContains(client.get("/"), "No drafts for")


@pytest.mark.parametrize(
    ("sent_from", "led_to"),
    [
        ("/conflicts/?from=2020", "/conflicts/?from=2020"),
        ("https://example.org/", "/"),
        ("//example.org", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_where_one_was_and_on_no_other_site(both, sent_from, led_to):
    response = both.post(PAGE, {"organisation": "harbour", "next": sent_from})
    assertRedirects(response, led_to, fetch_redirect_response=False)


def test_the_header_knows_where_one_is(both):
    assertContains(
        both.get("/conflicts/?from=2020"), '<input type="hidden" name="next" value="/conflicts/?from=2020">'
    )

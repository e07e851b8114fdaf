"""The start page: what this is, for everyone; what waits, for whoever works here."""

from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from initiatives.actions.lifecycle import withdraw
from initiatives.dates import today
from initiatives.models import Grant, Initiative, Suspension
from initiatives.pages.home import drafts_of, editable_by, to_confirm
from initiatives.permissions import may_edit
from initiatives.views.editing import _logged_with
from tests.factories import ConflictSystemFactory, OrganisationFactory, UserFactory, make_initiative


def queries_of(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    return len(captured)


# ---------------------------------------------------------------- signed out


def test_signed_out_it_says_what_this_is_and_how_to_get_in(client, tracks):
    response = client.get("/")
    for words in ("nine tracks of multi-track diplomacy", "/accounts/login/", "/accounts/signup/", "not effect"):
        assertContains(response, words)
    for track in tracks.values():
        assertContains(response, f'href="{track.get_absolute_url()}"')


def test_it_opens_before_anything_is_loaded(client, db):
    assert client.get("/").status_code == 200


def test_circles_count_public_records_alone(client, alice, valley, tracks):
    make_initiative(by=alice, sharing="public", conflicts=[valley], tracks=[tracks["media"]])
    make_initiative(by=alice, sharing="network", conflicts=[valley], tracks=[tracks["business"]])
    hidden = ConflictSystemFactory(name="Unseen place")
    make_initiative(by=alice, sharing="network", conflicts=[hidden], tracks=[tracks["business"]])
    response = client.get("/")
    assertContains(response, "by 1 public record. A track’s number counts the initiatives that give it its state.")
    assertNotContains(response, "Unseen place")
    assert response.context["example"].coverage.breadth == 1


def test_invented_systems_are_not_put_on_show(client, alice, tracks):
    invented = ConflictSystemFactory(name="Made-up vale", invented=True)
    make_initiative(by=alice, sharing="public", conflicts=[invented], tracks=[tracks["media"]])
    assertNotContains(client.get("/"), "Made-up vale")


def test_a_few_systems_by_name_and_the_queries_do_not_grow(client, alice, tracks):
    def make(number):
        for _ in range(number):
            system = ConflictSystemFactory()
            make_initiative(by=alice, sharing="public", conflicts=[system], tracks=[tracks["media"]])

    make(2)
    few = queries_of(client)
    make(6)
    assert queries_of(client) == few
    context = client.get("/").context
    names = [read.coverage.system.name for read in context["systems"]]
    assert len(names) == 3
    assert names == sorted(names)


# ---------------------------------------------------------------- signed in


@pytest.mark.parametrize("who", ["alice", "colin", "maria", "olga", "otto", "curator", "administrator"])
def test_the_desk_opens_for_everyone(client, request, tracks, who):
    client.force_login(request.getfixturevalue(who))
    assertContains(client.get("/"), "Hello, ")


def test_the_way_to_people_and_memberships_is_shown_to_administrators_alone(client, administrator, curator):
    for person, shown in ((administrator, True), (curator, False)):
        client.force_login(person)
        assert ('href="/admin/"' in client.get("/").content.decode()) is shown


def test_somebody_new_learns_where_to_begin(client, alice):
    client.force_login(alice)
    response = client.get("/")
    for words in (
        "A title is enough to begin",
        "Nothing waits for you",
        "Nothing is published yet",
        "will stand here",
    ):
        assertContains(response, words)


def test_without_a_membership_one_is_told_what_that_means(client, alice):
    alice.memberships.update(active=False)
    client.force_login(alice)
    response = client.get("/")
    assertContains(response, "not an active member of any organisation")
    assertContains(response, "public records only")
    assertNotContains(response, "My drafts")


def test_a_curator_without_membership_learns_what_is_theirs_to_do(client, curator):
    client.force_login(curator)
    assertContains(client.get("/"), "You keep the taxonomy")


def test_a_curator_is_shown_which_organisations_wait_as_far_as_they_know_of_them(client, curator, alice, maria):
    seen = OrganisationFactory(name="Waiting house", confirmed=False)
    OrganisationFactory(name="Unseen house", confirmed=False)
    make_initiative(by=alice, sharing="network", organisations=[("partner", seen)])
    client.force_login(curator)
    response = client.get("/")
    assertContains(response, f'href="{seen.get_absolute_url()}confirm/"')
    assertNotContains(response, "Unseen house")
    client.force_login(maria)
    assertNotContains(client.get("/"), "To keep in order")


def test_drafts_are_ones_own_and_lead_to_the_form(client, alice, colin):
    draft = make_initiative("Mine, unfinished", by=alice, publication="draft")
    make_initiative("Of a colleague", by=colin, publication="draft")
    client.force_login(alice)
    response = client.get("/")
    assertContains(response, f'href="/initiatives/{draft.ref}/edit/"')
    assertNotContains(response, "Of a colleague")


def test_what_changed_is_of_ones_own_organisations_and_published(client, alice, colin, olga):
    make_initiative("Ours", by=colin, sharing="organisation")
    make_initiative("Withheld", by=colin, sharing="restricted")
    make_initiative("Theirs", by=olga, sharing="public")
    client.force_login(alice)
    response = client.get("/")
    assertContains(response, "Ours")
    assertNotContains(response, "Withheld")
    assertNotContains(response, "Theirs")


def test_conflict_systems_are_those_around_a_person(client, alice, olga, bridge, tracks):
    own, partnered, other, secret = (ConflictSystemFactory(name=n) for n in ("Own", "Partnered", "Far", "Secret"))
    make_initiative(by=alice, conflicts=[own])
    make_initiative(by=olga, sharing="network", conflicts=[partnered], organisations=[("partner", bridge)])
    make_initiative(by=olga, sharing="network", conflicts=[other])
    make_initiative(by=olga, sharing="restricted", conflicts=[secret], organisations=[("partner", bridge)])
    client.force_login(alice)
    systems = [read.coverage.system for read in client.get("/").context["systems"]]
    assert systems == [own, partnered]


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, True),
        ({"last_confirmed": "2001"}, True),
        ({"last_confirmed": str(today())}, False),
        ({"end": "2021"}, False),
        ({"start": "2999"}, False),
        ({"start": None}, False),
        ({"cancelled_on": today()}, False),
        ({"publication": "draft"}, False),
        ({"publication": "withdrawn"}, False),
    ],
)
def test_what_is_asked_about_runs_openly_and_was_not_confirmed_for_a_year(alice, fields, asked):
    initiative = make_initiative(by=alice, **fields)
    assert (initiative in to_confirm(alice)) is asked


def test_who_works_nowhere_any_more_finds_no_draft_of_theirs_and_makes_none_twice(alice):
    draft = make_initiative(by=alice, publication="draft")
    assert (list(drafts_of(alice)), _logged_with(draft.ref, alice)) == ([draft], draft)
    alice.memberships.update(active=False)
    assert (list(drafts_of(alice)), _logged_with(draft.ref, alice)) == ([], None)


def test_a_suspended_one_is_not_asked_about(alice):
    Suspension.objects.create(initiative=make_initiative(by=alice), from_on=today())
    assert not to_confirm(alice).exists()


def test_what_may_be_edited_is_the_same_for_one_and_for_many(alice, colin, maria, olga, otto, curator, harbour):
    gone = UserFactory(name="Gone")
    gone.memberships.create(organisation=harbour, active=False)
    for author in (alice, maria, olga):
        for sharing in ("public", "network", "organisation", "restricted"):
            for publication in ("draft", "published", "withdrawn"):
                make_initiative(by=author, sharing=sharing, publication=publication)
        for access, sharing in product(("read", "write"), ("public", "restricted")):
            record = make_initiative(by=author, sharing=sharing)
            for named in (otto, gone, curator):
                Grant.objects.create(initiative=record, user=named, access=access)
    for user in (alice, colin, maria, olga, otto, curator, gone):
        visible = Initiative.objects.visible_to(user)
        one_by_one = {initiative.pk for initiative in visible if may_edit(user, initiative)}
        assert set(editable_by(user).values_list("pk", flat=True)) == one_by_one
    assert editable_by(maria).exists()


def test_at_most_ten_are_asked_about_with_the_way_to_the_rest(client, alice):
    for number in range(10):
        make_initiative(f"Number {number}", by=alice)
    client.force_login(alice)
    assertNotContains(client.get("/"), "?unconfirmed=on")
    make_initiative("One more", by=alice)
    response = client.get("/")
    assertContains(response, "?unconfirmed=on")
    assert len(response.context["to_confirm"]["shown"]) == 10


def test_the_desks_queries_do_not_grow(client, alice, colin, tracks):
    client.force_login(alice)

    def make():
        make_initiative(by=alice, publication="draft")
        make_initiative(by=colin, conflicts=[ConflictSystemFactory()], tracks=[tracks["media"]], updated_by=colin)
        make_initiative(by=alice, conflicts=[ConflictSystemFactory()], tracks=tracks.values(), updated_by=colin)

    make()
    few = queries_of(client)
    for _ in range(4):
        make()
    assert queries_of(client) == few


def test_a_title_is_never_read_as_html(client, alice):
    make_initiative("<b>draft</b>", by=alice, publication="draft")
    make_initiative("<b>running</b>", by=alice, conflicts=[ConflictSystemFactory(name="<b>place</b>")])
    client.force_login(alice)
    assert b"<b>" not in client.get("/").content


def test_what_was_withdrawn_lately_can_be_brought_back_from_the_desk(client, alice, maria, colin, olga):
    talks = make_initiative("Market talks", by=alice, sharing="network")
    withdraw(talks, by=alice)
    back = reverse("initiatives:mark", args=[talks.ref, "publish"])
    for person, told in ((alice, True), (maria, True), (colin, False), (olga, False)):
        client.force_login(person)
        assert (back in client.get("/").content.decode()) is told
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        client.force_login(alice)
        assertNotContains(client.get("/"), "Withdrawn lately")

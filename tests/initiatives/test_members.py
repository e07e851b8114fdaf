"""Who belongs to an organisation: who sees it, who changes it, and never without a manager."""

import time
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions import members
from initiatives.dates import today
from initiatives.keepers import number_waiting
from initiatives.models import Grant, Initiative, Membership
from mtd_tracker.accounts.models import User
from mtd_tracker.history import StaleSave
from tests.at_once import at_once
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, make_initiative
from tests.proving import sign_in_and_prove
from tests.test_two_worlds import masked

PAGE = "/organisations/bridge/members/"
SETTINGS = "/organisations/bridge/settings/"


@pytest.fixture
def as_maria(client, maria):
    sign_in_and_prove(client, maria)
    return client


@pytest.fixture
def second_manager(bridge):
    return MembershipFactory(organisation=bridge, role="manager")


def page_of(user):
    return f"{PAGE}{user.memberships.get().ref}/"


def step(user, **said):
    """What the page of a member sends."""
    return {"version": user.memberships.get().version} | said


def standing_of(user):
    membership = user.memberships.get()
    return membership.role, membership.active


def notes_of(response):
    return [event.what for event in response.context["page"].object_list]


# ---------------------------------------------------------------- seen


def test_a_manager_sees_everybody_with_role_and_address(as_maria, alice, bridge):
    MembershipFactory(user=UserFactory(name="Former"), organisation=bridge, active=False)
    response = as_maria.get(PAGE)
    assertContains(response, "alice@example.org")
    assertContains(response, "Former")
    assertContains(response, "not active", count=1)


def test_a_member_knows_colleagues_by_name_and_no_more(client, alice, colin, maria, bridge):
    MembershipFactory(user=UserFactory(name="Former"), organisation=bridge, active=False)
    client.force_login(alice)
    response = client.get(PAGE)
    assertContains(response, "Colin")
    for hidden in ("colin@example.org", "Former", "Invite", "How this came about"):
        assertNotContains(response, hidden)


def test_the_day_since_when_is_told_where_it_is_known(as_maria, alice, bridge):
    members.join(bridge, user=UserFactory(name="Nina"), role="practitioner", by=None)
    read = {str(member.membership.user): member.since for member in as_maria.get(PAGE).context["members"].read}
    assert read["Alice"] is None
    assert read["Nina"] is not None


def test_the_pages_queries_do_not_grow_with_members_and_changes(as_maria, bridge, maria):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert as_maria.get(PAGE).status_code == 200
        return len(asked)

    queries()  # content types are remembered from now on
    few = queries()
    for _ in range(6):
        membership = members.join(bridge, user=UserFactory(), role="practitioner", by=maria)
        members.deactivate(membership, by=maria)
    assert queries() == few


def test_the_organisations_page_and_the_menu_lead_there_for_its_people_alone(client, alice, olga):
    client.force_login(alice)
    assertContains(client.get("/organisations/bridge/"), f'href="{PAGE}"')
    client.force_login(olga)
    assertNotContains(client.get("/organisations/bridge/"), PAGE)


def test_of_an_organisation_that_one_may_not_know_of_nothing_is_there(client, otto, alice, bridge):
    OrganisationFactory(code="quiet", confirmed=False, made_by=alice, made_in=bridge)
    client.force_login(otto)
    for code in ("quiet", "nothing"):
        for page in ("members/", "members/invite/", "members/leave/", "settings/", f"members/{uuid4()}/"):
            assert client.get(f"/organisations/{code}/{page}").status_code == 404, page


# ---------------------------------------------------------------- changed


def test_a_role_is_changed_with_its_history(as_maria, alice):
    response = as_maria.post(page_of(alice), step(alice, act="role", role="manager"), follow=True)
    assert standing_of(alice) == ("manager", True)
    assert notes_of(response) == ["Role changed to manager"]
    assertContains(response, "by <bdi>Maria</bdi>")


def test_whoever_is_deactivated_loses_access_with_the_next_request(as_maria, alice, client, colin):
    initiative = make_initiative(by=colin, sharing="organisation")
    at_alices = Client()
    at_alices.force_login(alice)
    assert at_alices.get(initiative.get_absolute_url()).status_code == 200
    as_maria.post(page_of(alice), step(alice, act="deactivate"))
    assert at_alices.get(initiative.get_absolute_url()).status_code == 404
    assert at_alices.get(PAGE).status_code == 403
    as_maria.post(page_of(alice), step(alice, act="reactivate"))
    assert at_alices.get(initiative.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("sent", [{"act": "deactivate"}, {"act": "role", "role": "practitioner"}])
def test_the_last_manager_stays(as_maria, maria, bridge, sent):
    MembershipFactory(organisation=bridge, role="manager", active=False)
    MembershipFactory(organisation=bridge, role="manager", user=UserFactory(is_active=False))
    response = as_maria.post(page_of(maria), step(maria) | sent)
    assertContains(response, "This is the last manager here.")
    assert standing_of(maria) == ("manager", True)


def test_with_another_manager_one_may_go(as_maria, maria, second_manager):
    assertRedirects(as_maria.post(page_of(maria), step(maria, act="deactivate")), "/", fetch_redirect_response=False)
    assert standing_of(maria) == ("manager", False)


def test_two_managers_at_once_are_told(as_maria, alice, maria, second_manager):
    members.change_role(alice.memberships.get(), by=second_manager.user, role="manager")
    response = as_maria.post(page_of(alice), {"act": "deactivate", "version": 1})
    assert response.status_code == 409
    assertContains(response, "Somebody else changed this in the meantime", status_code=409)
    assert standing_of(alice) == ("manager", True)


def test_the_same_step_sent_twice_is_done_once(alice, maria):
    membership = alice.memberships.get()
    members.deactivate(membership, by=maria, version=1)
    assert members.deactivate(membership, by=maria, version=1).version == 2
    with pytest.raises(StaleSave):
        members.reactivate(membership, by=maria, version=1)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "nonsense"},
        {"act": "role"},
        {"act": "role", "role": "owner"},
        {"act": "role", "role": "\0"},
        {"act": "\0"},
        {"act": "role", "role": "manager", "version": "x"},
    ],
)
def test_what_is_no_step_changes_nothing_and_is_told(as_maria, alice, sent):
    response = as_maria.post(page_of(alice), sent)
    assertContains(response, "error-summary")
    assert standing_of(alice) == ("practitioner", True)


def test_extra_fields_change_nothing(as_maria, alice, olga, harbour):
    extra = {
        "user": olga.pk,
        "organisation": harbour.code,
        "organisation_id": harbour.pk,
        "is_staff": "on",
        "is_superuser": "on",
        "is_curator": "on",
        "active": "",
        "ref": str(olga.memberships.get().ref),
    }
    as_maria.post(page_of(alice), step(alice, act="role", role="practitioner") | extra)
    alice.refresh_from_db()
    membership = alice.memberships.get()
    assert (membership.organisation.code, *standing_of(alice)) == ("bridge", "practitioner", True)
    assert standing_of(olga) == ("practitioner", True)
    assert (alice.is_staff, alice.is_superuser, alice.is_curator) == (False, False, False)


def test_a_member_of_another_organisation_is_not_there(as_maria, otto, olga):
    for ref in (olga.memberships.get().ref, uuid4()):
        assert as_maria.get(f"{PAGE}{ref}/").status_code == 404
        assert as_maria.post(f"{PAGE}{ref}/", {"act": "deactivate"}).status_code == 404
    assert standing_of(olga) == ("practitioner", True)


def test_it_is_asked_once_more_who_one_is(client, maria, alice, second_manager):
    client.force_login(maria)
    for address, sent in (
        (page_of(alice), {"act": "deactivate"}),
        (f"{PAGE}leave/", {}),
        (f"{PAGE}invite/", {"email": "new@example.org", "role": "manager"}),
    ):
        assert client.post(address, sent)["Location"].startswith("/accounts/reauthenticate/"), address
    assert not Membership.objects.filter(active=False).exists()


def test_once_proven_the_step_goes_on_as_it_was_sent(client, maria, alice):
    maria.set_password("four words of mine, unrelated")
    maria.save()
    client.force_login(maria)
    asked = client.post(page_of(alice), step(alice, act="deactivate"))["Location"]
    sent = {"password": "four words of mine, unrelated", "next": page_of(alice)}
    client.post(asked, sent, follow=True)
    assert standing_of(alice) == ("practitioner", False)


# ---------------------------------------------------------------- left


def test_a_person_may_leave(client, alice):
    sign_in_and_prove(client, alice)
    assertContains(client.post(f"{PAGE}leave/", follow=True), "You have left Bridge.")
    assert standing_of(alice) == ("practitioner", False)
    assert client.get(PAGE).status_code == 403


def test_whoever_leaves_reads_what_nobody_else_opens(client, alice, colin, otto):
    make_initiative("Half an idea", by=alice, publication="draft")
    make_initiative("A back channel", by=alice, sharing="restricted")
    shared = make_initiative("With Colin", by=alice, sharing="restricted")
    Grant.objects.create(initiative=shared, user=colin)
    lapsed = make_initiative("With Otto once", by=alice, publication="draft")
    Grant.objects.create(initiative=lapsed, user=otto, until_on=today() - timedelta(days=1))
    make_initiative("For colleagues", by=alice, sharing="organisation")
    make_initiative("Of Colin", by=colin, publication="draft")
    sign_in_and_prove(client, alice)
    page = client.get(f"{PAGE}leave/")
    assert {one.title for one in page.context["alone"]} == {"Half an idea", "A back channel", "With Otto once"}
    assertContains(page, "Share them with the organisation, or name a colleague on them, before you leave.")
    client.force_login(otto)
    assertNotContains(client.get("/organisations/harbour/members/leave/"), "before you leave")


def test_the_last_manager_may_not_leave(as_maria, maria):
    assertContains(as_maria.post(f"{PAGE}leave/"), "Make somebody else a manager first.")
    assert standing_of(maria) == ("manager", True)


# ---------------------------------------------------------------- what those who leave are named on


@pytest.fixture
def named(bridge, alice, colin, maria):
    """Maria's restricted record, on which Colin is named to write and Alice to read."""
    initiative = make_initiative("Bread talks", by=maria, sharing="restricted")
    Grant.objects.create(initiative=initiative, user=colin, access="write")
    Grant.objects.create(initiative=initiative, user=alice, until_on=today())
    return initiative


def last_days(initiative):
    return [(grant.user.name, grant.until_on) for grant in initiative.grants.all()]


YESTERDAY = today() - timedelta(days=1)


@pytest.mark.parametrize("way", ["deactivated", "left"])
def test_whoever_leaves_is_named_no_longer_nor_again_by_way_of_another_organisation(
    named, as_maria, client, colin, harbour, bridge, way
):
    if way == "left":
        sign_in_and_prove(client, colin)
        client.post(f"{PAGE}leave/")
    else:
        as_maria.post(page_of(colin), step(colin, act="deactivate"))
    assert last_days(named) == [("Colin", YESTERDAY), ("Alice", today())]
    members.join(harbour, user=colin, role="practitioner", by=None)
    assert not Initiative.objects.visible_to(User.objects.get(pk=colin.pk)).exists()
    members.reactivate(bridge.memberships.get(user=colin), by=None)
    assert not Initiative.objects.visible_to(User.objects.get(pk=colin.pk)).exists()


def test_it_stands_in_the_history_of_the_record_and_members_of_that_of_members_alone(named, as_maria, colin, maria):
    changed_at = named.updated_at
    response = as_maria.post(page_of(colin), step(colin, act="deactivate"), follow=True)
    assert notes_of(response) == ["Deactivated"]
    (version,) = Version.objects.get_for_object(named)
    assert (version.revision.comment, version.revision.user) == (members.LEFT, maria)
    kept = Version.objects.get_for_model(Grant).filter(revision=version.revision)
    assert {one.field_dict["until_on"] for one in kept} == {YESTERDAY, today()}
    stored = Initiative.objects.get()
    assert (stored.version, stored.updated_at) == (2, changed_at)


def test_a_manager_who_may_not_look_ends_it_too_and_learns_nothing_of_it(named, second_manager, client, colin):
    sign_in_and_prove(client, second_manager.user)
    page = masked(client.get(page_of(colin)))
    Grant.objects.filter(user=colin).delete()
    assert masked(client.get(page_of(colin))) == page
    Grant.objects.create(initiative=named, user=colin)
    response = client.post(page_of(colin), step(colin, act="deactivate"), follow=True)
    assertNotContains(response, "Bread talks")
    assert ("Colin", YESTERDAY) in last_days(named)


def test_whoever_works_elsewhere_already_stays_named_and_so_does_one_named_elsewhere(
    named, colin, alice, harbour, olga
):
    MembershipFactory(user=colin, organisation=harbour)
    members.deactivate(colin.memberships.get(organisation=named.owner), by=None)
    other = make_initiative(by=olga, sharing="restricted")
    Grant.objects.create(initiative=other, user=alice)
    members.deactivate(alice.memberships.get(), by=None)
    assert last_days(named) == [("Colin", None), ("Alice", YESTERDAY)]
    assert last_days(other) == [("Alice", None)]


def test_a_name_that_had_ended_and_a_change_of_role_change_no_record(named, colin, alice):
    Grant.objects.update(until_on=YESTERDAY - timedelta(days=9))
    members.deactivate(colin.memberships.get(), by=None)
    members.change_role(alice.memberships.get(), by=None, role="manager")
    assert {until for _, until in last_days(named)} == {YESTERDAY - timedelta(days=9)}
    assert Initiative.objects.get().version == 1


def test_a_record_whose_last_reader_left_so_needs_a_keeper(named, colin, alice, maria, second_manager, bridge):
    for person in (maria, alice):
        members.deactivate(person.memberships.get(), by=None)
    assert number_waiting(bridge) == 0
    members.deactivate(colin.memberships.get(), by=None)
    assert number_waiting(bridge) == 1


# ---------------------------------------------------------------- settings


def test_review_before_publishing_is_switched_with_its_history(as_maria, bridge):
    as_maria.post(SETTINGS, {"reviews": "on", "version": 1})
    bridge.refresh_from_db()
    assert (bridge.reviews, bridge.version) == (True, 2)
    assertContains(as_maria.get("/organisations/bridge/history/"), "Review before publishing switched on")
    as_maria.post(SETTINGS, {"version": 2, "confirmed": "", "merged_into": bridge.pk, "name": "Other"})
    bridge.refresh_from_db()
    assert (bridge.reviews, bridge.confirmed, bridge.merged_into, bridge.name) == (False, True, None, "Bridge")


def test_a_stale_setting_is_refused(as_maria, bridge):
    as_maria.post(SETTINGS, {"reviews": "on", "version": 1})
    assert as_maria.post(SETTINGS, {"version": 1}).status_code == 409
    bridge.refresh_from_db()
    assert bridge.reviews


# ---------------------------------------------------------------- at once


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_deactivate_each_other_at_once_leave_one(bridge, maria, second_manager, monkeypatch):
    refuse = members._refuse_last_manager

    def refuse_slowly(record):
        refuse(record)
        time.sleep(0.5)  # long enough for the other to look too

    monkeypatch.setattr(members, "_refuse_last_manager", refuse_slowly)
    calls = [partial(members.deactivate, one, by=None) for one in bridge.memberships.all()]
    _, refusals = at_once(*calls, refusal=ValidationError)
    assert len(refusals) == 1
    assert bridge.memberships.active().managing().count() == 1

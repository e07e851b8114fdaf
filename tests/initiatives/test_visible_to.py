"""Who may open what, by sharing level and by state. Expectations are written by hand from the design."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from initiatives.actions.sharing import change_sharing
from initiatives.dates import today
from initiatives.models import (
    Grant,
    Initiative,
    LogEntry,
    Organisation,
    OrganisationGrant,
    Publication,
    Sharing,
    Tally,
)
from initiatives.views.editing import _to_record
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, make_initiative

PEOPLE = ("anonymous", "alice", "colin", "maria", "olga", "otto", "curator", "administrator", "deactivated")
LEFT = [(state, sharing) for state in Publication.values for sharing in Sharing.values]


@pytest.fixture
def people(alice, colin, maria, olga, otto, curator, administrator, bridge):
    deactivated = UserFactory(name="Dina")
    deactivated.memberships.create(organisation=bridge, role="manager", active=False)
    return dict(
        zip(
            PEOPLE,
            (AnonymousUser(), alice, colin, maria, olga, otto, curator, administrator, deactivated),
            strict=True,
        )
    )


@pytest.mark.parametrize(
    ("state", "sharing", "readers"),
    [
        ("published", "public", set(PEOPLE)),
        ("published", "network", set(PEOPLE) - {"anonymous", "deactivated"}),
        ("published", "organisation", {"alice", "colin", "maria"}),
        ("published", "restricted", {"alice"}),
        ("draft", "public", {"alice"}),
        ("draft", "organisation", {"alice"}),
        ("draft", "restricted", {"alice"}),
        ("in_review", "public", {"alice", "maria"}),
        ("in_review", "restricted", {"alice"}),
        ("withdrawn", "public", {"alice", "maria"}),
        ("withdrawn", "restricted", {"alice"}),
    ],
)
def test_who_may_open_a_record_of_alice(people, alice, state, sharing, readers):
    make_initiative(by=alice, sharing=sharing, publication=state)
    found = {name for name, user in people.items() if Initiative.objects.visible_to(user).exists()}
    assert found == readers


@pytest.mark.parametrize("sharing", ["organisation", "restricted"])
def test_a_named_person_reads_until_the_day_given(alice, olga, sharing):
    initiative = make_initiative(by=alice, sharing=sharing)
    grant = Grant.objects.create(initiative=initiative, user=olga, until_on=today())
    assert initiative in Initiative.objects.visible_to(olga)
    grant.until_on = today() - timedelta(days=1)
    grant.save()
    assert initiative not in Initiative.objects.visible_to(olga)


@pytest.mark.parametrize(
    ("fields", "readers"),
    [
        ({"sharing": "organisation"}, {"alice", "colin", "maria", "olga", "otto"}),
        ({"sharing": "restricted"}, {"alice"}),
        ({"sharing": "organisation", "publication": "draft"}, {"alice"}),
        ({"sharing": "organisation", "publication": "withdrawn"}, {"alice", "maria"}),
    ],
)
def test_a_record_is_opened_to_a_partner_organisation_as_a_whole(people, alice, harbour, fields, readers):
    initiative = make_initiative(by=alice, **fields)
    OrganisationGrant.objects.create(initiative=initiative, organisation=harbour)
    assert {name for name, user in people.items() if initiative in Initiative.objects.visible_to(user)} == readers


def test_a_record_is_open_to_a_partner_organisation_until_the_day_given(alice, olga, harbour):
    initiative = make_initiative(by=alice, sharing="organisation")
    opened = OrganisationGrant.objects.create(initiative=initiative, organisation=harbour, until_on=today())
    assert initiative in Initiative.objects.visible_to(olga)
    opened.until_on = today() - timedelta(days=1)
    opened.save()
    assert initiative not in Initiative.objects.visible_to(olga)


def test_whoever_is_no_longer_a_member_anywhere_loses_own_and_named_records(alice, olga):
    own = make_initiative(by=alice, sharing="restricted")
    Grant.objects.create(initiative=own, user=olga)
    alice.memberships.update(active=False)
    olga.memberships.update(active=False)
    assert not Initiative.objects.visible_to(alice).exists()
    assert not Initiative.objects.visible_to(olga).exists()


@pytest.mark.parametrize(("state", "sharing"), LEFT)
def test_an_author_who_left_and_works_elsewhere_is_a_stranger_to_it_until_taken_in_again(
    alice, olga, bridge, harbour, valley, state, sharing
):
    make_initiative(by=alice, publication=state, sharing=sharing, conflicts=[valley])
    alice.memberships.update(active=False)
    MembershipFactory(user=alice, organisation=harbour)

    def opened(user):
        return Initiative.objects.visible_to(user).exists(), Tally.objects.visible_to(user).exists()

    assert opened(alice) == opened(olga)
    alice.memberships.filter(organisation=bridge).update(active=True)
    assert opened(alice) == (True, state == "published")


def test_authors_of_an_entry_and_of_its_initiative_who_left_and_work_elsewhere_read_no_more_of_it(
    alice, colin, olga, harbour
):
    initiative = make_initiative(by=alice, sharing="public")
    said = {"initiative": initiative, "author": colin, "happened_on": today(), "kind": "meeting", "text": "Met."}
    for sharing in ("network", "organisation", "restricted"):
        LogEntry.objects.create(sharing=sharing, **said)
    for author in (alice, colin):
        author.memberships.update(active=False)
        MembershipFactory(user=author, organisation=harbour)
        assert LogEntry.objects.visible_to(author).get().sharing == "network"
    Grant.objects.create(initiative=initiative, user=colin)
    assert LogEntry.objects.visible_to(colin).count() == 3


def test_a_record_goes_with_its_author_to_another_organisation_of_theirs(alice, bridge, harbour):
    initiative = make_initiative(by=alice, sharing="restricted")
    MembershipFactory(user=alice, organisation=harbour)
    change_sharing(initiative, {"owner": harbour}, by=alice, reason="We go on there.", agreed=True)
    alice.memberships.filter(organisation=bridge).update(active=False)
    assert Initiative.objects.visible_to(alice).get() == initiative


@pytest.mark.parametrize(
    ("sharing", "readers"),
    [
        ("network", set(PEOPLE) - {"anonymous", "deactivated"}),
        ("organisation", {"alice", "colin", "maria"}),
        ("restricted", {"alice", "colin"}),
    ],
)
def test_a_log_entry_has_a_sharing_of_its_own(people, alice, colin, sharing, readers):
    initiative = make_initiative(by=alice, sharing="public")
    LogEntry.objects.create(
        initiative=initiative, author=colin, happened_on=today(), kind="meeting", text="Met.", sharing=sharing
    )
    found = {name for name, user in people.items() if LogEntry.objects.visible_to(user).exists()}
    assert found == readers


def test_a_log_entry_never_outlives_the_sight_of_its_initiative(people, alice):
    initiative = make_initiative(by=alice, sharing="restricted")
    LogEntry.objects.create(
        initiative=initiative, author=alice, happened_on=today(), kind="meeting", text="Met.", sharing="network"
    )
    found = {name for name, user in people.items() if LogEntry.objects.visible_to(user).exists()}
    assert found == {"alice"}


def test_an_unconfirmed_organisation_shows_only_with_an_initiative_that_one_may_open(people, alice, bridge):
    typed = Organisation.objects.create(code="new-1", name="New one", made_by=alice)
    make_initiative(by=alice, sharing="restricted", organisations=[("partner", typed)])
    found = {name for name, user in people.items() if typed in Organisation.objects.visible_to(user)}
    assert found == {"alice"}
    make_initiative(by=alice, sharing="organisation", organisations=[("partner", typed)])
    found = {name for name, user in people.items() if typed in Organisation.objects.visible_to(user)}
    assert found == {"alice", "colin", "maria"}


def test_curators_come_to_know_of_an_organisation_that_was_added_openly(people, maria, bridge):
    added = Organisation.objects.create(code="new-2", name="New two", made_by=maria, made_in=bridge)
    found = {name for name, user in people.items() if added in Organisation.objects.visible_to(user)}
    assert found == {"alice", "colin", "maria", "curator", "administrator"}


def test_an_organisation_merged_into_another_shows_to_nobody(people, harbour):
    Organisation.objects.create(code="harbor", name="Harbor", confirmed=True, merged_into=harbour)
    assert not any(Organisation.objects.visible_to(user).filter(code="harbor") for user in people.values())


def test_an_organisation_named_in_a_closed_record_alone_is_not_known(alice, olga):
    hidden = OrganisationFactory(name="Hidden friends", confirmed=False)
    make_initiative(by=alice, sharing="organisation", organisations=[("lead", hidden)])
    assert hidden in Organisation.objects.known_to(alice)
    assert hidden not in Organisation.objects.known_to(olga)


def test_after_saving_what_one_may_not_open_one_lands_on_the_list(alice, olga):
    hidden = make_initiative(by=alice, sharing="restricted")
    assert _to_record(alice, hidden).url == hidden.get_absolute_url()
    assert _to_record(olga, hidden).url == "/initiatives/"

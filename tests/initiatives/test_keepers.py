"""Restricted records whose last reader has left: how many is told to managers, which one to nobody."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions.keepers import agree_to_keeper, decline_keeper, propose_keeper
from initiatives.actions.members import change_role, deactivate, join, reactivate
from initiatives.keepers import others_who_could_agree, records_waiting
from initiatives.models import Grant, Initiative, KeeperNaming
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, make_initiative
from tests.proving import sign_in_and_prove
from tests.test_two_worlds import MASKS

LIST = "/organisations/bridge/keepers/"
SECRET = ("Bread talks", "2019", "Wajir")


@pytest.fixture
def milo(bridge):
    """Maria's fellow manager."""
    return MembershipFactory(organisation=bridge, role="manager", user__name="Milo").user


@pytest.fixture
def lost(alice, bridge):
    """Alice's restricted record; she has left."""
    initiative = make_initiative(SECRET[0], by=alice, sharing="restricted", start=SECRET[1])
    initiative.locations.create(country="KE", place=SECRET[2])
    alice.memberships.update(active=False)
    return initiative


def waiting(bridge):
    return [one.initiative for one in records_waiting(bridge)]


def browser(user):
    client = Client()
    sign_in_and_prove(client, user)
    return client


def record_address(bridge):
    (one,) = records_waiting(bridge)
    return f"{LIST}{one.token}/"


def member_of(bridge, user):
    return bridge.memberships.get(user=user).ref


# ---------------------------------------------------------------- which records wait


@pytest.mark.parametrize("state", ["published", "in_review", "withdrawn"])
def test_a_record_waits_once_its_last_reader_has_left(lost, bridge, state):
    Initiative.objects.update(publication=state)
    assert waiting(bridge) == [lost]


def test_a_record_whose_author_erased_their_account_waits(lost, bridge, alice):
    alice.memberships.all().delete()
    alice.delete()
    assert waiting(bridge) == [lost]


def test_a_draft_does_not_wait(lost, bridge):
    Initiative.objects.update(publication="draft")
    assert waiting(bridge) == []


@pytest.mark.parametrize("sharing", ["public", "network", "organisation"])
def test_a_record_that_others_read_does_not_wait(lost, bridge, sharing):
    Initiative.objects.update(sharing=sharing)
    assert waiting(bridge) == []


def test_an_author_at_work_elsewhere_reads_it_no_more_than_one_who_works_nowhere(lost, bridge, alice, harbour):
    MembershipFactory(user=alice, organisation=harbour)
    assert waiting(bridge) == [lost]
    join(bridge, user=alice, role="practitioner", by=None)
    assert waiting(bridge) == []


@pytest.mark.parametrize(
    ("until", "works", "waits"),
    [(None, True, False), (date(2020, 1, 1), True, True), (None, False, True)],
)
def test_a_person_named_counts_while_they_can_open_it(lost, bridge, olga, until, works, waits):
    Grant.objects.create(initiative=lost, user=olga, until_on=until)
    olga.memberships.update(active=works)
    assert waiting(bridge) == ([lost] if waits else [])


def test_a_closed_account_reads_nothing(lost, bridge, olga):
    Grant.objects.create(initiative=lost, user=olga)
    olga.is_active = False
    olga.save()
    assert waiting(bridge) == [lost]


# ---------------------------------------------------------------- what managers are told


def test_managers_learn_how_many_and_not_which(lost, bridge, maria, milo):
    client = browser(maria)
    for page in ("/", "/organisations/bridge/", LIST, record_address(bridge)):
        response = client.get(page)
        assertContains(response, "keeper")
        for secret in (*SECRET, str(lost.ref), "Alice"):
            assertNotContains(response, secret)
    assertContains(client.get("/organisations/bridge/"), "1 record needs a keeper")
    assert client.get(lost.get_absolute_url()).status_code == 404


def test_nobody_else_learns_that_one_waits(lost, bridge, colin, otto, curator, administrator):
    for person in (colin, otto, curator, administrator):
        client = browser(person)
        for page in ("/", "/organisations/bridge/"):
            assertNotContains(client.get(page), "a keeper")
        assert client.get(LIST).status_code == 403


def test_two_lost_records_look_alike_but_for_their_made_up_names(lost, bridge, maria):
    """Whatever a record holds, and however old it is: the pages differ in nothing but the token."""

    def pages():
        (one,) = records_waiting(bridge)
        client = browser(maria)
        texts = [client.get(page).content.decode() for page in (LIST, f"{LIST}{one.token}/", "/organisations/bridge/")]
        return [_masked(text).replace(one.token, "token").replace(one.name, "name") for text in texts]

    before = pages()
    author = lost.author
    lost.delete()
    other = make_initiative(
        "Another matter", owner=bridge, author=author, sharing="restricted", publication="withdrawn"
    )
    other.locations.create(country="CO", place="Cali")
    assert pages() == before


def _masked(text):
    for mask in MASKS:
        text = mask.sub("masked", text)
    return text


def test_an_unknown_name_and_one_that_waits_no_more_answer_alike(lost, bridge, maria, olga):
    address = record_address(bridge)
    Grant.objects.create(initiative=lost, user=olga)
    client = browser(maria)
    for asked in (address, f"{LIST}0123456789abcdef/"):
        assertRedirects(client.get(asked), LIST, fetch_redirect_response=False)
        assertContains(client.get(LIST), "somebody can open it again")


def test_the_pages_ask_the_same_number_of_questions_however_many_wait(lost, bridge, maria, alice):
    client = browser(maria)
    for page in ("/", LIST):
        client.get(page)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            for page in ("/", LIST):
                client.get(page)
        counts.append(len(queries))
        for _ in range(5):
            other = make_initiative(owner=bridge, author=alice, sharing="restricted")
            KeeperNaming.objects.create(
                organisation=bridge, initiative=other, keeper=maria, reason="Why", proposed_by=UserFactory()
            )
    assert counts[0] == counts[1]


# ---------------------------------------------------------------- two of them name one


def test_one_manager_proposes_and_another_agrees(lost, bridge, maria, milo, colin):
    address = record_address(bridge)
    said = {"keeper": member_of(bridge, colin), "reason": "He knows the bakers."}
    assertRedirects(browser(maria).post(address, said), LIST)
    assert not Initiative.objects.visible_to(colin).exists()
    assertContains(browser(milo).get(address), "He knows the bakers.")
    assertRedirects(browser(milo).post(address, {"answer": "agree"}), LIST)
    assert Initiative.objects.visible_to(colin).get() == lost
    assert lost.grants.get().access == "write"
    history = browser(colin).get(reverse("initiatives:history", args=[lost.ref]))
    assertContains(history, "Keeper named by Maria and Milo:\nHe knows the bakers.")
    number = Initiative.objects.get(pk=lost.pk).version
    assertContains(browser(colin).get(reverse("initiatives:version", args=[lost.ref, number])), "by Maria and Milo")
    assert waiting(bridge) == []
    assert not Initiative.objects.visible_to(maria).exists()


def test_to_agree_one_proves_who_one_is(lost, bridge, maria, milo, colin):
    propose_keeper(lost, keeper=colin, reason="Why", by=maria)
    milo.set_password("correct-horse-battery")
    milo.save()
    client = Client()
    client.force_login(milo)
    address = record_address(bridge)
    response = client.post(address, {"answer": "agree"})
    assert response.url.startswith("/accounts/reauthenticate/")
    assert not lost.grants.exists()
    client.post(response.url, {"password": "correct-horse-battery"}, follow=True)
    assert lost.grants.get().user == colin


def test_who_proposed_or_is_to_keep_it_does_not_agree(lost, bridge, maria, milo):
    third = MembershipFactory(organisation=bridge, role="manager").user
    naming = propose_keeper(lost, keeper=milo, reason="Why", by=maria)
    for person in (maria, milo):
        response = browser(person).post(record_address(bridge), {"answer": "agree"}, follow=True)
        assertContains(response, "Another manager has to agree")
        assertNotContains(browser(person).get(record_address(bridge)), 'value="agree"')
    assert not lost.grants.exists()
    agree_to_keeper(naming, by=third)
    assert lost.grants.get().user == milo


def test_the_database_takes_no_agreement_of_the_one_who_proposed(lost, maria, colin):
    naming = propose_keeper_with_another(lost, maria, colin)
    naming.agreed_by = maria
    with pytest.raises(IntegrityError), transaction.atomic():
        naming.save()


def propose_keeper_with_another(lost, maria, colin):
    MembershipFactory(organisation=lost.owner, role="manager")
    return propose_keeper(lost, keeper=colin, reason="Why", by=maria)


def test_two_proposals_at_once_are_one(lost, bridge, maria, milo, colin):
    propose_keeper(lost, keeper=colin, reason="Why", by=maria)
    with pytest.raises(ValidationError, match="proposed already"):
        propose_keeper(lost, keeper=maria, reason="Me", by=milo)
    assert KeeperNaming.objects.get().keeper == colin


def test_nobody_makes_themself_a_second_manager(lost, bridge, maria, colin):
    second_self = UserFactory(name="Second self")
    joined = join(bridge, user=second_self, role="manager", by=maria)
    assertContains(browser(maria).get(LIST), "Bridge has no other who has been one for 14 days")
    said = {"keeper": member_of(bridge, colin), "reason": "Why"}
    assertContains(browser(maria).post(record_address(bridge), said), "has managed this organisation for 14 days")
    assertContains(browser(second_self).post(record_address(bridge), said), "You are one of them from")
    assert not KeeperNaming.objects.exists()
    MembershipFactory(organisation=bridge, role="manager")  # of old
    naming = propose_keeper(lost, keeper=colin, reason="Why", by=maria)
    with pytest.raises(ValidationError, match="You are one of them from"):
        agree_to_keeper(naming, by=second_self)
    begun = Version.objects.get_for_object(joined).get().revision
    begun.date_created -= timedelta(days=14)
    begun.save()
    agree_to_keeper(naming, by=second_self)
    assert lost.grants.get().user == colin


def test_who_manages_no_longer_by_then_is_told_so(lost, maria, milo, colin):
    naming = propose_keeper(lost, keeper=colin, reason="Why", by=maria)
    milo.memberships.update(role="practitioner")
    with pytest.raises(ValidationError, match="You manage Bridge no longer"):
        agree_to_keeper(naming, by=milo)
    assert not lost.grants.exists()


@pytest.mark.parametrize("break_", ["as a practitioner", "deactivated"])
def test_whose_managing_was_broken_off_begins_anew(lost, bridge, maria, colin, break_):
    milo = MembershipFactory(organisation=bridge, role="manager", user__name="Milo")
    assert others_who_could_agree(bridge, proposer=maria, keeper=colin) == [milo.user]
    if break_ == "deactivated":
        reactivate(deactivate(milo, by=maria), by=maria)
    else:
        change_role(change_role(milo, by=maria, role="practitioner"), by=maria, role="manager")
    with pytest.raises(ValidationError, match="No other manager could agree"):
        propose_keeper(lost, keeper=colin, reason="Why", by=maria)


@pytest.mark.parametrize("keeper", ["colin", "maria"])
def test_one_manager_alone_names_nobody(lost, bridge, maria, colin, request, keeper):
    assertContains(browser(maria).get(LIST), "Bridge has no other who has been one for 14 days")
    said = {"keeper": member_of(bridge, request.getfixturevalue(keeper)), "reason": "Why"}
    assertContains(browser(maria).post(record_address(bridge), said), "No other manager could agree")
    assert not KeeperNaming.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": "Why"}, "keeper"),
        ({"keeper": "nobody", "reason": "Why"}, "keeper"),
        ({"keeper": "nul \0", "reason": "Why"}, "keeper"),
        ({"keeper": "otto", "reason": "Why"}, "keeper"),
        ({"keeper": "colin", "reason": " "}, "reason"),
        ({"keeper": "colin", "reason": "x" * 2001}, "reason"),
    ],
)
def test_a_proposal_names_a_member_and_a_reason(lost, bridge, maria, milo, colin, otto, said, field):
    refs = {"colin": member_of(bridge, colin), "otto": otto.memberships.get().ref}
    said = said | {"keeper": refs.get(said.get("keeper"), said.get("keeper", ""))}
    response = browser(maria).post(record_address(bridge), said)
    assert set(response.context["form"].errors) == {field}
    assert not KeeperNaming.objects.exists()


def test_a_proposal_can_be_taken_back_or_declined(lost, bridge, maria, milo, colin):
    for person in (maria, milo):
        propose_keeper(lost, keeper=colin, reason="Why", by=maria)
        assertRedirects(browser(person).post(record_address(bridge), {"answer": "decline"}), LIST)
        assert not KeeperNaming.objects.exists()
    assert waiting(bridge) == [lost]


def test_what_holds_no_more_is_refused_calmly(lost, bridge, maria, milo, colin, olga):
    naming = propose_keeper(lost, keeper=colin, reason="Why", by=maria)
    refusals = []

    def refused():
        with pytest.raises(ValidationError) as refusal:
            agree_to_keeper(naming, by=milo)
        refusals.append(" ".join(refusal.value.messages))
        assert not lost.grants.filter(user=colin).exists()

    colin.memberships.update(active=False)
    refused()
    colin.memberships.update(active=True)
    maria.memberships.update(role="practitioner")
    refused()
    maria.memberships.update(role="manager")
    grant = Grant.objects.create(initiative=lost, user=olga)
    refused()
    grant.delete()
    decline_keeper(naming)
    refused()
    parts = ("no active member", "manages this organisation no longer", "has a reader again", "in the meantime")
    assert all(part in refusal for part, refusal in zip(parts, refusals, strict=True))


def test_a_lapsed_name_becomes_the_keeper(lost, maria, milo, colin):
    Grant.objects.create(initiative=lost, user=colin, until_on=date(2020, 1, 1))
    agree_to_keeper(propose_keeper(lost, keeper=colin, reason="Why", by=maria), by=milo)
    grant = lost.grants.get()
    assert (grant.access, grant.until_on) == ("write", None)


def test_an_organisation_that_one_may_not_know_of_has_no_such_page(maria, harbour):
    OrganisationFactory(name="Hidden friends", code="hidden", confirmed=False, made_in=harbour)
    browser = Client()
    browser.force_login(maria)
    assert browser.get("/organisations/hidden/keepers/").status_code == 404

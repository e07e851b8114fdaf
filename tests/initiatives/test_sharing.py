"""The page on who reads a record, and its action."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions.sharing import change_sharing
from initiatives.dates import today
from initiatives.forms.sharing import SharingForm
from initiatives.models import Grant, Initiative, LogEntry, OrganisationGrant
from initiatives.permissions import may_share
from tests.everybody import left_for
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, make_initiative
from tests.initiatives.form_pages import as_sent, errors
from tests.proving import sign_in_and_prove

WHY = {"reason": "They carry it on with us.", "agreed": "on"}


@pytest.fixture
def initiative(alice):
    return make_initiative("Market talks", by=alice, sharing="organisation")


@pytest.fixture
def browser(client, alice):
    sign_in_and_prove(client, alice)
    return client


def address(initiative):
    return reverse("initiatives:sharing", args=[initiative.ref])


def send(client, initiative, **changes):
    """What a browser sends of the page's first step, with changes."""
    page = client.get(address(initiative))
    return client.post(address(initiative), _without_answers(as_sent(page)) | changes)


def _without_answers(said):
    return {name: value for name, value in said.items() if name not in ("reason", "agreed")}


def stored(initiative):
    fresh = Initiative.objects.get(pk=initiative.pk)
    named = [(grant.user.name, grant.access, grant.until_on) for grant in fresh.grants.all()]
    partners = [(str(one.organisation), one.until_on) for one in fresh.organisation_grants.all()]
    return fresh.sharing, named, partners


# ---------------------------------------------------------------- two steps


def test_narrowing_is_done_at_once(browser, initiative):
    response = send(browser, initiative, sharing="restricted")
    assertRedirects(response, initiative.get_absolute_url())
    assert stored(initiative) == ("restricted", [], [])
    assert Version.objects.get_for_object(initiative)[0].revision.comment == "Who may read it was changed"


def test_widening_first_tells_who_is_added_and_asks_why(browser, initiative, olga, curator):
    response = send(browser, initiative, sharing="network")
    assert response.status_code == 200
    assertContains(response, "All 2 members of 2 organisations here, and 1 curator or administrator")
    assertContains(response, "Nothing is saved yet")
    assertContains(response, 'name="reason"')
    assert errors(response) == {}
    assert stored(initiative)[0] == "organisation"
    response = browser.post(address(initiative), as_sent(response) | WHY)
    assertRedirects(response, initiative.get_absolute_url())
    assert stored(initiative)[0] == "network"
    comment = Version.objects.get_for_object(initiative)[0].revision.comment
    assert comment == "Opened to more readers; those concerned have agreed:\nThey carry it on with us."


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"reason": " ", "agreed": "on"}, "reason"),
        ({"reason": "We grow."}, "agreed"),
        ({"reason": "x" * 2001, "agreed": "on"}, "reason"),
        ({"reason": "nul \0", "agreed": "on"}, "reason"),
    ],
)
def test_half_an_answer_is_none(browser, initiative, answers, fault):
    response = send(browser, initiative, sharing="public", **answers)
    assert set(errors(response)) == {fault}
    assertContains(response, f'href="#field-{fault}"')
    assert response.context["form"]["sharing"].value() == "public"
    assert stored(initiative)[0] == "organisation"


def test_whoever_opens_it_proves_who_they_are_and_loses_nothing(client, alice, initiative, olga):
    alice.set_password("correct-horse-battery")
    alice.save()
    client.force_login(alice)
    response = send(client, initiative, grant_people=[olga.email], grant_access=["write"], **WHY)
    assert response.url.startswith("/accounts/reauthenticate/?next=")
    assert stored(initiative)[1] == []
    response = client.post(response.url, {"password": "correct-horse-battery"}, follow=True)
    assertRedirects(response, initiative.get_absolute_url())
    assert stored(initiative)[1] == [("Olga", "write", None)]


def test_narrowing_asks_for_no_proof(client, alice, initiative):
    client.force_login(alice)
    assertRedirects(send(client, initiative, sharing="restricted"), initiative.get_absolute_url())


def test_a_first_draft_is_opened_without_a_reason(browser, alice, olga):
    draft = make_initiative(by=alice, publication="draft")
    send(browser, draft, sharing="network", grant_people=[olga.email], grant_access=["read"])
    assert stored(draft) == ("network", [("Olga", "read", None)], [])


def test_what_is_not_sent_stays(browser, initiative, olga, harbour):
    Grant.objects.create(initiative=initiative, user=olga)
    OrganisationGrant.objects.create(initiative=initiative, organisation=harbour)
    browser.post(address(initiative), {"version": "1"})
    assert stored(initiative) == ("organisation", [("Olga", "read", None)], [("Harbour", None)])
    browser.post(address(initiative), {"version": "2", "partners": "", "sharing": ""})
    assert stored(initiative) == ("organisation", [("Olga", "read", None)], [])


def test_whoever_was_overtaken_is_told_so_before_being_asked_why(browser, initiative, alice):
    sent = _without_answers(as_sent(browser.get(address(initiative)))) | {"sharing": "public"}
    change_sharing(initiative, {"shown_dates": "year"}, by=alice)
    response = browser.post(address(initiative), sent)
    assert response.status_code == 409
    assert response.context["merge"]
    assert stored(initiative)[0] == "organisation"


def test_a_stale_page_is_refused_and_shows_both(browser, initiative, alice):
    page = browser.get(address(initiative))
    change_sharing(initiative, {"sharing": "restricted"}, by=alice)
    said = _without_answers(as_sent(page)) | {"sharing": "network"} | WHY
    response = browser.post(address(initiative), said)
    assert response.status_code == 409
    collided = [(one.label, one.theirs, one.yours) for one in response.context["merge"].collisions]
    assert collided == [("Who may read it", "Restricted", "Network")]
    assertContains(response, "They carry it on with us.", status_code=409)
    assert stored(initiative)[0] == "restricted"
    assert browser.post(address(initiative), as_sent(response)).status_code == 302
    assert stored(initiative)[0] == "network"


def test_a_manager_who_shares_a_record_away_from_themselves_lands_on_the_list(client, maria, initiative):
    client.force_login(maria)
    assertRedirects(send(client, initiative, sharing="restricted"), reverse("initiatives:list"))


def test_nobody_is_left_outside_a_restricted_record(client, maria, alice, initiative):
    alice.memberships.update(active=False)
    client.force_login(maria)
    response = send(client, initiative, sharing="restricted")
    assert "Nobody could open it then" in errors(response)["grants"][0]
    assert stored(initiative)[0] == "organisation"


def test_another_owner_is_a_wider_circle(browser, alice, initiative, harbour, olga):
    MembershipFactory(user=alice, organisation=harbour)
    response = send(browser, initiative, owner="harbour")
    assertContains(response, "Members of Harbour: 2 people")
    assertContains(response, "as the organisation that owns it")
    browser.post(address(initiative), as_sent(response) | WHY)
    assert Initiative.objects.get().owner == harbour


def test_an_organisation_that_is_not_ones_own_can_not_be_made_the_owner(browser, initiative, harbour):
    send(browser, initiative, owner="harbour", **WHY)
    assert Initiative.objects.get().owner.code == "bridge"


def test_telling_others_more_precisely_asks_too(browser, initiative):
    Initiative.objects.update(sharing="network", shown_dates="year")
    response = send(browser, initiative, shown_dates="")
    assertContains(response, "Dates, as readers outside Bridge are told them: as recorded")
    browser.post(address(initiative), as_sent(response) | WHY)
    assert Initiative.objects.get().shown_dates == ""
    assertRedirects(send(browser, initiative, shown_places="region"), initiative.get_absolute_url())
    assert Initiative.objects.get().shown_places == "region"


def test_a_record_does_not_come_unreviewed_to_an_organisation_that_reviews(browser, alice, initiative, harbour):
    MembershipFactory(user=alice, organisation=harbour)
    harbour.reviews = True
    harbour.save()
    response = send(browser, initiative, owner="harbour", **WHY)
    assert "reviews before publishing" in errors(response)["owner"][0]
    assert Initiative.objects.get().owner.code == "bridge"


@pytest.fixture
def nora(alice, harbour, initiative):
    """Who may write in Alice's record, and works for both organisations."""
    nora = MembershipFactory(user__name="Nora", organisation=harbour).user
    MembershipFactory(user=nora, organisation=initiative.owner)
    Grant.objects.create(initiative=initiative, user=nora, access="write")
    return nora


@pytest.mark.parametrize(
    "state", [{"sharing": "restricted"}, {"publication": "draft"}, {"publication": "withdrawn"}], ids=str
)
def test_what_its_author_reads_as_such_is_not_handed_over_past_them(client, nora, alice, initiative, harbour, state):
    Initiative.objects.update(**state)
    initiative.refresh_from_db()
    sign_in_and_prove(client, nora)
    response = send(client, initiative, owner="harbour", **WHY)
    assert errors(response) == {
        "owner": ["Alice wrote it and is no member of Harbour: name them on it, else it closes to them."]
    }
    people = {"grant_people": [nora.email, alice.email], "grant_access": ["write", "read"], "grant_until": ["", ""]}
    assertRedirects(send(client, initiative, owner="harbour", **people, **WHY), initiative.get_absolute_url())
    assert Initiative.objects.visible_to(alice).get().owner == harbour


def test_an_author_who_has_left_is_not_waited_for_when_it_is_handed_over(client, nora, alice, initiative, harbour):
    Initiative.objects.update(sharing="restricted")
    alice.memberships.update(active=False)
    sign_in_and_prove(client, nora)
    send(client, initiative, owner="harbour", **WHY)
    assert Initiative.objects.get().owner == harbour


def test_the_form_hands_no_draft_over_past_its_author(client, nora, alice, initiative, harbour):
    Initiative.objects.update(publication="draft")
    sign_in_and_prove(client, nora)
    page = client.get(reverse("initiatives:edit", args=[initiative.ref]))
    response = client.post(page.request["PATH_INFO"], as_sent(page) | {"owner": "harbour", "action": "draft"})
    assert "no member of Harbour" in errors(response)["owner"][0]
    assert Initiative.objects.get().owner.code == "bridge"


# ---------------------------------------------------------------- partner organisations


def test_a_record_is_opened_to_a_partner_as_a_whole(browser, initiative, olga, otto, harbour):
    last = today() + timedelta(days=30)
    response = send(browser, initiative, partners=["Harbour (harbour)"], partner_until=[last.isoformat()])
    assertContains(response, "Members of Harbour: 2 people")
    assertNotContains(response, "Olga")
    browser.post(address(initiative), as_sent(response) | WHY)
    assert stored(initiative)[2] == [("Harbour", last)]
    for person in (olga, otto):
        assert Initiative.objects.visible_to(person).get() == initiative


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"partners": "Nobody"}, "No organisation here is called"),
        ({"partners": "Well committee"}, "is not confirmed yet"),
        ({"partners": "bridge"}, "Bridge owns it"),
        ({"partners": ["harbour", "Harbour"]}, "in an earlier row"),
        ({"partners": "harbour", "partner_until": "soon"}, "2024-07-15"),
        ({"partners": "harbour", "partner_until": "2020-01-01"}, "1 January 2020 is over."),
        ({"partner_until": "2030-01-01"}, "Name the organisation"),
        ({"partners": "nul \0"}, "Null characters"),
        ({"partners": "harbour", "sharing": "restricted"}, "for people named one by one"),
    ],
)
def test_what_can_not_be_a_partner_is_said_beside_the_field(browser, initiative, harbour, bridge, said, message):
    OrganisationFactory(name="Well committee", code="well", confirmed=False, made_in=bridge)
    response = send(browser, initiative, **said)
    assert message in " ".join(errors(response)["partners"])
    assert stored(initiative)[2] == []


def test_an_organisation_that_one_may_not_know_of_is_as_good_as_none(browser, initiative, harbour):
    OrganisationFactory(name="Hidden friends", code="hidden", confirmed=False, made_in=harbour)
    response = send(browser, initiative, partners="Hidden friends")
    assert "No organisation here is called" in errors(response)["partners"][0]


def test_only_organisations_that_one_knows_of_are_suggested(alice, initiative, harbour):
    OrganisationFactory(name="Merged away", code="merged", merged_into=harbour)
    offered = SharingForm(user=alice, initiative=initiative).organisation_options()
    assert "merged" not in str(offered)


def test_the_action_opens_no_restricted_record_to_an_organisation(initiative, alice, harbour):
    wider = {"sharing": "restricted", "partners": [(harbour, None)]}
    with pytest.raises(ValidationError) as refusal:
        change_sharing(initiative, wider, by=alice, reason="Why", agreed=True)
    assert set(refusal.value.message_dict) == {"partners"}


def test_a_partner_reads_no_entry_for_the_organisation(initiative, alice, olga, harbour):
    OrganisationGrant.objects.create(initiative=initiative, organisation=harbour)
    LogEntry.objects.create(initiative=initiative, author=alice, happened_on=today(), kind="meeting", text="Among us")
    client = Client()
    client.force_login(olga)
    assertContains(client.get(initiative.get_absolute_url()), "Market talks")
    assertNotContains(client.get(initiative.get_absolute_url()), "Among us")
    client.force_login(alice)
    assertContains(client.get(initiative.get_absolute_url()), "also where the initiative is open to another")


# ---------------------------------------------------------------- handing it over


@pytest.fixture
def diary(initiative, alice, colin, maria, harbour):
    """Two entries for Bridge, one restricted of Colin's, one for the network; Alice belongs to Harbour as well."""
    MembershipFactory(user=alice, organisation=harbour)
    for person, sharing in (
        (colin, "organisation"),
        (maria, "organisation"),
        (colin, "restricted"),
        (maria, "network"),
    ):
        said = {"happened_on": today(), "kind": "meeting", "text": f"For {sharing}", "sharing": sharing}
        LogEntry.objects.create(initiative=initiative, author=person, **said)


def test_handing_it_over_tells_first_how_many_diary_entries_go_with_it(
    browser, initiative, diary, alice, colin, maria, olga
):
    response = send(browser, initiative, owner="harbour")
    assertContains(response, "2 diary entries written for <bdi>Bridge</bdi> alone would go with it:")
    assertContains(response, "the members of <bdi>Harbour</bdi> who may open the record would read them")
    initiative.refresh_from_db()
    assert initiative.owner.code == "bridge"
    assert browser.post(address(initiative), as_sent(response) | WHY).status_code == 302
    entries = LogEntry.objects.filter(sharing__in=["organisation", "restricted"])
    read = {person.name: entries.visible_to(person).count() for person in (olga, colin, maria)}
    assert read == {"Olga": 2, "Colin": 0, "Maria": 0}


def test_one_entry_is_told_as_one_and_none_not_at_all(browser, initiative, diary):
    LogEntry.objects.filter(author__name="Maria").delete()
    assertContains(send(browser, initiative, owner="harbour"), "1 diary entry written for <bdi>Bridge</bdi> alone")
    kept = send(browser, initiative, sharing="network")
    LogEntry.objects.filter(sharing="organisation").delete()
    for response in (kept, send(browser, initiative, owner="harbour")):
        assertContains(response, "More could read it than do now")
        assertNotContains(response, "would go with it")


def test_whoever_says_who_reads_a_record_reads_every_entry_for_its_organisation(initiative, diary, alice, maria):
    for sharing in ("organisation", "network", "public"):
        Initiative.objects.update(sharing=sharing)
        for person in (alice, maria):
            assert may_share(person, initiative)
            assert LogEntry.objects.visible_to(person).filter(sharing="organisation").count() == 2
    Initiative.objects.update(sharing="restricted")
    assert LogEntry.objects.visible_to(alice).filter(sharing="organisation").count() == 2


# ---------------------------------------------------------------- who is told


def test_partners_are_told_to_those_who_say_who_reads_it(initiative, alice, maria, colin, olga, otto, harbour):
    other = OrganisationFactory(name="Third party")
    for partner in (harbour, other):
        OrganisationGrant.objects.create(initiative=initiative, organisation=partner)
    OrganisationGrant.objects.create(
        initiative=initiative, organisation=OrganisationFactory(name="Long gone"), until_on=date(2020, 1, 1)
    )
    for person, told in ((alice, True), (maria, True), (colin, False), (olga, False), (otto, False)):
        client = Client()
        client.force_login(person)
        for page in (initiative.get_absolute_url(), reverse("initiatives:list")):
            response = client.get(page)
            assertContains(response, "Market talks")
            assertNotContains(response, "Long gone")
            check = assertContains if told else assertNotContains
            check(response, "Third party")
    Initiative.objects.update(sharing="public")
    assertNotContains(Client().get(initiative.get_absolute_url()), "Third party")


def test_a_reader_from_outside_reads_that_it_was_opened_to_them_as_well(initiative, alice, colin, olga, otto, harbour):
    words = "It was opened to you as well: to your organisation, or by your name."
    Grant.objects.create(initiative=initiative, user=olga)
    OrganisationGrant.objects.create(initiative=initiative, organisation=MembershipFactory(user=otto).organisation)
    for person, told in ((olga, True), (otto, True), (alice, False), (colin, False)):
        client = Client()
        client.force_login(person)
        (assertContains if told else assertNotContains)(client.get(initiative.get_absolute_url()), words)


def test_the_page_names_who_reads_at_each_level(browser, initiative, colin, olga):
    otto = UserFactory(name="Once Here")
    Grant.objects.create(initiative=initiative, user=olga)
    Grant.objects.create(initiative=initiative, user=otto)
    response = browser.get(address(initiative))
    for told in (
        "Members of Bridge: 2 people",
        "All 3 members of 2 organisations here",
        "Its author and the people named on it: 2 people",
        "Alice (its author)",
        "Once Here (cannot open it at present)",
    ):
        assertContains(response, told)


def test_an_author_who_left_and_works_elsewhere_is_told_as_one_who_can_not_open_it(client, alice, maria, harbour):
    initiative = make_initiative(by=alice, sharing="restricted")
    grant = Grant.objects.create(initiative=initiative, user=maria, access="write")
    left_for(harbour, alice)
    sign_in_and_prove(client, maria)
    response = client.get(address(initiative))
    assertContains(response, "Alice (its author, cannot open it at present)")
    assertContains(response, "Its author and the people named on it: 1 person")
    Grant.objects.create(initiative=initiative, user=alice)
    assertContains(client.get(address(initiative)), "Its author and the people named on it: 2 people")
    Grant.objects.filter(user=alice).update(until_on=date(2020, 1, 1))
    response = send(client, initiative, grant_people=[alice.email], grant_access=["read"], grant_until=["2020-01-01"])
    assert "Nobody could open it then" in errors(response)["grants"][0]
    assert grant in Grant.objects.all()


def test_nobody_is_named_anew_until_a_day_that_is_over(browser, initiative, olga, otto):
    Grant.objects.create(initiative=initiative, user=otto, until_on=date(2020, 1, 1))
    named = {"grant_people": [otto.email, olga.email], "grant_access": ["read"] * 2}
    response = send(browser, initiative, **named, grant_until=["2020-01-01", "2020-01-01"])
    assert errors(response)["grants"] == [
        "Row 2: 1 January 2020 is over. Give a last day from today on, leave it empty, or take the row out."
    ]
    assertContains(response, 'value="2020-01-01"', count=2)
    today_is_fine = {"grant_until": ["2020-01-01", today().isoformat()]}
    assertRedirects(send(browser, initiative, **named, **today_is_fine, **WHY), initiative.get_absolute_url())


def test_the_page_asks_the_same_number_of_questions_however_many_read(browser, alice, bridge):
    small, large = (make_initiative(by=alice, sharing="organisation") for _ in range(2))
    for one in (small, *[large] * 15):
        Grant.objects.create(initiative=one, user=MembershipFactory(organisation=bridge).user)
        OrganisationGrant.objects.create(initiative=one, organisation=MembershipFactory().organisation)
    pages = [
        lambda one: browser.get(address(one)),
        lambda one: browser.get(reverse("initiatives:edit", args=[one.ref])),
        lambda one: browser.get(one.get_absolute_url()),
    ]
    for page in pages:
        page(small)
        counts = []
        for one in (small, large):
            with CaptureQueriesContext(connection) as queries:
                page(one)
            counts.append(len(queries))
        assert counts[0] == counts[1]


# ---------------------------------------------------------------- the fragment


def test_the_fragment_tells_the_members_of_ones_own_organisation(client, alice, colin, bridge, harbour, olga):
    MembershipFactory(user=alice, organisation=harbour)
    MembershipFactory.create_batch(12, organisation=bridge)
    client.force_login(alice)
    response = client.get(reverse("initiatives:readers"), {"owner": "bridge"})
    assertContains(response, "Members of Bridge: 14 people")
    assertContains(response, "and 4 more")
    assertContains(response, 'id="readers-organisation"')
    assertContains(client.get(reverse("initiatives:readers"), {"owner": "harbour"}), "Olga")
    assertContains(client.get(reverse("initiatives:new"), follow=True), 'hx-get="/initiatives/readers/"')


@pytest.mark.parametrize("code", ["harbour", "unknown", "nul \0", ""])
def test_the_fragment_knows_no_other_organisation(client, alice, harbour, code):
    client.force_login(alice)
    assert client.get(reverse("initiatives:readers"), {"owner": code}).status_code == 404


# ---------------------------------------------------------------- what others learn of it


def test_who_is_named_or_let_in_does_not_move_the_last_change_which_orders_the_public_list(alice):
    def last_change():
        talks.refresh_from_db()
        return talks.updated_at, talks.updated_by, talks.version

    talks = make_initiative("Base talks", by=alice, sharing="public")
    moment, person, version = last_change()
    because = {"by": UserFactory(), "reason": WHY["reason"], "agreed": True}
    named = change_sharing(talks, {"sharing": "public", "grants": [(UserFactory(), "write", None)]}, **because)
    change_sharing(named, {"partners": [(OrganisationFactory(), None)]}, **because)
    assert last_change() == (moment, person, version + 2)


def test_what_is_shown_of_its_days_does_move_it(alice, olga):
    talks = make_initiative("Base talks", by=alice, sharing="public")
    change_sharing(talks, {"shown_dates": "year", "grants": []}, by=olga)
    assert Initiative.objects.get(pk=talks.pk).updated_by == olga
    assert Initiative.objects.get(pk=talks.pk).updated_at > talks.updated_at

"""An initiative's past, in words: who changed what, with its tags, ratings, links and people."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from reversion.models import Version

from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.actions.lifecycle import suspend
from initiatives.actions.links import add_link, remove_link
from initiatives.actions.log import add_entry
from initiatives.actions.readings import note_opened
from initiatives.actions.sharing import change_sharing
from initiatives.dates import PartialDate, today
from initiatives.models import Grant, Initiative
from initiatives.pages.history import Revisions
from tests.factories import MembershipFactory, OrganisationFactory, make_initiative


@pytest.fixture
def content(bridge, valley, tracks):
    return Content(
        title="Bread and peace",
        start=PartialDate.parse("1993"),
        engagements=[(valley, None, None)],
        participations=[("lead", bridge)],
        lead_track=tracks["business"],
    )


@pytest.fixture
def logged(content, alice, bridge):
    return log_initiative(content, by=alice, owner=bridge, publish=True)


def history(initiative, user, **query):
    client = Client()
    client.force_login(user)
    return client.get(reverse("initiatives:history", args=[initiative.ref]), query)


def latest(initiative, user):
    """What the latest revision changed. Shape: {label: (old, new)}."""
    return {change.label: (change.old, change.new) for change in Revisions(initiative, user)[0:1][0].changes}


def test_it_says_who_changed_what_and_when_the_latest_first(logged, content, alice, maria):
    content.title = "Bread and roses"
    edit_initiative(logged, content, by=maria)
    told = Revisions(logged, alice)[0:25]
    assert [(revision.who, revision.note) for revision in told] == [(maria, "Edited"), (alice, "Logged and published")]
    response = history(logged, alice)
    for words in ("Maria", "UTC", "Title", "Bread and peace", "Bread and roses", "Logged and published"):
        assertContains(response, words)


def test_what_hangs_on_a_record_is_told_in_words(
    logged, content, alice, colin, harbour, tracks, principles, activities, valley
):
    content.start, content.end = PartialDate.parse("1993-07"), PartialDate.parse("1995-02-03")
    content.officiality = "mixed"
    content.activities = [activities["training"]]
    content.engagements = [(valley, PartialDate.parse("1994"), None)]
    content.participations.append(("funder", harbour))
    content.lead_track, content.tracks = tracks["religion"], [tracks["business"]]
    content.rationales = {tracks["religion"]: "Bishops carry it."}
    content.ratings, content.rated_on = {principles["trust"]: (2, "Letters kept.")}, date(2024, 3, 5)
    content.locations, content.external_ids = [("NO", "Oslo")], [("IATI", "NO-1")]
    content.suspensions = [(date(1994, 1, 2), date(1994, 2, 3))]
    edit_initiative(logged, content, by=alice)
    assert latest(logged, alice) == {
        "Start": ("1993", "July 1993"),
        "End": ("", "3 February 1995"),
        "Officiality": ("", "Mixed (Track 1.5)"),
        "Activities": ("", "Training"),
        "Conflict system: Valley": ("over the initiative's own dates", "from 1994"),
        "Funder": ("", "Harbour"),
        "Track: Religion": ("", "Lead: Bishops carry it."),
        "Track: Business": ("Lead", "Contributing"),
        "Principle: Trust (5 March 2024)": ("", "2, practised\nLetters kept."),
        "Place": ("", "Oslo, Norway"),
        "Identifier elsewhere": ("", "IATI NO-1"),
        "Pause": ("", "from 2 January 1994 until 3 February 1994"),
    }


def test_who_reads_it_is_told_with_the_reason(logged, alice, maria, olga, colin, harbour):
    wider = {
        "sharing": "network",
        "grants": [(colin, "read", None), (olga, "write", None)],
        "partners": [(harbour, date(2031, 5, 1))],
    }
    change_sharing(logged, wider, by=alice, reason="They work on it with us.", agreed=True)
    assert latest(logged, alice) == {
        "Who may read it": ("Organisation", "Network"),
        "Named person: Colin": ("", "may read"),
        "Named person: Olga": ("", "may read and write"),
        "Opened to: Harbour": ("", "may read, until 1 May 2031"),
    }
    for told in (alice, maria):
        assertContains(history(logged, told), "They work on it with us.")
    for hidden in ("They work on it with us.", "Colin", "Opened to: Harbour"):
        assertNotContains(history(logged, olga), hidden)
    assertContains(history(logged, olga), "Opened to more readers; those concerned have agreed")


def test_what_was_taken_away_is_told_too(logged, content, alice, tracks, harbour):
    content.tracks = [tracks["media"]]
    content.participations.append(("host", harbour))
    edit_initiative(logged, content, by=alice)
    content.tracks, content.participations = [], content.participations[:1]
    edit_initiative(logged, content, by=alice)
    assert latest(logged, alice) == {"Track: Media": ("Contributing", ""), "Host": ("Harbour", "")}


def test_links_come_and_go_in_it(logged, alice):
    target = make_initiative("A later forum", by=alice)
    link = add_link(logged, by=alice, target=target, kind="funds", evidence="claimed", note="Twice.")
    assert latest(logged, alice) == {"Link: funds A later forum": ("", "claimed by the giver\nTwice.")}
    remove_link(link, by=alice)
    assert latest(logged, alice) == {"Link: funds A later forum": ("claimed by the giver\nTwice.", "")}


def test_a_link_to_what_its_reader_may_not_open_is_not_told(logged, alice, olga):
    target = make_initiative("A secret channel", by=olga, sharing="network")
    add_link(logged, by=alice, target=target, kind="funds", evidence="claimed", note="Through the monastery.")
    assertContains(history(logged, alice), "A secret channel")
    Initiative.objects.filter(pk=target.pk).update(sharing="organisation")
    assert latest(logged, alice) == {}
    assertNotContains(history(logged, alice), "monastery")


def test_people_named_are_told_only_to_who_may_share(logged, content, alice, olga, otto):
    change_sharing(
        logged, {"grants": [(olga, "write", None), (otto, "read", None)]}, by=alice, reason="Both help.", agreed=True
    )
    assertContains(history(logged, alice), "Named person: Otto")
    assertNotContains(history(logged, olga), "Otto")


def test_the_diary_is_no_part_of_it(logged, alice):
    """Its entries have readers of their own."""
    add_entry(logged, by=alice, happened_on=today(), kind="contact", text="Called the mill.", sharing="restricted")
    assertNotContains(history(logged, alice), "Called the mill.")


@pytest.mark.parametrize(
    ("person", "status"),
    [("alice", 200), ("maria", 200), ("colin", 403), ("olga", 404), ("curator", 404), ("administrator", 404)],
)
def test_history_is_for_those_who_may_edit(request, logged, person, status):
    assert history(logged, request.getfixturevalue(person)).status_code == status


def test_signed_out_one_signs_in_first(logged):
    response = Client().get(reverse("initiatives:history", args=[logged.ref]))
    assert "/accounts/login/" in response.url


def test_a_record_that_never_changed_here_says_so(alice):
    assertContains(history(make_initiative(by=alice), alice), "None recorded")


def test_a_named_writer_reads_it(logged, olga):
    Grant.objects.create(initiative=logged, user=olga, access="write")
    assert history(logged, olga).status_code == 200


def test_pages_hold_25_and_compare_across_their_edge(logged, content, alice):
    for number in range(27):
        content.title = f"Title {number}"
        edit_initiative(logged, content, by=alice)
    first, second = history(logged, alice), history(logged, alice, page="2")
    assert len(first.context["page"]) == 25
    assertContains(first, "Page 1 of 2")
    oldest_here = list(first.context["page"])[-1]
    assert [(change.old, change.new) for change in oldest_here.changes] == [("Title 1", "Title 2")]
    assert len(second.context["page"]) == 3
    assertContains(second, "Logged and published")
    for page in ("9", "x", "-1", "\x00"):
        assert history(logged, alice, page=page).status_code == 200


def test_since_tells_only_what_came_later(logged, content, alice, maria):
    content.title = "Bread and roses"
    edit_initiative(logged, content, by=alice)
    suspend(logged, by=maria, from_on=date(2001, 1, 1))
    revisions = Revisions(logged, alice)
    assert [revision.note for revision in revisions.since(2)] == ["Suspended"]
    assert [revision.note for revision in revisions.since(1)] == ["Suspended", "Edited"]
    assert revisions.since(3) == []


def test_queries_do_not_grow_with_revisions(logged, content, alice, tracks, django_assert_num_queries):
    content.tracks = [tracks["media"]]
    edit_initiative(logged, content, by=alice)
    history(logged, alice)
    with CaptureQueriesContext(connection) as few:
        history(logged, alice)
    for number in range(8):
        content.title = f"Title {number}"
        content.tracks = list(tracks.values())[:number]
        edit_initiative(logged, content, by=alice)
    with django_assert_num_queries(len(few)):
        history(logged, alice)


def test_a_hostile_text_is_text(logged, content, alice):
    content.summary = "<script>alert('h')</script>"
    edit_initiative(logged, content, by=alice)
    assertNotContains(history(logged, alice), "<script>alert")


def test_what_was_restricted_or_a_draft_once_is_not_read_in_the_past_by_others(content, alice, maria, olga, bridge):
    content.summary = "With Amina and Boaz"
    initiative = log_initiative(content, by=alice, owner=bridge)
    Grant.objects.create(initiative=initiative, user=olga, access="write")
    content.sharing = "restricted"
    edit_initiative(initiative, content, by=alice, publish=True)
    content.summary, content.sharing = "With two elders", None
    edit_initiative(initiative, content, by=alice)
    change_sharing(initiative, {"sharing": "organisation"}, by=alice, reason="It is over.", agreed=True)
    content.summary = "With two elders, weekly"
    edit_initiative(initiative, content, by=alice)
    for user, count in ((alice, 5), (olga, 4), (maria, 2)):
        told = Revisions(initiative, user)
        assert len(told) == len(told[0:25]) == count
    assertContains(history(initiative, alice), "Amina")
    assertNotContains(history(initiative, maria), "Amina")
    assertContains(history(initiative, maria), "With two elders, weekly")


@pytest.fixture
def opened(content, alice, bridge):
    """Alice's record, restricted when it named Amina, and her organisation's since version 3."""
    content.sharing, content.summary = "restricted", "With Amina"
    record = log_initiative(content, by=alice, owner=bridge, publish=True)
    content.summary, content.sharing = "With two elders", None
    edit_initiative(record, content, by=alice)
    return change_sharing(record, {"sharing": "organisation"}, by=alice, reason="It is over", agreed=True)


def test_naming_somebody_or_oneself_opens_nothing_of_the_past(opened, maria, olga):
    named = [(maria, "read", None), (olga, "write", None)]
    change_sharing(opened, {"grants": named}, by=maria, reason="We work on it", agreed=True)
    for user, readable in ((maria, [3, 4]), (olga, [4])):
        client = Client()
        client.force_login(user)
        pages = [client.get(reverse("initiatives:version", args=[opened.ref, number])) for number in (1, 2, 3, 4)]
        assert [number for number, page in enumerate(pages, start=1) if page.status_code == 200] == readable
        assertNotContains(history(opened, user), "Amina")


def test_a_name_reaches_back_as_long_as_it_stood_and_counts_no_more_once_it_is_taken_out(opened, content, alice, olga):
    with time_machine.travel("2030-01-01T12:00Z", tick=False):
        change_sharing(opened, {"grants": [(olga, "write", today())]}, by=alice, reason="She helps", agreed=True)
        content.summary = "With three elders"
        edit_initiative(opened, content, by=alice)
        assert len(Revisions(opened, olga)) == 2
    with time_machine.travel("2030-01-02T12:00Z", tick=False):
        content.summary = "With Boaz"
        edit_initiative(opened, content, by=alice)
        content.summary = "With three elders"
        edit_initiative(opened, content, by=alice)
        change_sharing(opened, {"grants": [(olga, "write", None)]}, by=alice, reason="Again", agreed=True)
        assert len(Revisions(opened, olga)) == 1
        assertNotContains(history(opened, olga), "Boaz")
        change_sharing(opened, {"grants": []}, by=alice)
        assert len(Revisions(opened, olga)) == 0


# ---------------------------------------------------------------- handed over to another organisation


@pytest.fixture
def handed_over(content, alice, colin, bridge, harbour):
    """Bridge's record, in which Amina was taken out and Colin named for a while, which is Harbour's now."""
    MembershipFactory(user=alice, organisation=harbour)
    content.summary = "With Amina"
    record = log_initiative(content, by=alice, owner=bridge, publish=True)
    change_sharing(record, {"grants": [(colin, "write", None)]}, by=alice, reason="Colin knows Amina", agreed=True)
    note_opened(record, by=colin)
    change_sharing(record, {"grants": []}, by=alice)
    content.summary, content.sharing, content.grants = "With two elders", None, None
    edit_initiative(record, content, by=alice)
    change_sharing(record, {"owner": harbour}, by=alice, reason="Handed over", agreed=True)
    return Initiative.objects.get(pk=record.pk)


def test_what_it_was_with_another_organisation_is_that_ones_business(handed_over, otto):
    response = history(handed_over, otto)
    assertContains(response, "Handed over")
    for words in ("Amina", "Colin"):
        assertNotContains(response, words)
    client = Client()
    client.force_login(otto)
    assert client.get(reverse("initiatives:version", args=[handed_over.ref, 1])).status_code == 404
    assert client.get(reverse("initiatives:version", args=[handed_over.ref, handed_over.version])).status_code == 200
    for address in (
        reverse("initiatives:readings", args=[handed_over.ref]),
        reverse("initiatives:organisation-readings", args=["harbour"]),
    ):
        assertNotContains(client.get(address), "Colin")


def test_its_author_and_whoever_belongs_to_both_read_all_of_it(handed_over, alice, otto, bridge):
    assertContains(history(handed_over, alice), "Amina")
    MembershipFactory(user=otto, organisation=bridge)
    assertContains(history(handed_over, otto), "Amina")


def test_of_an_organisation_that_was_merged_into_ones_own_one_reads_the_past(content, alice, maria, bridge):
    record = log_initiative(content, by=alice, owner=bridge, publish=True)
    other = OrganisationFactory()
    former = Version.objects.get_for_object(record).get()
    former.serialized_data = former.serialized_data.replace(f'"owner": {bridge.pk}', f'"owner": {other.pk}')
    former.save()
    assertNotContains(history(record, maria), "Logged and published")
    other.merged_into = bridge
    other.save()
    assertContains(history(record, maria), "Logged and published")

"""An earlier version is read, compared with now, and brought back whole, without ever opening the record wider."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions import lifecycle
from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.actions.links import add_link, remove_link
from initiatives.actions.log import add_entry
from initiatives.actions.sharing import change_sharing
from initiatives.dates import PartialDate, today
from initiatives.models import Initiative, Organisation, OrganisationGrant
from initiatives.pages.history import Revisions
from mtd_tracker.elevation import elevated
from taxonomy.actions import retire_term
from tests.factories import MembershipFactory, OrganisationFactory, make_initiative
from tests.initiatives.form_pages import as_sent, edit_page
from tests.proving import sign_in_and_prove


def asking(user):
    client = Client()
    client.force_login(user)
    return client


def address(initiative, number):
    return reverse("initiatives:version", args=[initiative.ref, number])


def see(initiative, number, user):
    return asking(user).get(address(initiative, number))


def restore(initiative, number, user, *, seen=None, **said):
    seen = seen or Initiative.objects.get(pk=initiative.pk).version
    client = Client()
    sign_in_and_prove(client, user)
    return client.post(address(initiative, number), {"version": seen, **said})


@pytest.fixture
def content(bridge, harbour, valley, tracks, principles, activities):
    """With something in every field."""
    return Content(
        title="Bread and peace",
        summary="Bakers meet.",
        description="Every week.",
        language="fr",
        start=PartialDate.parse("1993-07"),
        end=PartialDate.parse("1995-02-03"),
        last_confirmed=PartialDate.parse("1994"),
        cancelled_on=date(1995, 1, 1),
        officiality="mixed",
        level="top",
        dimension="cultural",
        sources="A book",
        activities=[activities["training"]],
        engagements=[(valley, PartialDate.parse("1994"), None)],
        locations=[("NO", "Oslo")],
        participations=[("lead", bridge), ("funder", harbour)],
        lead_track=tracks["business"],
        tracks=[tracks["media"]],
        rationales={tracks["media"]: "The radio carries it."},
        ratings={principles["trust"]: (2, "Letters kept.")},
        rated_on=date(1994, 5, 6),
        suspensions=[(date(1994, 1, 2), date(1994, 2, 3))],
        external_ids=[("IATI", "NO-1")],
    )


@pytest.fixture
def emptied(content, alice, bridge, valley, tracks):
    """Version 1 has everything, version 2 only what publishing needs."""
    initiative = log_initiative(content, by=alice, owner=bridge, publish=True)
    bare = Content(
        title="Bread",
        start=PartialDate.parse("2001"),
        engagements=[(valley, None, None)],
        participations=[("lead", bridge)],
        lead_track=tracks["religion"],
    )
    return edit_initiative(initiative, bare, by=alice)


def told(initiative, user, number):
    """Shape: {label: text}."""
    revisions = Revisions(initiative, user)
    said, _ = revisions.compared(revisions.numbered(number))
    return {one.label: one.text for one in said}


def test_a_version_has_its_page_and_says_what_it_said(emptied, alice):
    page = see(emptied, 1, alice)
    for words in (
        "Bread and peace",
        "Bakers meet.",
        "Lead",
        "The radio carries it.",
        "2, practised",
        "Oslo, Norway",
        "English",
    ):
        assertContains(page, words)
    assertContains(see(emptied, 2, alice), "This is how it stands now")


def test_it_is_compared_with_the_record_as_it_stands(emptied, alice):
    page = see(emptied, 1, alice)
    changes = {change.label: (change.old, change.new) for change in page.context["differences"]}
    assert changes["Title"] == ("Bread and peace", "Bread")
    assert changes["Track: Business"] == ("Lead", "")
    assert changes["Track: Religion"] == ("", "Lead")
    assert "State" not in changes


def test_the_whole_comes_back_and_nothing_of_the_history_goes(emptied, alice):
    whole = told(emptied, alice, 1)
    response = restore(emptied, 1, alice)
    assertRedirects(response, emptied.get_absolute_url())
    assert told(emptied, alice, 3) == whole
    restored = Initiative.objects.get(pk=emptied.pk)
    assert restored.version == 3
    assert restored.principle_ratings.get().rated_on == date(1994, 5, 6)
    notes = [revision.note for revision in Revisions(restored, alice)[0:9]]
    assert notes[0].startswith("Version of ")
    assert notes[0].endswith(" restored")
    assert notes[1:] == ["Edited", "Logged and published"]


def test_restoring_can_be_undone_the_same_way(emptied, alice):
    bare = told(emptied, alice, 2)
    restore(emptied, 1, alice)
    restore(emptied, 2, alice)
    assert told(emptied, alice, 4) == bare


def test_every_assessment_ever_made_comes_back_with_its_own_day(emptied, content, alice, principles):
    content.ratings, content.rated_on = {principles["trust"]: (3, "Signed.")}, date(1996, 1, 1)
    edit_initiative(emptied, content, by=alice)
    content.ratings, content.rated_on = {principles["trust"]: (1, "")}, date(1997, 1, 1)
    edit_initiative(emptied, content, by=alice)
    content.ratings = {}
    edit_initiative(emptied, content, by=alice)
    assert not emptied.principle_ratings.exists()
    restore(emptied, 4, alice)
    ratings = emptied.principle_ratings.values_list("rating", "evidence", "rated_on")
    assert list(ratings) == [(1, "", date(1997, 1, 1)), (3, "Signed.", date(1996, 1, 1))]


def test_a_restore_never_opens_a_record_wider(emptied, content, alice, olga, otto, harbour):
    Initiative.objects.filter(pk=emptied.pk).update(sharing="network")
    emptied.grants.create(user=olga, access="write")
    edit_initiative(emptied, content, by=alice)
    Initiative.objects.filter(pk=emptied.pk).update(sharing="organisation")
    emptied.grants.all().delete()
    emptied.grants.create(user=otto)
    content.title = "Bread and roses"
    edit_initiative(emptied, content, by=alice)
    Initiative.objects.filter(pk=emptied.pk).update(
        publication="withdrawn", withdrawn_on=today(), shown_dates="year", shown_places="region"
    )
    restore(emptied, 3, alice)
    now = Initiative.objects.get(pk=emptied.pk)
    assert (now.sharing, now.publication, now.withdrawn_on) == ("organisation", "withdrawn", today())
    assert (now.shown_dates, now.shown_places) == ("year", "region")
    assert [grant.user for grant in now.grants.all()] == [otto]
    assert now.title == "Bread and peace"


def test_its_owner_and_its_diary_stay_as_they_are(emptied, content, alice, harbour):
    entry = add_entry(emptied, by=alice, happened_on=today(), kind="contact", text="Called.", sharing="organisation")
    Initiative.objects.filter(pk=emptied.pk).update(owner=harbour)
    MembershipFactory(user=alice, organisation=harbour)
    restore(emptied, 1, alice, reason="They agreed", agreed="on")
    now = Initiative.objects.get(pk=emptied.pk)
    assert (now.title, now.owner, list(now.log_entries.all())) == ("Bread and peace", harbour, [entry])


def test_a_retired_term_comes_back_as_what_replaced_it(emptied, alice, curator, tracks, principles):
    retire_term(tracks["media"], by=curator, replaced_by=tracks["activism"])
    retire_term(principles["trust"], by=curator, replaced_by=principles["relationship"])
    assertContains(see(emptied, 1, alice), "Media is now Activism")
    restore(emptied, 1, alice)
    assert {tag.track.code for tag in emptied.track_tags.all()} == {"business", "activism"}
    assert emptied.track_tags.get(track=tracks["activism"]).rationale == "The radio carries it."
    assert emptied.principle_ratings.get().principle == principles["relationship"]


def test_two_terms_that_became_one_come_back_as_one(emptied, alice, curator, tracks):
    retire_term(tracks["media"], by=curator, replaced_by=tracks["business"])
    restore(emptied, 1, alice)
    assert [(tag.track.code, tag.emphasis) for tag in emptied.track_tags.all()] == [("business", "lead")]


def test_a_merged_organisation_comes_back_as_the_one_it_was_merged_into(emptied, alice, harbour):
    haven, port = OrganisationFactory(name="Haven"), OrganisationFactory(name="Port")
    Organisation.objects.filter(pk=harbour.pk).update(merged_into=port)
    Organisation.objects.filter(pk=port.pk).update(merged_into=haven)
    assertContains(see(emptied, 1, alice), "is now Haven")
    restore(emptied, 1, alice)
    assert set(emptied.participations.values_list("role", "organisation__name")) == {
        ("lead", "Bridge"),
        ("funder", "Haven"),
    }


def test_what_cannot_be_brought_back_is_told_before(content, alice, maria, bridge, valley):
    content.participations.append(("host", "An inn"))
    initiative = log_initiative(content, by=alice, owner=bridge, publish=True)
    content.participations = content.participations[:1]
    edit_initiative(initiative, content, by=alice)
    page = see(initiative, 1, maria)
    assertContains(page, "An organisation that is no longer there, or not for you (host)")
    assertNotContains(page, "An inn")
    restore(initiative, 1, maria)
    assert set(initiative.participations.values_list("role", flat=True)) == {"lead", "funder"}


def test_links_come_back_and_those_that_the_person_may_not_know_stay(emptied, alice, maria):
    seen, hidden = make_initiative("Seen", by=alice), make_initiative("Hidden", by=alice)
    link = add_link(emptied, by=alice, target=seen, kind="funds", evidence="claimed", note="Twice.")
    remove_link(link, by=alice)
    add_link(emptied, by=alice, target=hidden, kind="funds", evidence="claimed")
    Initiative.objects.filter(pk=hidden.pk).update(sharing="restricted")
    assertNotContains(see(emptied, 3, maria), "Hidden")
    restore(emptied, 3, maria)
    assert set(emptied.links_out.values_list("target__title", "note")) == {("Seen", "Twice."), ("Hidden", "")}


def test_a_link_to_a_record_that_was_hidden_since_is_neither_told_nor_brought_back(emptied, alice, maria):
    target = make_initiative("Secret channel", by=alice)
    link = add_link(emptied, by=alice, target=target, kind="funds", evidence="claimed")
    remove_link(link, by=alice)
    Initiative.objects.filter(pk=target.pk).update(sharing="restricted")
    page = see(emptied, 3, maria)
    assertNotContains(page, "Secret channel")
    assertNotContains(page, "can’t be brought back")
    restore(emptied, 3, maria)
    assert not emptied.links_out.exists()


def test_what_a_published_record_needs_is_asked_for(alice, bridge, content):
    draft = log_initiative(Content(title="Half an idea"), by=alice, owner=bridge)
    edit_initiative(draft, content, by=alice, publish=True)
    response = restore(draft, 1, alice, reason="Why", agreed="on")
    assertContains(response, "Choose at least one conflict system.")
    assert Initiative.objects.get(pk=draft.pk).title == "Bread and peace"


def test_a_stale_restore_is_refused_and_compared_with_what_is_there_now(emptied, content, alice, maria):
    content.title = "Bread and roses"
    edit_initiative(emptied, content, by=maria)
    response = restore(emptied, 1, alice, seen=2)
    assert response.status_code == 409
    assertContains(response, "Somebody changed the record", status_code=409)
    assertContains(response, "Bread and roses", status_code=409)
    assert response.context["form"]["version"].value() == 3
    assert Initiative.objects.get(pk=emptied.pk).title == "Bread and roses"


def test_the_past_before_it_was_shared_stays_with_its_people(content, alice, maria, bridge):
    content.sharing = "restricted"
    initiative = log_initiative(content, by=alice, owner=bridge, publish=True)
    Initiative.objects.filter(pk=initiative.pk).update(sharing="organisation")
    content.sharing = None
    edit_initiative(initiative, content, by=alice)
    assert see(initiative, 1, maria).status_code == restore(initiative, 1, maria).status_code == 404
    assert see(initiative, 2, maria).status_code == see(initiative, 1, alice).status_code == 200


def test_versions_that_never_were_are_not_there(emptied, alice):
    for number in (0, 3, 11, 99999999999999999999999):
        assert see(emptied, number, alice).status_code == 404


def test_the_history_leads_to_each_version(emptied, alice):
    page = asking(alice).get(reverse("initiatives:history", args=[emptied.ref]))
    for number in (1, 2):
        assertContains(page, f'href="{address(emptied, number)}"')


def test_a_hostile_text_is_text(emptied, content, alice):
    content.summary = "<script>alert('v')</script>"
    edit_initiative(emptied, content, by=alice)
    for number in (1, 3):
        assertNotContains(see(emptied, number, alice), "<script>alert")


def test_saving_an_edit_offers_the_way_back(emptied, alice):
    client = asking(alice)
    sent = as_sent(edit_page(client, emptied), title="Bread again", action="publish")
    response = client.post(reverse("initiatives:edit", args=[emptied.ref]), sent, follow=True)
    assertContains(response, f'<a href="{address(emptied, 2)}">Undo</a>')


def test_queries_do_not_grow_with_what_a_version_holds(emptied, content, alice, tracks, django_assert_max_num_queries):
    with django_assert_max_num_queries(62) as few:
        see(emptied, 1, alice)
    content.tracks = list(tracks.values())[:7]
    content.locations = [("NO", f"Place {number}") for number in range(9)]
    edit_initiative(emptied, content, by=alice)
    with django_assert_max_num_queries(62) as many:
        see(emptied, 3, alice)
    assert len(many) <= len(few)


# ---------------------------------------------------------------- a version that was for fewer


@pytest.fixture
def opened(content, alice, olga, bridge):
    """Alice's record, restricted when it named Amina, and public by now. Olga may write in it."""
    content.sharing, content.summary, content.grants = "restricted", "With Amina", [(olga, "write", None)]
    record = log_initiative(content, by=alice, owner=bridge, publish=True)
    content.summary, content.sharing, content.grants = "With two elders", None, None
    edit_initiative(record, content, by=alice)
    return change_sharing(record, {"sharing": "public"}, by=alice, reason="It is over", agreed=True)


def test_what_was_for_fewer_comes_back_with_a_reason_and_agreement_alone(opened, alice):
    page = asking(alice).get(address(opened, 1))
    assertContains(page, "fewer people could read it than read the record today")
    for said, fault in (({}, "say why"), ({"reason": "Why"}, "tick this"), ({"agreed": "on"}, "say why")):
        assertContains(restore(opened, 1, alice, **said), fault)
        assert Initiative.objects.get(pk=opened.pk).summary == "With two elders"
    restore(opened, 1, alice, reason="She agreed", agreed="on")
    assert Initiative.objects.get(pk=opened.pk).summary == "With Amina"
    assertContains(asking(alice).get(reverse("initiatives:history", args=[opened.ref])), "She agreed")


def test_it_asks_once_more_who_one_is(opened, alice):
    sent = {"version": opened.version, "reason": "She agreed", "agreed": "on"}
    assert asking(alice).post(address(opened, 1), sent).url.startswith("/accounts/reauthenticate/")
    assert Initiative.objects.get(pk=opened.pk).summary == "With two elders"


def test_who_is_only_named_on_it_brings_nothing_back_for_more(opened, olga):
    page = asking(olga).get(address(opened, 1))
    assertContains(page, "by those alone who say who reads the record")
    assertNotContains(page, "<h3>Restore this version</h3>")
    assert restore(opened, 1, olga, reason="Why", agreed="on").status_code == 403
    assert Initiative.objects.get(pk=opened.pk).summary == "With two elders"


def test_a_version_for_as_many_comes_back_unasked(opened, content, alice, olga):
    content.summary = "With three elders"
    edit_initiative(opened, content, by=alice)
    number = Initiative.objects.get(pk=opened.pk).version - 1
    restore(opened, number, olga)
    assert Initiative.objects.get(pk=opened.pk).summary == "With two elders"


def test_what_a_draft_said_is_for_nobody_else(content, alice, bridge):
    content.summary = "With Amina"
    draft = log_initiative(content, by=alice, owner=bridge)
    content.summary = "With two elders"
    edit_initiative(draft, content, by=alice, publish=True)
    assertContains(restore(draft, 1, alice), "say why")


def both_named(writer, reader):
    return {"grants": [(writer, "write", None), (reader, "read", None)]}


def refused(record, number, writer, author):
    """Whether a version comes back neither by who is only named to write, nor without a reason and agreement."""
    before = Initiative.objects.get(pk=record.pk).version
    answers = [restore(record, number, writer, reason="Why", agreed="on"), restore(record, number, author)]
    assert Initiative.objects.get(pk=record.pk).version == before
    return [answer.status_code for answer in answers] == [403, 200] and b"say why" in answers[1].content


@pytest.mark.parametrize("finer", [{"shown_dates": ""}, {"shown_places": ""}])
def test_what_was_shown_less_precisely_comes_back_in_the_same_way_alone(content, alice, olga, bridge, finer):
    content.sharing, content.grants, content.title = "public", [(olga, "write", None)], "On the fifteenth"
    content.shown_dates, content.shown_places = "year", "region"
    record = log_initiative(content, by=alice, owner=bridge, publish=True, agreed=True)
    content.title, content.sharing, content.grants = "In that year", None, None
    edit_initiative(record, content, by=alice)
    change_sharing(record, finer, by=alice, reason="Only the year stands there now", agreed=True)
    assert refused(record, 1, olga, alice)
    restore(record, 1, alice, reason="They agreed", agreed="on")
    assert Initiative.objects.get(pk=record.pk).title == "On the fifteenth"


def test_withdrawing_it_meanwhile_changes_nothing_of_that(opened, alice, olga):
    lifecycle.withdraw(opened, by=olga)
    assert refused(opened, 1, olga, alice)
    lifecycle.publish(opened, by=olga)
    assertNotContains(Client().get(opened.get_absolute_url()), "Amina")


@pytest.mark.parametrize(
    ("sharing", "writer", "opened_to"),
    [
        ("organisation", "olga", lambda writer, otto, harbour: {"partners": [(harbour, None)]}),
        ("organisation", "colin", lambda writer, otto, harbour: {"owner": harbour}),
        ("organisation", "olga", lambda writer, otto, harbour: both_named(writer, otto)),
        ("restricted", "olga", lambda writer, otto, harbour: both_named(writer, otto)),
    ],
    ids=["a partner", "another owner", "a person", "a person on a restricted one"],
)
def test_what_it_said_before_it_was_opened_to_somebody_more_was_for_fewer(
    content, alice, otto, bridge, harbour, request, sharing, writer, opened_to
):
    MembershipFactory(user=alice, organisation=harbour)
    writer = request.getfixturevalue(writer)
    content.sharing, content.grants, content.title = sharing, [(writer, "write", None)], "With Amina"
    record = log_initiative(content, by=alice, owner=bridge, publish=True)
    content.title, content.sharing, content.grants = "With two elders", None, None
    edit_initiative(record, content, by=alice)
    change_sharing(record, opened_to(writer, otto, harbour), by=alice, reason="They help", agreed=True)
    assert refused(record, 1, writer, alice)


@pytest.mark.parametrize("coarse", [{"shown_dates": "month"}, {"shown_places": "country"}])
def test_whoever_reads_it_exactly_by_now_and_did_not_then_counts_too(content, alice, otto, bridge, coarse):
    content.sharing, content.title = "network", "On the fifteenth"
    for name, shown in coarse.items():
        setattr(content, name, shown)
    record = log_initiative(content, by=alice, owner=bridge, publish=True, agreed=True)
    content.title, content.sharing = "In that month", None
    edit_initiative(record, content, by=alice)
    change_sharing(record, {"grants": [(otto, "write", None)]}, by=alice, reason="He helps", agreed=True)
    assertContains(restore(record, 1, alice), "say why")
    assert Initiative.objects.get(pk=record.pk).title == "In that month"


def test_a_name_or_partner_whose_last_day_had_passed_was_no_reader(content, alice, olga, otto, bridge, harbour):
    past = today() - timedelta(days=1)
    content.grants = [(olga, "write", None), (otto, "read", past)]
    record = log_initiative(content, by=alice, owner=bridge, publish=True)
    OrganisationGrant.objects.create(initiative=record, organisation=harbour, until_on=past)
    content.title, content.grants = "With two elders", None
    edit_initiative(record, content, by=alice)
    for again in ({"partners": [(harbour, None)]}, both_named(olga, otto)):
        change_sharing(record, again, by=alice, reason="They help again", agreed=True)
        assert refused(record, 2, olga, alice)
        change_sharing(record, {"partners": []}, by=alice)


def test_who_could_read_it_without_being_named_needs_no_asking(content, alice, colin, maria, bridge):
    content.grants = [(maria, "read", today())]
    record = log_initiative(content, by=alice, owner=bridge, publish=True)
    content.title, content.grants = "With two elders", None
    edit_initiative(record, content, by=alice)
    named = [(colin, "write", None), (maria, "write", None)]
    change_sharing(record, {"grants": named}, by=alice, reason="They help", agreed=True)
    restore(record, 1, colin)
    assert Initiative.objects.get(pk=record.pk).title == "Bread and peace"


def test_a_version_of_which_the_readers_cannot_be_told_was_for_fewer(emptied, alice):
    version = Version.objects.get_for_object(emptied).last()
    version.serialized_data = version.serialized_data.replace(f'"owner": {emptied.owner_id}', '"owner": 987654321')
    with elevated("the test writes history"):
        version.save()
    assertContains(restore(emptied, 1, alice), "say why")
    assert Initiative.objects.get(pk=emptied.pk).title == "Bread"

"""Marks on an initiative: who may set them, when they make sense, and the way back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Revision, Version

from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.actions.lifecycle import delete_draft, publish, withdraw
from initiatives.actions.log import add_entry, delete_entry
from initiatives.dates import PartialDate, today
from initiatives.models import Grant, Initiative, Status
from initiatives.pages import marks
from tests.factories import make_initiative
from tests.initiatives.form_pages import as_sent, edit_page
from tests.proving import sign_in_and_prove

ALL = [mark.slug for mark in marks.ALL]


@pytest.fixture
def as_alice(alice):
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def running(alice, bridge, valley, tracks):
    return make_initiative(
        "Bread and peace",
        by=alice,
        conflicts=[valley],
        tracks=[tracks["business"]],
        organisations=[("lead", bridge)],
        start="2020",
    )


def address(initiative, mark):
    return reverse("initiatives:mark", args=[initiative.ref, mark])


def set_mark(client, initiative, mark, **data):
    """As the form sends it: with the version that the page showed."""
    fresh = Initiative.objects.get(pk=initiative.pk)
    return client.post(address(initiative, mark), {"version": fresh.version} | data, follow=True)


def stored(initiative):
    return Initiative.objects.get(pk=initiative.pk)


# ---------------------------------------------------------------- asking


@pytest.mark.parametrize("mark", ALL)
@pytest.mark.parametrize("state", ["published", "draft", "withdrawn"])
def test_asking_changes_nothing(as_alice, alice, mark, state):
    initiative = make_initiative(by=alice, publication=state)
    assert as_alice.get(address(initiative, mark), {"day": "2021"}).status_code == 200
    assert stored(initiative).version == 1
    assert not Revision.objects.exists()


def test_an_unknown_mark_is_not_there(as_alice, running):
    assert as_alice.get(address(running, "explode")).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"),
    [("alice", 200), ("maria", 200), ("colin", 403), ("olga", 404), ("curator", 404), ("administrator", 404)],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_who_may_edit_marks_it(request, running, person, status, method):
    client = Client()
    client.force_login(request.getfixturevalue(person))
    response = getattr(client, method)(address(running, "withdraw"))
    assert response.status_code == (302 if method == "post" and status == 200 else status)
    assert stored(running).is_published == (method == "get" or status != 200)


def test_a_person_named_to_write_marks_it(running, olga):
    Grant.objects.create(initiative=running, user=olga, access="write")
    client = Client()
    client.force_login(olga)
    set_mark(client, running, "end", day="2021")
    assert stored(running).end == PartialDate.parse("2021")


def test_signed_out_one_signs_in_first(running):
    assert "/accounts/login/" in Client().post(address(running, "end"), {"day": "2021"}).url


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({}, {"confirm", "end", "suspend", "cancel", "withdraw"}),
        ({"start": "2999"}, {"end", "suspend", "cancel", "withdraw"}),
        ({"end": "2021"}, {"reopen", "withdraw"}),
        ({"end": "2999"}, {"confirm", "end", "reopen", "suspend", "cancel", "withdraw"}),
        ({"last_confirmed": "2021"}, {"confirm", "unconfirm", "end", "suspend", "cancel", "withdraw"}),
        ({"cancelled_on": date(2021, 1, 1)}, {"reinstate", "withdraw"}),
        ({"start": None}, {"cancel", "withdraw"}),
        ({"publication": "draft"}, {"publish"}),
        ({"publication": "withdrawn"}, {"publish"}),
    ],
)
def test_only_sensible_marks_are_offered(alice, fields, offered):
    assert {mark.slug for mark in marks.offered_on(make_initiative(by=alice, **fields))} == offered


def test_what_is_suspended_can_be_resumed_and_not_suspended_again(running):
    running.suspensions.create(from_on=date(2021, 1, 1))
    assert {mark.slug for mark in marks.offered_on(running)} == {"confirm", "end", "resume", "cancel", "withdraw"}


def test_every_mark_has_a_way_back_that_leads_back():
    for mark in marks.ALL:
        back = (
            replace(marks.BY_SLUG["publish"], **marks.SENT) if mark.slug == "take-back" else marks.BY_SLUG[mark.back]
        )
        assert back.back == mark.slug


# ---------------------------------------------------------------- setting, and the way back


@pytest.mark.parametrize(
    ("mark", "data", "status"),
    [
        ("end", {"day": "2021-03"}, Status.ENDED),
        ("suspend", {"from_on": "2021-01-01"}, Status.SUSPENDED),
        ("cancel", {"day": "2021-01-01"}, Status.CANCELLED),
        ("withdraw", {}, Status.WITHDRAWN),
    ],
)
def test_a_mark_is_set_kept_in_history_and_taken_back(as_alice, alice, running, mark, data, status):
    response = set_mark(as_alice, running, mark, **data)
    assertRedirects(response, running.get_absolute_url())
    assert stored(running).status() == status
    assert stored(running).updated_by == alice
    revision = Revision.objects.get()
    assert revision.user == alice
    back = marks.BY_SLUG[marks.BY_SLUG[mark].back]
    assertContains(response, f'<a href="{address(running, back.slug)}')
    data = {"until_on": "2021-01-05"} if back.slug == "resume" else {}
    set_mark(as_alice, running, back.slug, **data)
    assert stored(running).status() == Status.ACTIVE
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("mark", "data", "told"),
    [
        ("end", {"day": "2021-03-01"}, "Marked as ended."),
        ("end", {"day": "2030-06-01"}, "It ends on 1 June 2030; until that is over, it doesn’t count as ended."),
        ("end", {"day": "2030"}, "It ends in 2030; until that is over, it doesn’t count as ended."),
        ("suspend", {"from_on": "2021-03-01"}, "Suspended."),
        ("suspend", {"from_on": "2030-06-01"}, "It pauses from 1 June 2030; until then it stays as it is."),
        ("cancel", {"day": "2021-03-01"}, "Cancelled."),
        ("cancel", {"day": "2030-06-01"}, "It is cancelled from 1 June 2030; until then its dates count."),
    ],
)
@time_machine.travel("2026-06-30 12:00", tick=False)
def test_what_lies_ahead_is_not_told_as_done(as_alice, running, mark, data, told):
    assertContains(set_mark(as_alice, running, mark, **data), f"{told} <a")


@time_machine.travel("2026-06-30 12:00", tick=False)
def test_a_pause_that_goes_on_is_not_told_as_over(as_alice, running):
    running.suspensions.create(from_on=date(2021, 1, 1))
    told = "It pauses until 30 June 2026, and counts as active from the day after. <a"
    assertContains(set_mark(as_alice, running, "resume", until_on="2026-06-30"), told)
    assertContains(set_mark(as_alice, running, "resume", until_on="2026-06-29"), "Resumed. <a")


def test_no_button_that_sets_a_mark_reads_like_leaving_it(as_alice, running):
    page = as_alice.get(address(running, "cancel"))
    assertContains(page, '<button class="btn btn-primary" type="submit">Mark as cancelled</button>')


def test_the_way_back_knows_what_stood_there(as_alice, running):
    set_mark(as_alice, running, "end", day="2021-03")
    response = set_mark(as_alice, running, "reopen")
    assertContains(response, f"{address(running, 'end')}?day=2021-03")
    assertContains(as_alice.get(address(running, "end"), {"day": "2021-03"}), 'value="2021-03"')


def test_confirming_takes_today_or_the_day_given(as_alice, running):
    set_mark(as_alice, running, "confirm")
    assert stored(running).last_confirmed == PartialDate.parse(today().isoformat())
    set_mark(as_alice, running, "confirm", day="2024-05")
    assert stored(running).last_confirmed == PartialDate.parse("2024-05")


def test_a_confirmation_is_taken_back_to_the_one_before(as_alice, running):
    set_mark(as_alice, running, "confirm", day="2024-05")
    response = set_mark(as_alice, running, "confirm")
    assertContains(response, f"{address(running, 'unconfirm')}?day=2024-05")
    set_mark(as_alice, running, "unconfirm", day="2024-05")
    assert stored(running).last_confirmed == PartialDate.parse("2024-05")
    set_mark(as_alice, running, "unconfirm")
    assert stored(running).last_confirmed is None


def test_resuming_and_suspending_again_reopens_the_same_pause(as_alice, running):
    set_mark(as_alice, running, "suspend", from_on="2021-01-01")
    response = set_mark(as_alice, running, "resume", until_on="2021-02-01")
    assertContains(response, f"{address(running, 'suspend')}?from_on=2021-01-01")
    set_mark(as_alice, running, "suspend", from_on="2021-01-01")
    assert [(pause.from_on, pause.until_on) for pause in running.suspensions.all()] == [(date(2021, 1, 1), None)]


def test_a_planned_one_may_be_cancelled_before_its_start(as_alice, alice):
    planned = make_initiative(by=alice, start="2999")
    set_mark(as_alice, planned, "cancel", day=today().isoformat())
    assert stored(planned).status() == Status.CANCELLED


# ---------------------------------------------------------------- wrong dates


@pytest.mark.parametrize(
    ("mark", "data", "told"),
    [
        ("end", {"day": "2019"}, "The end lies before the start (2020)."),
        ("end", {"day": ""}, "This field is required."),
        ("end", {"day": "yesterday"}, "Write a year (1993)"),
        ("end", {"day": "2023-02-30"}, "There is no day 30 in February 2023."),
        ("end", {"day": "20\x0023"}, "Null characters are not allowed."),
        ("confirm", {"day": "2999"}, "This day is still to come."),
        ("confirm", {"day": "2019"}, "This lies before the start (2020)."),
        ("suspend", {"from_on": "2019-12-31"}, "The pause begins before the initiative does (2020)."),
        ("suspend", {"from_on": "2021-05-01", "until_on": "2021-04-30"}, "The pause ends before it begins."),
        ("suspend", {"from_on": "soon"}, "Write the day as year, month and day"),
        ("suspend", {"from_on": "2020-06-15"}, "There is another pause in these days"),
        ("suspend", {"from_on": "2020-05-15", "until_on": "2020-06-01"}, "There is another pause in these days"),
        ("cancel", {"day": ""}, "This field is required."),
    ],
)
def test_a_wrong_date_is_refused_beside_its_field(as_alice, running, mark, data, told):
    running.suspensions.create(from_on=date(2020, 6, 1), until_on=date(2020, 6, 30))
    response = set_mark(as_alice, running, mark, **data)
    assertContains(response, told, html=False)
    assert stored(running).version == 1
    assert running.suspensions.count() == 1


def test_an_end_that_leaves_a_system_beyond_it_names_the_system(as_alice, running, valley):
    row = running.engagements.get(conflict_system=valley)
    row.end = PartialDate.parse("2024")
    row.save()
    assertContains(set_mark(as_alice, running, "end", day="2023"), "In Valley, work goes on after")
    assert stored(running).end is None
    set_mark(as_alice, running, "end", day="2024")
    assert stored(running).end == PartialDate.parse("2024")


def test_an_end_before_a_pause_is_refused(as_alice, running):
    running.suspensions.create(from_on=date(2022, 1, 1), until_on=date(2022, 2, 1))
    assertContains(set_mark(as_alice, running, "end", day="2021"), "A pause lies after that (1 January 2022")


def test_a_pause_stays_within_the_dates(as_alice, alice):
    ending = make_initiative(by=alice, start="2020", end="2999")
    response = set_mark(as_alice, ending, "suspend", from_on="2021-01-01", until_on="3001-01-01")
    assertContains(response, "after the initiative&#x27;s end (2999)")


def test_a_cancellation_after_the_end_is_refused(as_alice, alice):
    ending = make_initiative(by=alice, start="2020", end="2999")
    assertContains(set_mark(as_alice, ending, "cancel", day="3001-01-01"), "It had ended before that (2999).")


# ---------------------------------------------------------------- publishing


def test_a_complete_draft_is_published(as_alice, running):
    running.publication = "draft"
    running.save()
    assertContains(as_alice.get(address(running, "publish")), "Members of the owning organisation.")
    set_mark(as_alice, running, "publish")
    assert stored(running).is_published


def test_a_draft_for_everyone_is_published_once_those_concerned_agreed(as_alice, alice, running):
    page = as_alice.get(address(running, "publish"))
    assertNotContains(page, 'name="agreed"')
    running.publication, running.sharing = "draft", "public"
    running.save()
    assertContains(as_alice.get(address(running, "publish")), 'name="agreed"')
    asked = set_mark(as_alice, running, "publish")
    assertContains(asked, "Ask those concerned first")
    assertNotContains(asked, "Complete it in the form")
    assert not stored(running).is_published
    set_mark(as_alice, running, "publish", agreed="on")
    assert not stored(running).is_published, "before she has proved who she is"
    sign_in_and_prove(as_alice, alice)
    set_mark(as_alice, running, "publish", agreed="on")
    assert stored(running).is_published


def test_what_an_incomplete_draft_lacks_does_not_stand_beside_the_agreement(as_alice, alice):
    draft = make_initiative(by=alice, publication="draft", sharing="public", start=None)
    response = set_mark(as_alice, draft, "publish")
    assert list(response.context["form"].errors) == ["__all__"]
    assertContains(response, "Complete it in the form")


def test_an_incomplete_draft_is_told_what_it_lacks_and_where_to_add_it(as_alice, alice):
    draft = make_initiative(by=alice, publication="draft", start=None)
    response = set_mark(as_alice, draft, "publish")
    for missing in ("conflict system", "when it began", "one lead track", "organisation in charge"):
        assertContains(response, missing)
    assertContains(response, reverse("initiatives:edit", args=[draft.ref]))
    assert not stored(draft).is_published


def test_only_its_readers_find_a_withdrawn_record(as_alice, running, colin):
    set_mark(as_alice, running, "withdraw")
    assert not Initiative.objects.visible_to(colin).exists()


# ---------------------------------------------------------------- two people at once, and twice the same


def test_a_stale_mark_is_refused_with_what_changed_and_works_when_sent_again(as_alice, maria, valley, tracks, bridge):
    content = Content(
        title="Bread",
        start=PartialDate.parse("2020"),
        engagements=[(valley, None, None)],
        participations=[("lead", bridge)],
        lead_track=tracks["business"],
    )
    initiative = log_initiative(content, by=maria, owner=bridge, publish=True)
    content.title = "Bread and roses"
    edit_initiative(initiative, content, by=maria)
    seen = initiative.version
    Initiative.objects.filter(pk=initiative.pk).update(author=maria)
    manager = Client()
    manager.force_login(maria)
    response = manager.post(address(initiative, "end"), {"day": "2023", "version": seen})
    assertContains(response, "Somebody changed this in the meantime", status_code=409)
    assertContains(response, "Bread and roses", status_code=409)
    assertContains(response, 'value="2023"', status_code=409)
    assert stored(initiative).end is None
    again = manager.post(
        address(initiative, "end"), {"day": "2023", "version": response.context["form"]["version"].value()}
    )
    assert again.status_code == 302
    assert stored(initiative).end == PartialDate.parse("2023")


@pytest.mark.parametrize(
    ("mark", "data"),
    [
        ("confirm", {"day": "2024-05"}),
        ("end", {"day": "2021"}),
        ("suspend", {"from_on": "2021-01-01"}),
        ("cancel", {"day": "2021-01-01"}),
        ("withdraw", {}),
    ],
)
def test_sending_a_mark_twice_does_it_once(as_alice, running, mark, data):
    for _ in range(2):
        response = as_alice.post(address(running, mark), {"version": 1} | data)
        assert response.status_code == 302
    assert stored(running).version == 2
    assert Revision.objects.count() == 1
    assert running.suspensions.count() <= 1


def test_a_mark_that_no_longer_applies_is_not_set(as_alice, alice):
    ended = make_initiative(by=alice, end="2021")
    response = set_mark(as_alice, ended, "end", day="2022")
    assertContains(response, "does not apply to it as it stands now")
    assert stored(ended).end == PartialDate.parse("2021")


def test_another_end_set_in_the_meantime_is_a_collision(as_alice, alice, running):
    set_mark(as_alice, running, "end", day="2021")
    response = as_alice.post(address(running, "end"), {"day": "2022", "version": 1})
    assert response.status_code == 409
    assert stored(running).end == PartialDate.parse("2021")


# ---------------------------------------------------------------- deleting a draft


def test_deleting_a_draft_asks_first_and_leaves_no_trace(as_alice, alice, bridge):
    draft = log_initiative(Content(title="Half an idea"), by=alice, owner=bridge)
    add_entry(draft, by=alice, happened_on=today(), kind="contact", text="Called.", sharing="organisation")
    other = log_initiative(Content(title="Another idea"), by=alice, owner=bridge)
    erase = reverse("initiatives:delete", args=[draft.ref])
    assertContains(as_alice.get(erase), "Delete this draft?")
    assert Initiative.objects.filter(pk=draft.pk).exists()
    assertRedirects(as_alice.post(erase), reverse("initiatives:list"), fetch_redirect_response=False)
    assert not Initiative.objects.filter(pk=draft.pk).exists()
    assert not Version.objects.filter(serialized_data__contains="Half an idea").exists()
    assert not Version.objects.filter(serialized_data__contains="Called.").exists()
    assert Version.objects.get_for_object(other).count() == 1
    assert as_alice.post(erase).status_code == 404


def test_what_had_been_taken_out_of_a_drafts_diary_goes_with_it(alice, bridge):
    drafts = [log_initiative(Content(title="Half an idea"), by=alice, owner=bridge) for _ in range(2)]
    for draft in drafts:
        text = f'Called {draft.pk}: "initiative": {drafts[0].pk}, she said.'
        delete_entry(
            add_entry(draft, by=alice, happened_on=today(), kind="contact", text=text, sharing="organisation"),
            by=alice,
        )
    delete_draft(drafts[0], by=alice)
    kept = "".join(Version.objects.values_list("serialized_data", flat=True))
    assert f"Called {drafts[0].pk}" not in kept
    assert f"Called {drafts[1].pk}" in kept


@pytest.mark.parametrize("done", ["deleted", "published"])
def test_a_draft_deleted_or_published_in_the_same_moment_raises_nothing(as_alice, alice, bridge, done, monkeypatch):
    draft = log_initiative(Content(title="Half an idea"), by=alice, owner=bridge)

    def overtaken(initiative, *, by):
        if done == "deleted":
            delete_draft(initiative, by=by)
        else:
            Initiative.objects.filter(pk=initiative.pk).update(publication="published")
        delete_draft(initiative, by=by)

    monkeypatch.setattr("initiatives.views.lifecycle.delete_draft", overtaken)
    response = as_alice.post(reverse("initiatives:delete", args=[draft.ref]))
    if done == "deleted":
        assert response.status_code == 404
    else:
        assertRedirects(response, draft.get_absolute_url())


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_what_was_published_is_never_deleted(as_alice, alice, state):
    initiative = make_initiative(by=alice, publication=state)
    assert as_alice.post(reverse("initiatives:delete", args=[initiative.ref])).status_code == 403
    with pytest.raises(Exception, match="Only a draft can be deleted"):
        delete_draft(initiative, by=alice)
    assert Initiative.objects.filter(pk=initiative.pk).exists()


def test_an_action_refuses_what_the_record_does_not_allow(alice):
    draft = make_initiative(by=alice, publication="draft")
    with pytest.raises(Exception, match="Only a published record"):
        withdraw(draft, by=alice)


def test_the_default_last_day_of_a_pause_is_yesterday(as_alice, running):
    running.suspensions.create(from_on=date(2021, 1, 1))
    yesterday = (today() - timedelta(days=1)).isoformat()
    assertContains(as_alice.get(address(running, "resume")), f'value="{yesterday}"')


def test_a_hostile_title_is_text_when_asking(as_alice, alice):
    initiative = make_initiative("<script>alert('t')</script>", by=alice)
    assertNotContains(as_alice.get(address(initiative, "end")), "<script>alert")


@pytest.mark.parametrize(("days", "back"), [(0, True), (30, True), (31, False), (400, False)])
def test_what_was_withdrawn_can_be_brought_back_for_thirty_days(as_alice, alice, running, days, back):
    withdraw(running, by=alice)
    Initiative.objects.filter(pk=running.pk).update(withdrawn_on=today() - timedelta(days=days))
    last = PartialDate.around(today() - timedelta(days=days - 30), "day")
    page = as_alice.get(running.get_absolute_url()).content.decode()
    assert f"be brought back until {last}" in page
    assert (f'<a href="{address(running, "publish")}">Publish again</a>' in page) == back
    asked = as_alice.get(address(running, "publish"))
    assert ("Who may read it then" in asked.content.decode()) == back
    as_alice.post(address(running, "publish"))
    stored = Initiative.objects.get(pk=running.pk)
    assert stored.is_published == back
    assert (stored.withdrawn_on is None) == back


def test_after_that_the_action_refuses_too_and_so_does_the_form(as_alice, alice, running):
    withdraw(running, by=alice)
    Initiative.objects.filter(pk=running.pk).update(withdrawn_on=today() - timedelta(days=31))
    with pytest.raises(Exception, match="could be brought back until"):
        publish(running, by=alice)
    sent = as_sent(edit_page(as_alice, running), action="publish")
    assertContains(as_alice.post(reverse("initiatives:edit", args=[running.ref]), sent), "could be brought back until")
    assert Initiative.objects.get(pk=running.pk).publication == "withdrawn"


def test_one_withdrawn_on_a_day_that_nobody_noted_can_be_brought_back(alice, running):
    withdraw(running, by=alice)
    Initiative.objects.filter(pk=running.pk).update(withdrawn_on=None)
    publish(running, by=alice)
    assert Initiative.objects.get(pk=running.pk).is_published


# ---------------------------------------------------------------- who publishes


@pytest.fixture
def named_draft(running, olga):
    """named_draft(sharing): Alice's draft, on which Olga of another organisation is named to write."""

    def named_draft(sharing):
        Initiative.objects.update(publication="draft", sharing=sharing)
        Grant.objects.create(initiative=running, user=olga, access="write")
        return Initiative.objects.get()

    return named_draft


@pytest.mark.parametrize("sharing", ["organisation", "network", "public"])
def test_whoever_is_only_named_on_a_draft_opens_it_to_nobody_more(client, named_draft, olga, sharing):
    draft = named_draft(sharing)
    sign_in_and_prove(client, olga)
    assert client.post(address(draft, "publish"), {"version": draft.version, "agreed": "on"}).status_code == 403
    page = edit_page(client, draft)
    assertContains(page, "You are named on this draft. Its author publishes it.")
    assertNotContains(page, 'value="publish"')
    sent = as_sent(page, action="publish", agreed="on", confirmed_new="on", title="With a better title")
    refused = client.post(reverse("initiatives:edit", args=[draft.ref]), sent)
    assertContains(refused, "ask its author to publish it")
    assertContains(refused, "With a better title")
    assert Initiative.objects.get().publication == "draft"
    assertRedirects(
        client.post(reverse("initiatives:edit", args=[draft.ref]), sent | {"action": "draft"}),
        reverse("initiatives:edit", args=[draft.ref]),
    )


def test_for_those_named_alone_they_may_publish_it(client, named_draft, olga):
    draft = named_draft("restricted")
    client.force_login(olga)
    client.post(address(draft, "publish"), {"version": draft.version, "agreed": "on"})
    assert Initiative.objects.get().publication == "published"


def test_nor_does_the_action_let_them(named_draft, olga):
    with pytest.raises(ValidationError, match="only named on this draft"):
        publish(named_draft("network"), by=olga, agreed=True)

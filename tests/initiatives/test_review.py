"""Review before publishing. Alice writes; Maria and Mo manage Bridge, which reviews; Otto manages Harbour."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.actions import lifecycle
from initiatives.actions.review import approve, put_forward, send_back, take_back
from initiatives.models import Grant, Initiative, Organisation, ReviewStep
from initiatives.permissions import may_review, may_take_back
from mtd_tracker.history import StaleSave, change
from tests.factories import MembershipFactory, make_initiative
from tests.initiatives.asking import apart, coverage_of
from tests.initiatives.form_pages import COMPLETE, NEW, as_sent, edit_page, errors
from tests.initiatives.reviewing import COMMENT, browser, decide, kinds, mark, notes, page_of, stored
from tests.proving import sign_in_and_prove

pytestmark = pytest.mark.usefixtures("reviewing")


# ---------------------------------------------------------------- sending


def test_a_new_record_is_sent_for_review_and_not_published(form, maria, alice):
    response = form("publish", **COMPLETE)
    record = Initiative.objects.get()
    assertRedirects(response, record.get_absolute_url())
    assert record.publication == "in_review"
    assert kinds(record) == ["submitted"]
    assert notes(record) == ["Logged and sent for review"]


def test_sending_asks_for_what_publishing_asks_for(form, maria):
    assert set(errors(form("publish", title="Half"))) == {"conflicts", "start", "lead_track"}
    assert not Initiative.objects.exists()


def test_a_draft_is_sent_from_its_form(form, client, draft, maria):
    record = draft()
    client.post(reverse("initiatives:edit", args=[record.ref]), as_sent(edit_page(client, record), action="publish"))
    assert stored(record).publication == "in_review"
    assert notes(record) == ["Sent for review"]


def test_a_draft_is_sent_by_its_mark_which_says_so(draft, alice, maria):
    record = draft()
    address = reverse("initiatives:mark", args=[record.ref, "publish"])
    assertContains(browser(alice).get(address), "Send it for review?")
    assertContains(mark(alice, record, "publish"), "Sent for review.")
    assert stored(record).publication == "in_review"


def test_the_form_says_what_its_button_does(client, alice, maria, draft, tracks, bridge):
    client.force_login(alice)
    for address in (f"{NEW}?token=5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11", f"/initiatives/{draft().ref}/edit/"):
        assertContains(client.get(address), 'value="publish">Send for review')
    Organisation.objects.update(reviews=False)
    assertContains(client.get(f"{NEW}?token=5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"), 'value="publish">Publish<')


def test_who_may_publish_here_and_not_there_is_told_that_it_depends(client, alice, maria, harbour, tracks):
    MembershipFactory(user=alice, organisation=harbour)
    client.force_login(alice)
    assertContains(client.get(f"{NEW}?token=5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"), "Publish or send for review")


def test_sending_twice_sends_once(draft, alice, maria):
    record = draft()
    assert lifecycle.publish(record, by=alice, version=1).step_taken
    assert lifecycle.publish(record, by=alice, version=1) is None
    with pytest.raises(ValidationError, match="in review already"):
        lifecycle.publish(record, by=alice)
    with pytest.raises(ValidationError, match="published already"):
        lifecycle.publish(draft(publication="published"), by=alice)
    assert kinds(record) == ["submitted"]
    assert stored(record).version == 2


def test_the_same_new_form_sent_twice_sends_once(form, maria):
    token = "5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"
    for _ in range(2):
        form("publish", **COMPLETE, form_token=token)
    assert kinds(Initiative.objects.get()) == ["submitted"]


def test_a_withdrawn_record_comes_back_through_review_and_is_never_a_draft_again(draft, alice, maria, mo):
    record = draft(publication="published")
    lifecycle.withdraw(record, by=alice)
    lifecycle.publish(record, by=maria)  # she sends it, so she doesn't approve it
    assert stored(record).publication == "in_review"
    take_back(record, by=maria)
    assert stored(record).publication == "withdrawn"


# ---------------------------------------------------------------- who may review


def test_a_manager_sends_their_own_record_to_another_manager(draft, maria, mo):
    record = draft(by=maria)
    assert lifecycle.publish(record, by=maria).publication == "in_review"
    assert not may_review(maria, record)
    assert may_review(mo, record)
    with pytest.raises(ValidationError, match="another manager"):
        approve(record, by=maria, version=2)
    assert decide(maria, record, "approve").status_code == 403


def test_the_only_manager_publishes_alone_and_the_history_says_so(draft, maria):
    record = draft(by=maria)
    assertContains(browser(maria).get(f"/initiatives/{record.ref}/edit/"), "nobody else could review this")
    assertContains(mark(maria, record, "publish"), "Published.")
    assert stored(record).is_published
    assert "without review, as nobody else could review it" in notes(record)[0]
    assert kinds(record) == []


def test_a_deactivated_manager_reviews_nothing_and_counts_for_nobody(sent, draft, maria, mo):
    record = sent()
    maria.memberships.update(active=False)
    assert browser(maria).get(page_of(record)).status_code == 404
    assert decide(maria, record, "approve").status_code == 404
    maria.memberships.update(active=True)
    mo.is_active = False
    mo.save()
    assert lifecycle.publish(draft(by=maria), by=maria).is_published  # nobody else is left


def test_without_any_manager_sending_is_refused_and_the_draft_stays(form, draft, alice):
    assert "Nobody at Bridge could review it" in str(errors(form("publish", **COMPLETE)))
    record = draft()
    assertContains(mark(alice, record, "publish"), "Nobody at Bridge could review it")
    assert stored(record).publication == "draft"
    assert Initiative.objects.count() == 1


def test_a_restricted_record_needs_a_manager_who_is_named(form, draft, alice, maria, mo):
    said = COMPLETE | {"sharing": "restricted"}
    assert "Name another manager of Bridge" in errors(form("publish", **said))["grants"][0]
    record = draft(sharing="restricted")
    assertContains(mark(alice, record, "publish"), "Name another manager of Bridge")
    Grant.objects.create(initiative=record, user=maria)
    mark(alice, record, "publish")
    assert stored(record).publication == "in_review"
    assert [user for user in (maria, mo) if may_review(user, record)] == [maria]
    assert browser(mo).get(page_of(record)).status_code == 404
    assertNotContains(browser(mo).get("/reviews/"), "Market talks")
    assertNotContains(browser(mo).get("/"), "To review <span")
    assert decide(maria, record, "approve").status_code == 302
    assert stored(record).is_published


def test_the_one_manager_is_named_in_the_same_form(form, maria):
    people = {"grant_people": [maria.email], "grant_access": ["read"], "grant_until": [""]}
    form("publish", **COMPLETE, **people, sharing="restricted")
    assert Initiative.objects.get().publication == "in_review"


def test_in_review_a_record_keeps_somebody_to_review_it(form, client, sent, maria):
    record = sent()
    client.post(
        reverse("initiatives:edit", args=[record.ref]), as_sent(edit_page(client, record), sharing="restricted")
    )
    assert stored(record).sharing == "organisation"


def test_managers_of_another_organisation_of_the_author_dont_review(sent, alice, otto, harbour, maria):
    MembershipFactory(user=alice, organisation=harbour)
    record = sent()
    assert browser(otto).get(page_of(record)).status_code == 404
    assert decide(otto, record, "approve").status_code == 404
    assert stored(record).publication == "in_review"


def test_who_may_review_is_the_same_for_one_and_for_many(sent, alice, maria, mo, otto, harbour, colin):
    Organisation.objects.update(reviews=True)
    for by in (alice, maria, mo):
        sent(by=by)
        restricted = make_initiative(by=by, sharing="restricted", publication="in_review")
        Grant.objects.create(initiative=restricted, user=maria)
        make_initiative(by=by, publication="in_review")
        withdrawn = make_initiative(by=alice, publication="in_review")
        ReviewStep.objects.create(initiative=withdrawn, kind="submitted", by=mo)
        ReviewStep.objects.create(initiative=withdrawn, kind="submitted", by=by)
    for user in (alice, colin, maria, mo, otto):
        visible = Initiative.objects.visible_to(user)
        one_by_one = {i.pk for i in visible.filter(publication="in_review") if may_review(user, i)}
        assert set(visible.awaiting_review_by(user).values_list("pk", flat=True)) == one_by_one
        assert bool(one_by_one) is (user in (maria, mo))


# ---------------------------------------------------------------- deciding


def test_the_whole_walk_is_kept(sent, alice, maria):
    record = sent()
    assertRedirects(decide(maria, record, "return", comment=COMMENT), reverse("initiatives:reviews"))
    assert stored(record).publication == "draft"
    edit = browser(alice)
    page = edit_page(edit, record)
    assertContains(page, COMMENT)
    edit.post(reverse("initiatives:edit", args=[record.ref]), as_sent(page, title="Better", action="publish"))
    assertContains(browser(maria).get(page_of(record)), COMMENT)
    decide(maria, record, "approve")
    assert stored(record).is_published
    assert kinds(record) == ["submitted", "returned", "submitted", "approved"]
    assert notes(record) == ["Approved", "Sent for review", "Returned", "Sent for review"]


def test_returning_needs_a_comment(sent, maria):
    record = sent()
    for comment in ("", "  ", "nul\x00"):
        response = decide(maria, record, "return", comment=comment)
        assert errors(response).keys() == {"comment"}
    with pytest.raises(ValidationError):
        send_back(record, by=maria, version=2, comment="")
    assert stored(record).publication == "in_review"


@pytest.mark.parametrize("answer", [{}, {"decision": "publish"}, {"decision": "nul\x00"}, {"version": "x"}])
def test_an_answer_that_decides_nothing_is_told_so(sent, maria, answer):
    record = sent()
    response = browser(maria).post(page_of(record), {"version": 2, "comment": COMMENT} | answer)
    assertContains(response, "Please look at these fields")
    assertContains(response, COMMENT)
    assert stored(record).publication == "in_review"


def test_approving_without_naming_the_version_is_refused(sent, maria):
    record = sent()
    response = browser(maria).post(page_of(record), {"decision": "approve"})
    assert "Open this page again" in str(errors(response))
    assert stored(record).publication == "in_review"


def test_what_the_author_changed_meanwhile_is_shown_before_it_is_approved(form, client, sent, maria):
    record = sent()
    page = edit_page(client, record)
    client.post(reverse("initiatives:edit", args=[record.ref]), as_sent(page, title="Quite another title"))
    assert stored(record).publication == "in_review"
    response = decide(maria, record, "approve", version=2, comment=COMMENT)
    assert response.status_code == 409
    for words in ("Somebody changed this in the meantime", "Quite another title", "Market talks", COMMENT):
        assert words in response.content.decode()
    assert stored(record).publication == "in_review"
    assert response.context["form"]["version"].value() == 3
    decide(maria, record, "approve", version=3)
    assert stored(record).is_published


def test_the_same_decision_sent_twice_is_taken_once(sent, maria):
    record = sent()
    assert send_back(record, by=maria, version=2, comment="A").step_taken
    assert send_back(record, by=maria, version=2, comment="A").step_taken is None
    assertRedirects(decide(maria, record, "return", version=2, comment="A"), reverse("initiatives:reviews"))
    assert kinds(record) == ["submitted", "returned"]
    assert stored(record).version == 3


def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told(sent, maria, mo):
    first = sent()
    send_back(first, by=maria, version=2, comment="A")
    with pytest.raises(StaleSave):
        approve(first, by=mo, version=2)
    response = decide(mo, first, "approve", version=2, comment=COMMENT)
    assert response.status_code == 404
    assert COMMENT in response.content.decode()
    assert "Nothing of what you sent was done" in response.content.decode()
    second = sent()
    approve(second, by=mo, version=2)
    response = decide(maria, second, "return", version=2, comment=COMMENT)
    assert response.status_code == 409
    for words in ("Approved and published by Mo", COMMENT):
        assert words in response.content.decode()
    assert stored(first).publication == "draft"
    assert stored(second).is_published


def test_a_decision_that_comes_between_reading_and_writing_is_told_too(sent, maria, mo, monkeypatch):
    for quicker in (
        lambda record: approve(record, by=mo, version=2),
        lambda record: take_back(record, by=record.author),
    ):
        record = sent()

        def late(initiative, quicker=quicker, **said):
            quicker(initiative)
            return approve(initiative, **said)

        monkeypatch.setattr("initiatives.views.review.approve", late)
        assert "Not in review" in decide(maria, record, "approve", version=2).content.decode()


def test_nothing_in_review_answers_like_nothing_at_all(draft, maria):
    unknown = "00000000-0000-4000-8000-000000000000"
    for method in ("get", "post"):
        answers = []
        for ref in (str(draft().ref), unknown):
            response = getattr(browser(maria), method)(reverse("initiatives:review", args=[ref]))
            answers.append((response.status_code, response.content.decode().count("Not in review")))
        assert answers[0] == answers[1] == (404, 2)


# ---------------------------------------------------------------- taking back


def test_who_wrote_or_sent_it_takes_it_back(sent, alice, maria, mo, colin):
    record = sent()
    assert [user for user in (alice, maria, mo, colin) if may_take_back(user, record)] == [alice]
    assert mark(maria, record, "take-back").status_code == 403
    assertContains(mark(alice, record, "take-back"), "Taken back from review.")
    assert stored(record).publication == "draft"
    assert notes(record)[0] == "Taken back from review"


def test_when_reviews_are_switched_off_what_waits_still_waits(form, client, sent, draft, alice, maria, bridge):
    first, second = sent(), sent()
    Organisation.objects.update(reviews=False)
    client.post(reverse("initiatives:edit", args=[first.ref]), as_sent(edit_page(client, first), action="publish"))
    mark(alice, first, "publish")
    assert stored(first).publication == "in_review"
    decide(maria, first, "approve")
    mark(alice, second, "take-back")
    mark(alice, second, "publish")
    assert stored(first).is_published
    assert stored(second).is_published


# ---------------------------------------------------------------- no other way to readers


def test_no_way_of_publishing_leads_past_the_review(form, client, draft, alice, maria, harbour, olga):
    MembershipFactory(user=alice, organisation=harbour)
    form("publish", **COMPLETE, owner="bridge")
    for fields in ({}, {"publication": "withdrawn"}, {"owner": harbour}):
        record = draft(**fields)
        page = edit_page(client, record)
        client.post(
            reverse("initiatives:edit", args=[record.ref]),
            as_sent(page, action="publish", owner="bridge", confirmed_new="on", publication="published"),
        )
        assert stored(record).publication == "in_review", fields
    named = draft()
    Grant.objects.create(initiative=named, user=olga, access="write")
    mark(olga, named, "publish")
    assert stored(named).publication == "in_review"
    assert not Initiative.objects.published().exists()


def test_a_published_record_isnt_handed_to_an_organisation_that_reviews(form, client, draft, alice, maria, harbour):
    MembershipFactory(user=alice, organisation=harbour)
    record = draft(publication="published", owner=harbour)
    sign_in_and_prove(client, alice)
    sent = {"owner": "bridge", "reason": "It moves with us.", "agreed": "on", "version": record.version}
    response = client.post(reverse("initiatives:sharing", args=[record.ref]), sent)
    assert "Withdraw the record first" in errors(response)["owner"][0]
    assert stored(record).owner == harbour


def test_a_published_record_stays_published_when_edited(form, client, draft, maria):
    record = draft(publication="published")
    client.post(reverse("initiatives:edit", args=[record.ref]), as_sent(edit_page(client, record), title="Newer"))
    assert stored(record).is_published
    assert stored(record).title == "Newer"


def test_a_command_that_loads_publishes_at_once(draft, maria):
    with change(draft(), by=None, note="Loaded") as record:
        put_forward(record, by=None)
    assert stored(record).is_published


def test_what_is_in_review_is_in_no_figure_and_in_the_list_only_when_asked_for(
    client, sent, alice, maria, colin, valley
):
    sent("Waiting one")
    for user in (alice, maria):
        assert apart(coverage_of(valley, initiatives=Initiative.objects.visible_to(user))) == (0, 0, 0, 0)
    client.force_login(maria)
    assertContains(client.get("/initiatives/?status=in_review"), "Waiting one")
    assertNotContains(client.get("/initiatives/?status=active"), "Waiting one")
    client.force_login(colin)
    assertNotContains(client.get("/initiatives/?status=in_review"), "Waiting one")


def test_edits_of_what_is_in_review_stay_complete(sent, alice):
    record = sent()
    assert errors_of_edit(record, alice, start="") == {"start"}


def errors_of_edit(record, user, **changes):
    page = edit_page(browser(user), record)
    response = browser(user).post(reverse("initiatives:edit", args=[record.ref]), as_sent(page, **changes))
    return set(errors(response))


def test_where_author_and_sender_have_no_account_any_more_it_is_reviewed_all_the_same(sent, maria):
    record = sent()
    Initiative.objects.filter(pk=record.pk).update(author=None)
    ReviewStep.objects.update(by=None)
    assert decide(maria, record, "approve").status_code == 302
    assert stored(record).is_published


# ---------------------------------------------------------------- who changes it in review


def test_a_reviewer_who_changes_it_reviews_it_no_more(sent, maria, mo):
    record = sent()
    reviewer = browser(maria)
    page = edit_page(reviewer, record)
    reviewer.post(reverse("initiatives:edit", args=[record.ref]), as_sent(page, title="Maria’s words", action="save"))
    record = stored(record)
    assert record.title == "Maria’s words"
    assert not may_review(maria, record)
    assert record not in Initiative.objects.visible_to(maria).awaiting_review_by(maria)
    assert record in Initiative.objects.visible_to(mo).awaiting_review_by(mo)
    with pytest.raises(ValidationError, match="wrote, sent or last changed it"):
        approve(record, by=maria, version=record.version)
    approve(record, by=mo, version=record.version)
    assert stored(record).publication == "published"

"""Mail about a review: a link and nothing else, to those whom it concerns, and never in the way of the step."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from pytest_django.asserts import assertContains

from initiatives.models import Grant
from tests.factories import MembershipFactory
from tests.initiatives.form_pages import COMPLETE
from tests.initiatives.reviewing import COMMENT, decide, mark, stored

pytestmark = pytest.mark.usefixtures("reviewing")

CANARY = "Xylophonic"


class Silent(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    """Refuses Maria's mail alone."""

    def send_messages(self, mails):
        if mails[0].to == ["maria@example.org"]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(mails)


class Breaking(EmailBackend):
    def send_messages(self, mails):
        raise SMTPServerDisconnected


@pytest.fixture
def told(mailoutbox, django_capture_on_commit_callbacks):
    """told(step): whom the step was mailed to, once it is stored."""

    def told(step):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            told.response = step()
        return sorted(address for mail in mailoutbox for address in mail.to)

    return told


def test_sending_is_told_to_the_reviewers_returning_and_approving_to_the_author(told, draft, alice, maria, mo, colin):
    record = draft()
    assert told(lambda: mark(alice, record, "publish")) == [maria.email, mo.email]
    assert told(lambda: decide(maria, record, "return", comment=COMMENT)) == [alice.email]
    assert told(lambda: mark(alice, record, "publish")) == [maria.email, mo.email]
    assert told(lambda: decide(mo, record, "approve")) == [alice.email]


def test_a_new_record_sent_with_its_form_is_told_and_once(told, form, maria):
    said = COMPLETE | {"form_token": "5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"}
    assert told(lambda: form("publish", **said)) == [maria.email]
    assert told(lambda: form("publish", **said)) == []


def test_saving_and_taking_back_are_told_to_nobody(told, form, draft, alice, maria):
    assert told(lambda: form("draft", title="Half")) == []
    record = draft()
    mark(alice, record, "publish")
    assert told(lambda: mark(alice, record, "take-back")) == []


def test_nothing_of_the_record_stands_in_a_mail(told, mailoutbox, draft, alice, maria, bridge, valley):
    record = draft(f"{CANARY} talks", summary=f"{CANARY} summary", sharing="restricted")
    Grant.objects.create(initiative=record, user=maria)
    steps = {
        "review": lambda: mark(alice, record, "publish"),
        "detail": lambda: decide(maria, record, "return", comment=f"{CANARY} comment"),
        "review again": lambda: mark(alice, record, "publish"),
        "detail again": lambda: decide(maria, record, "approve", comment=f"{CANARY} comment"),
    }
    for name, step in steps.items():
        assert len(told(step)) == 1
        (mail,) = mailoutbox
        address = reverse(f"initiatives:{name.split()[0]}", args=[record.ref])
        assert f"\nhttp://testserver{address}\n" in mail.body
        whole = mail.message().as_string()
        for word in (CANARY, "Bridge", "Valley", "Alice", "Maria", "Market"):
            assert word not in whole, word


def test_a_mail_names_one_person_alone(told, mailoutbox, draft, alice, maria, mo):
    record = draft()
    told(lambda: mark(alice, record, "publish"))
    assert [(len(mail.to), mail.cc, mail.bcc) for mail in mailoutbox] == [(1, [], [])] * 2


def test_who_is_no_active_member_is_told_nothing(told, draft, sent, alice, maria, mo):
    mo.is_active = False
    mo.save()
    MembershipFactory(organisation=maria.memberships.get().organisation, role="manager", active=False)
    record = draft()
    assert told(lambda: mark(alice, record, "publish")) == [maria.email]
    alice.memberships.update(active=False)
    assert told(lambda: decide(maria, record, "return", comment=COMMENT)) == []


def test_who_sent_it_for_the_author_is_told_with_the_author(told, draft, alice, maria, olga):
    record = draft()
    Grant.objects.create(initiative=record, user=olga, access="write")
    mark(olga, record, "publish")
    assert told(lambda: decide(maria, record, "return", comment=COMMENT)) == [alice.email, olga.email]


def test_who_may_not_open_it_any_more_is_told_nothing(told, draft, maria, alice, olga):
    record = draft()
    grant = Grant.objects.create(initiative=record, user=olga, access="write")
    mark(olga, record, "publish")
    grant.delete()
    assert told(lambda: decide(maria, record, "return", comment=COMMENT)) == [alice.email]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("backend", [Silent, Breaking])
def test_a_mail_server_that_doesnt_answer_stops_no_step(settings, told, draft, alice, maria, backend, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    record = draft()
    assert told(lambda: mark(alice, record, "publish")) == []
    assert stored(record).publication == "in_review"
    assertContains(told.response, "the mail about it could not be sent")
    assert "could not be sent" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_one_refused_address_keeps_no_other_from_its_mail(settings, told, draft, alice, maria, mo):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    record = draft()
    assert told(lambda: mark(alice, record, "publish")) == [mo.email]
    assertContains(told.response, "the mail about it could not be sent")


def test_no_mail_leaves_for_a_step_that_was_not_taken(told, sent, maria, mo):
    record = sent()
    assert told(lambda: decide(maria, record, "approve", version=1)) == []
    assert told(lambda: decide(maria, record, "return")) == []

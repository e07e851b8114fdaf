"""The monthly mail about kept questions: once a month, links and numbers alone, and one click ends it."""

import re
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from initiatives.actions.questions import MOST_MONTHLY, edit_question, keep_question
from initiatives.digests import mail_digest, reader_of, token_of
from initiatives.models import SavedQuestion
from mtd_tracker.sight import seen_by
from tests.factories import make_initiative

pytestmark = pytest.mark.django_db
SITE = "https://localhost"


def kept(by, address="/initiatives/", name="Canary words", **more):
    with time_machine.travel("2026-05-12"):
        return keep_question(address, by=by, name=name, sharing="mine", monthly=True, **more)


def run(day="2026-06-01"):
    with time_machine.travel(day):
        call_command("send_digests")
    return [sent.to[0] for sent in mail.outbox]


def test_once_a_month_however_often_it_is_run(alice, olga, capsys):
    for user in (alice, olga):
        kept(user)
    assert run("2026-06-01") == run("2026-06-02") == ["alice@example.org", "olga@example.org"]
    assert "2 of 2 digests sent for June 2026." in capsys.readouterr().out
    assert len(run("2026-07-05")) == 4


def test_it_begins_with_the_month_after_it_was_asked_for(alice):
    kept(alice)
    assert run("2026-05-31") == []
    assert run("2026-06-01") == ["alice@example.org"]


def test_who_did_not_ask_and_who_is_gone_get_none(alice, olga):
    keep_question("/initiatives/", by=alice, name="Quiet", sharing="mine")
    kept(olga)
    olga.is_active = False
    olga.save()
    assert run() == []


def test_its_places_are_the_numbers_of_the_page(client, alice, valley):
    keep_question("/initiatives/", by=alice, name="Quiet", sharing="mine")
    mailed = kept(alice, address="/conflicts/valley/")
    run()
    assert f"2. The coverage of a conflict system: 0\n  {SITE}{mailed.get_absolute_url()}" in mail.outbox[0].body
    client.force_login(alice)
    page = client.get(reverse("initiatives:questions")).content.decode()
    numbered = page.partition('<ol class="questions">')[2].partition("</ol>")[0]
    assert re.findall(r'<a href="(/questions/[^"]+/)" dir="auto">', numbered)[1:] == [mailed.get_absolute_url()]


def test_it_holds_links_and_the_numbers_that_its_reader_may_see(alice, olga, valley, tracks):
    shared = {"by": alice, "conflicts": [valley], "tracks": [tracks["media"]]}
    make_initiative("Secret talks", **shared)
    make_initiative("Open talks", sharing="network", **shared)
    mine, theirs = kept(alice), kept(olga)
    of_valley = kept(olga, address="/conflicts/valley/?track=media")
    run()
    to_alice, to_olga = (sent.body for sent in mail.outbox)
    assert f"1. A list of initiatives: 2\n  {SITE}/questions/{mine.ref}/\n" in to_alice
    assert f"1. A list of initiatives: 1\n  {SITE}/questions/{theirs.ref}/\n" in to_olga
    assert f"2. The coverage of a conflict system: 1\n  {SITE}/questions/{of_valley.ref}/\n" in to_olga
    for told in (mail.outbox[1].subject, to_alice, to_olga):
        assert not any(word in told for word in ("talks", "Canary", "Valley", "valley", "media", "Alice", "Olga"))


def test_a_question_that_cannot_be_asked_any_more_says_so(alice, valley):
    question = kept(alice, address="/conflicts/valley/")
    SavedQuestion.objects.filter(pk=question.pk).update(path="/conflicts/gone/")
    run()
    assert "1. The coverage of a conflict system: can’t be asked any more" in mail.outbox[0].body


def test_a_run_that_is_killed_goes_on_where_it_stopped(alice, olga, monkeypatch):
    kept(alice)
    kept(olga)
    send = EmailBackend.send_messages

    def killed_at_the_second(backend, messages):
        if mail.outbox:
            raise KeyboardInterrupt
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()
    assert run() == ["alice@example.org", "olga@example.org"]


def test_where_no_mail_can_be_sent_nobody_is_marked_and_one_refused_address_stops_nobody(alice, olga, monkeypatch):
    kept(alice)
    kept(olga)
    send = EmailBackend.send_messages

    def refuse(backend, messages):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(CommandError, match="0 sent, then no mail could be sent"):
        run()

    refusals = iter([SMTPRecipientsRefused({"alice@example.org": (550, b"no")}), SMTPDataError(552, b"mailbox full")])

    def refuse_alice(backend, messages):
        if messages[0].to == ["alice@example.org"]:
            raise next(refusals)
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_alice)
    assert run() == ["olga@example.org"]
    assert run() == ["olga@example.org"]
    monkeypatch.undo()
    assert run() == ["olga@example.org", "alice@example.org"]


def test_another_run_that_was_quicker_leaves_nothing_to_send(alice, monkeypatch):
    question = kept(alice)
    month = question.sent_for.replace(month=6)

    def mailed_meanwhile(user, one):
        SavedQuestion.objects.update(sent_for=month)
        return (1,)

    monkeypatch.setattr("initiatives.digests.counts_for", mailed_meanwhile)
    assert not mail_digest(alice, month, site=SITE)
    assert mail.outbox == []


def test_it_is_counted_in_the_sight_of_its_reader(alice, monkeypatch):
    kept(alice)
    seen = []

    def noting(user):
        seen.append(user)
        return seen_by(user)

    monkeypatch.setattr("initiatives.digests.seen_by", noting)
    run()
    assert seen == [alice]


def test_one_click_stops_it_signed_in_or_not(alice, colin):
    question = kept(alice)
    kept(colin)
    run()
    header = mail.outbox[0].extra_headers
    address = header["List-Unsubscribe"].strip("<>")
    assert header["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.outbox[0].body
    path = address.removeprefix(SITE)
    client = Client(enforce_csrf_checks=True)  # as a mail program asks, without cookies
    assert "alice" not in client.get(path).content.decode().lower()
    question.refresh_from_db()
    assert question.monthly, "looking at the page changes nothing"
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(SavedQuestion.objects.filter(monthly=True).values_list("user", flat=True)) == [colin.pk]
    assert "The monthly mail has stopped" in client.get(path).content.decode()


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "x", lambda token: f"0{token[1:]}x"])
def test_no_other_token_stops_anything(client, alice, change):
    token = change(token_of(alice))
    assert reader_of(token) is None
    assert client.post(reverse("initiatives:digest-stop", args=[token])).status_code == 404


def test_there_is_a_most(alice):
    questions = [kept(alice, name=str(number)) for number in range(MOST_MONTHLY)]
    with pytest.raises(ValidationError, match="are mailed"):
        kept(alice, name="one more")
    edit_question(questions[0], by=alice, name="Still", sharing="mine", monthly=True)


def test_the_host_of_its_links_is_the_sites_own():
    with pytest.raises(CommandError, match="not among ALLOWED_HOSTS"):
        call_command("send_digests", host="elsewhere.example.org")

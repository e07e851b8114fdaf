"""A record that two people agreed to erase leaves no trace but its tombstone."""

import uuid
from datetime import timedelta
from functools import partial
from threading import Event
from time import sleep

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Revision, Version

from initiatives.actions.erasing import erase_record
from initiatives.actions.members import change_role, join
from initiatives.dates import today
from initiatives.models import Autosave, Grant, Initiative, InitiativeLink, Organisation, Reading, Wording
from initiatives.models.wording import INDEX
from initiatives.permissions import may_agree_to_erase
from mtd_tracker import history
from mtd_tracker.elevation import elevated
from mtd_tracker.erasure.actions import agree, ask_to_erase_person, ask_to_erase_record, decline
from mtd_tracker.erasure.models import Erasure, Kind, Tombstone
from mtd_tracker.erasure.people import erase_person
from mtd_tracker.erasure.permissions import may_agree
from mtd_tracker.erasure.telling import who_may_agree
from mtd_tracker.erasure.tombstones import Line, read
from mtd_tracker.history import StaleSave, change
from tests.at_once import at_once
from tests.factories import MembershipFactory, UserFactory, make_initiative
from tests.mtd_tracker.erasing import CANARY, record_full_of_canaries, traces_of
from tests.proving import sign_in_and_prove


@pytest.fixture
def full(alice, olga, harbour, valley, tracks, principles, activities):
    return record_full_of_canaries(
        author=alice,
        other=olga,
        harbour=harbour,
        valley=valley,
        tracks=tracks,
        principles=principles,
        activities=activities,
    )


@pytest.fixture
def asked(alice):
    initiative = make_initiative("Bread", by=alice)
    return ask_to_erase_record(initiative, by=alice, reason="A promise.")


def asking(user):
    client = Client()
    client.force_login(user)
    return client


def test_no_table_says_a_word_of_it_afterwards(full, alice, maria):
    record, _ = full
    ref, title = record.ref, record.title
    assert len(traces_of(CANARY)) > 15
    asking(alice).post(reverse("erasure:record", args=[ref]), {"reason": CANARY})
    agree(Erasure.objects.get(), by=maria)
    assert traces_of(CANARY) == set()
    assert {table for table, _ in traces_of(title)} == set()
    assert {table for table, _ in traces_of(ref.hex[:12])} | {table for table, _ in traces_of(str(ref)[:12])} == {
        "erasure_erasure",
        "erasure_tombstone",
    }
    assert not Reading.objects.exists()


def test_no_three_letters_of_it_are_left_in_the_index_of_words(full, alice, maria):
    record, _ = full
    assert is_indexed(CANARY[:3].lower())
    agree(ask_to_erase_record(record, by=alice, reason="A promise."), by=maria)
    assert not is_indexed(CANARY[:3].lower())
    assert is_indexed("nei")  # of the neighbour, which stays


def is_indexed(letters):
    """Whether the search knows these three letters; on SQLite its index keeps them by itself, apart from its table."""
    if connection.vendor != "sqlite":
        return Wording.objects.filter(Q(text__contains=letters) | Q(places__contains=letters)).exists()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed USING fts5vocab(main, {INDEX}, row)")
        cursor.execute("SELECT doc FROM temp.indexed WHERE term = %s", [letters])
        return cursor.fetchone() is not None


def test_what_belongs_to_others_stays(full, alice, maria, harbour):
    record, neighbour = full
    mentions = Version.objects.get_for_object(neighbour).count()
    agree(ask_to_erase_record(record, by=alice, reason="A promise."), by=maria)
    assert Initiative.objects.get() == neighbour
    assert not InitiativeLink.objects.exists()
    assert Version.objects.get_for_object(neighbour).count() == mentions == 1
    assert not Revision.objects.filter(version=None).exists()
    assert set(Organisation.objects.values_list("name", flat=True)) == {"Bridge", "Harbour"}


def test_an_unconfirmed_organisation_that_another_record_names_stays(full, alice, maria, bridge):
    typed = Organisation.objects.get(name=f"{CANARY} typed")
    make_initiative("Elsewhere", by=alice, organisations=[("host", typed)])
    agree(ask_to_erase_record(full[0], by=alice, reason="A promise."), by=maria)
    assert Organisation.objects.filter(pk=typed.pk).exists()


def test_a_form_held_back_until_its_sender_proves_who_they_are_is_forgotten(full, alice, maria):
    client = asking(alice)
    session = client.session
    held = f'{{"path": "/initiatives/{full[0].ref}/edit/", "POST": "title={CANARY}"}}'
    session["account_reauthentication_state"] = {"request": held}
    session.save()
    agree(ask_to_erase_record(full[0], by=alice, reason="A promise."), by=maria)
    assert "account_reauthentication_state" not in client.session
    assert client.get("/").wsgi_request.user == alice


def test_its_tombstone_says_kind_ref_and_day_and_stands_in_a_file_too(asked, maria):
    agree(asked, by=maria)
    stone = Tombstone.objects.get()
    assert (stone.kind, stone.ref) == ("record", asked.subject)
    assert read() == ([Line("record", stone.ref, stone.erased_at.replace(microsecond=0))], [])


def test_where_the_file_cannot_be_written_nothing_is_erased(asked, maria, settings, tmp_path):
    settings.ERASURES_FILE = tmp_path / "a-file" / "erasures.txt"
    (tmp_path / "a-file").write_text("in the way")
    with pytest.raises(ValidationError, match="nothing was erased"):
        agree(asked, by=maria)
    assert Initiative.objects.filter(ref=asked.subject).exists()
    assert Erasure.objects.open().get().reason == "A promise."
    assert not Tombstone.objects.exists()


def test_it_takes_two(asked, alice, maria, colin):
    with pytest.raises(PermissionDenied):
        agree(asked, by=alice)
    with pytest.raises(PermissionDenied):
        agree(asked, by=colin)
    assert Initiative.objects.filter(ref=asked.subject).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.filter(pk=asked.pk).update(approved_by=alice)


def test_a_manager_who_asks_needs_another_one(alice, maria, bridge):
    asked = ask_to_erase_record(make_initiative(by=alice), by=maria, reason="Why")
    with pytest.raises(PermissionDenied):
        agree(asked, by=maria)
    second = UserFactory()
    MembershipFactory(user=second, organisation=bridge, role="manager")
    agree(asked, by=second)
    assert not Initiative.objects.exists()


# ---------------------------------------------------------------- two who count as two


@pytest.fixture
def second(bridge, maria):
    """Maria's second self, whom she has just made a manager."""
    user = UserFactory(name="Second", email="second@example.org")
    join(bridge, user=user, role="manager", by=maria)
    return user


@pytest.mark.parametrize(("asks", "agrees"), [("maria", "second"), ("second", "maria")])
def test_no_manager_erases_a_record_alone_by_a_second_self(request, alice, maria, second, asks, agrees):
    asks, agrees = request.getfixturevalue(asks), request.getfixturevalue(agrees)
    asked = ask_to_erase_record(make_initiative(by=alice), by=asks, reason="Why")
    for days in (0, 13):
        with time_machine.travel(timezone.now() + timedelta(days=days)), pytest.raises(PermissionDenied):
            agree(asked, by=agrees)
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        agree(asked, by=agrees)
    assert not Initiative.objects.exists()


def test_the_fourteen_days_begin_anew_after_a_break(alice, maria, second, bridge):
    asked = ask_to_erase_record(make_initiative(by=alice), by=maria, reason="Why")
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        membership = change_role(bridge.memberships.get(user=second), by=maria, role="practitioner")
        change_role(membership, by=maria, role="manager")
        with pytest.raises(PermissionDenied):
            agree(asked, by=second)


def test_whoever_asks_counts_as_a_member_and_no_longer_once_they_have_left(alice, maria, colin, bridge):
    MembershipFactory(organisation=bridge, role="manager")
    record = make_initiative(by=alice)
    Grant.objects.create(initiative=record, user=colin, access="write")
    asked = ask_to_erase_record(record, by=colin, reason="Why")
    assert may_agree(maria, asked, record)
    colin.memberships.update(active=False)
    assert not may_agree(maria, asked, record)
    assertContains(asking(maria).get(asked.get_absolute_url()), "not agree to it as it was asked for")
    decline(asked, by=maria)


@pytest.mark.parametrize(("asks", "agrees"), [("alice", "second"), ("second", "alice")])
def test_a_pair_with_its_author_counts_at_once(request, alice, second, asks, agrees):
    alice.memberships.update(role="manager")
    asked = ask_to_erase_record(make_initiative(by=alice), by=request.getfixturevalue(asks), reason="Why")
    agree(asked, by=request.getfixturevalue(agrees))
    assert not Initiative.objects.exists()


def test_an_author_and_an_asker_who_are_both_gone_are_no_pair(maria, bridge):
    asked = ask_to_erase_record(make_initiative(owner=bridge), by=maria, reason="Why")
    Erasure.objects.update(requested_by=None)
    asked.refresh_from_db()
    with pytest.raises(PermissionDenied):
        agree(asked, by=maria)


def test_nor_does_one_who_is_named_erase_a_restricted_record_of_another(alice, maria, second):
    record = make_initiative(by=alice, sharing="restricted")
    for person in (maria, second):
        Grant.objects.create(initiative=record, user=person, access="write")
    for asks, agrees in ((maria, second), (second, maria)):
        asked = ask_to_erase_record(record, by=asks, reason="Why")
        with pytest.raises(PermissionDenied):
            agree(asked, by=agrees)
        decline(asked, by=agrees)
    agree(ask_to_erase_record(record, by=second, reason="Why"), by=alice)
    assert not Initiative.objects.exists()


def test_who_has_to_wait_reads_until_when_and_who_else_may_agree(
    alice, maria, second, bridge, mailoutbox, done_at_once
):
    milo = MembershipFactory(organisation=bridge, role="manager", user__name="Milo").user
    record = make_initiative(by=alice)
    assertContains(asking(maria).get(reverse("erasure:record", args=[record.ref])), "in Bridge for 14 days")
    assertNotContains(asking(alice).get(reverse("erasure:record", args=[record.ref])), "for 14 days")
    asking(maria).post(reverse("erasure:record", args=[record.ref]), {"reason": "Why"})
    erasure = Erasure.objects.get()
    assert [mail.to for mail in mailoutbox] == [[milo.email]]
    day = today() + timedelta(days=14)
    page = asking(second).get(erasure.get_absolute_url())
    assertContains(page, f"You may agree to it from {date_format(day, 'j F Y')} on, and decline it at once.")
    assertContains(page, "<bdi>Milo</bdi> may agree today.")
    assertNotContains(page, 'value="agree"')
    assert asking(second).post(erasure.get_absolute_url(), {"decision": "agree"}).status_code == 403
    assertContains(asking(maria).get(erasure.get_absolute_url()), "<bdi>Milo</bdi> may agree today.")
    asking(second).post(erasure.get_absolute_url(), {"decision": "decline"})
    assert mailoutbox[-1].to == [maria.email]


def test_whoever_asked_too_early_reads_that_nobody_may_agree_yet(alice, maria, second):
    record = make_initiative(by=alice)
    page = asking(second).post(reverse("erasure:record", args=[record.ref]), {"reason": "Why"}, follow=True)
    assertContains(page, "So far nobody else may agree to it")
    assertContains(page, "Nobody may agree today.")


# ---------------------------------------------------------------- who hears of it


def test_of_a_restricted_record_no_manager_decides_and_none_hears_of_it(alice, maria, olga, mailoutbox, done_at_once):
    restricted = make_initiative("Secret", by=alice, sharing="restricted")
    Grant.objects.create(initiative=restricted, user=olga, access="write")
    asking(alice).post(reverse("erasure:record", args=[restricted.ref]), {"reason": "A promise."})
    erasure = Erasure.objects.get()
    assert [mail.to for mail in mailoutbox] == [[olga.email]]
    assert asking(maria).get(erasure.get_absolute_url()).status_code == 404
    assertNotContains(asking(maria).get(reverse("erasure:list")), "a record, asked for")
    assertNotContains(asking(maria).get("/"), "to erase something")
    with pytest.raises(Exception, match="No Initiative matches"):
        agree(erasure, by=maria)
    agree(erasure, by=olga)
    assert not Initiative.objects.exists()


def test_mail_goes_to_exactly_those_who_may_agree_and_says_no_word_of_what(
    alice, maria, olga, otto, colin, mailoutbox, done_at_once
):
    for sharing in ("organisation", "restricted", "public"):
        initiative = make_initiative(CANARY, by=alice, sharing=sharing)
        Grant.objects.create(initiative=initiative, user=olga, access="write")
        Grant.objects.create(initiative=initiative, user=otto, access="read")
        erasure = ask_to_erase_record(initiative, by=alice, reason="A promise.")
        told = set(who_may_agree(erasure, initiative))
        people = (alice, maria, olga, otto, colin)
        assert told == {one for one in people if one != alice and may_agree_to_erase(one, initiative)}
        assert told == {one for one in people if one != alice and erasure in Erasure.objects.visible_to(one)}
    other = make_initiative(CANARY, by=alice, sharing="organisation")
    asking(alice).post(reverse("erasure:record", args=[other.ref]), {"reason": CANARY})
    assert CANARY not in mailoutbox[-1].subject + mailoutbox[-1].body
    assert Erasure.objects.get(subject=other.ref).get_absolute_url() in mailoutbox[-1].body


def test_the_start_page_says_so_to_whoever_may_agree_and_not_to_whoever_asked(asked, alice, maria):
    assertContains(asking(maria).get("/"), "1 request to erase something for good waits for your word.")
    assertNotContains(asking(alice).get("/"), "to erase something")


def test_what_waits_is_told_apart_by_what_it_would_erase(alice, maria):
    for title in ("Bread", "Salt"):
        ask_to_erase_record(make_initiative(title, by=alice), by=alice, reason="A promise.")
    ask_to_erase_person(alice, by=alice)
    for person, subjects in ((maria, ["Bread", "Salt"]), (alice, ["Bread", "Salt", str(alice)])):
        page = asking(person).get(reverse("erasure:list"))
        told = [str(subject) for _, subject in page.context["waiting"] + page.context["mine"]]
        assert told == subjects
        for subject in subjects:
            assertContains(page, f"<bdi>{subject}</bdi></a>")
        assertContains(page, "A record of <bdi>Bridge</bdi>, since 2020", count=2)
        assertContains(page, "Why: <bdi>A promise.</bdi>", count=2)


def test_records_of_one_name_are_told_apart_also_where_one_agrees(alice, maria, valley):
    make_initiative("Bread", by=alice, start="2019")
    meant = make_initiative("Bread", by=alice, start="2023", conflicts=[valley])
    erasure = ask_to_erase_record(meant, by=alice, reason="A promise.")
    for page in (reverse("erasure:list"), erasure.get_absolute_url()):
        assertContains(asking(maria).get(page), f"A record of <bdi>Bridge</bdi>, <bdi>{valley}</bdi>, since 2023")


def test_its_own_page_says_that_it_waits_to_whoever_has_a_word_in_it(asked, alice, maria, colin, olga):
    Initiative.objects.update(sharing="network")
    Grant.objects.create(initiative=Initiative.objects.get(), user=colin, access="write")
    page = Initiative.objects.get().get_absolute_url()
    for person in (alice, maria):
        assertContains(asking(person).get(page), "be erased for good. It waits for a second person")
    for person in (colin, olga):
        assertNotContains(asking(person).get(page), "erased for good")
    decline(asked, by=maria)
    assertNotContains(asking(alice).get(page), "waits for a second person")


@pytest.mark.parametrize("sent", [{}, {"decision": "agre"}, {"decision": ""}])
def test_what_is_neither_yes_nor_no_decides_nothing(asked, maria, mailoutbox, done_at_once, sent):
    response = asking(maria).post(asked.get_absolute_url(), sent, follow=True)
    assertContains(response, "Nothing is decided yet")
    asked.refresh_from_db()
    assert asked.declined_at is None
    assert not mailoutbox


def test_whoever_asked_hears_that_it_was_declined(asked, alice, maria, mailoutbox, done_at_once):
    asking(maria).post(asked.get_absolute_url(), {"decision": "decline"})
    (mail,) = mailoutbox
    assert mail.to == [alice.email]
    assert reverse("erasure:list") in mail.body
    assert not [word for word in ("Bread", "Maria", "promise", str(asked.subject)) if word in mail.subject + mail.body]
    page = asking(alice).get(reverse("erasure:list"))
    assertContains(page, "Declined on")
    assertContains(page, f"by {maria}; nothing is erased.")
    assertNotContains(asking(maria).get(reverse("erasure:list")), "Declined on")
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assertNotContains(asking(alice).get(reverse("erasure:list")), "Declined on")


def test_no_mail_leaves_before_what_it_tells_is_stored(alice, maria, mailoutbox, django_capture_on_commit_callbacks):
    record = make_initiative(by=alice)
    with django_capture_on_commit_callbacks(execute=True):
        asking(alice).post(reverse("erasure:record", args=[record.ref]), {"reason": "A promise."})
        assert not mailoutbox
    assert [mail.to for mail in mailoutbox] == [[maria.email]]
    with django_capture_on_commit_callbacks(execute=True):
        asking(maria).post(Erasure.objects.get().get_absolute_url(), {"decision": "decline"})
        assert len(mailoutbox) == 1
    assert mailoutbox[-1].to == [alice.email]


def test_who_takes_back_what_they_asked_for_is_told_nothing_of_it(asked, alice, mailoutbox, done_at_once):
    asking(alice).post(asked.get_absolute_url(), {"decision": "decline"})
    assert not mailoutbox
    assertNotContains(asking(alice).get(reverse("erasure:list")), "Declined on")


def test_the_whole_way_by_pages(alice, maria, client):
    initiative = make_initiative("Bread", by=alice)
    page = asking(alice).get(initiative.get_absolute_url())
    ask = reverse("erasure:record", args=[initiative.ref])
    assertContains(page, ask)
    assertContains(asking(alice).post(ask, {"reason": ""}), "This field is required.")
    response = asking(alice).post(ask, {"reason": "A promise."})
    erasure = Erasure.objects.get()
    assertRedirects(response, erasure.get_absolute_url())
    assertRedirects(asking(alice).get(ask), erasure.get_absolute_url())
    assertContains(asking(maria).get(reverse("erasure:list")), erasure.get_absolute_url())
    unproven = asking(maria).post(erasure.get_absolute_url(), {"decision": "agree"})
    assert "/accounts/reauthenticate/" in unproven.url
    assert Initiative.objects.exists()
    sign_in_and_prove(client, maria)
    assertContains(client.get(erasure.get_absolute_url()), "A promise.")
    response = client.post(erasure.get_absolute_url(), {"decision": "agree"}, follow=True)
    assertContains(response, "It is erased for good.")
    assert asking(alice).get(initiative.get_absolute_url()).status_code == 404
    assert client.post(erasure.get_absolute_url(), {"decision": "agree"}).status_code == 404


@pytest.mark.parametrize("who", ["alice", "maria"])
def test_declined_or_taken_back_the_record_stays_and_may_be_asked_for_again(request, asked, alice, who):
    asking(request.getfixturevalue(who)).post(asked.get_absolute_url(), {"decision": "decline"})
    stored = Erasure.objects.get()
    assert (stored.reason, stored.declined_by) == ("", request.getfixturevalue(who))
    assert Initiative.objects.filter(ref=asked.subject).exists()
    with pytest.raises(ValidationError, match="decided meanwhile"):
        decline(asked, by=alice)
    ask_to_erase_record(Initiative.objects.get(), by=alice, reason="Again.")


def test_it_is_asked_for_once_at_a_time(asked, alice, maria):
    with pytest.raises(ValidationError, match="asked for already"):
        ask_to_erase_record(Initiative.objects.get(), by=maria, reason="Me too.")


def test_a_restored_backup_that_still_holds_it_is_put_right(full, alice, maria, settings, capsys):
    record, _ = full
    ref = record.ref
    agree(ask_to_erase_record(make_initiative("Bread", by=alice), by=alice, reason="A promise."), by=maria)
    line = Line("record", ref, Tombstone.objects.get().erased_at)
    Tombstone.objects.all().delete()  # an old backup has none; the file tells of one record, and then of two
    with open(settings.ERASURES_FILE, "a") as file:
        file.write(f"{line}\n")
    call_command("apply_erasures")
    assert capsys.readouterr().out == "Records erased again: 1\nAccounts erased again: 0\nGone already: 1\n"
    assert traces_of(CANARY) == set()
    assert Tombstone.objects.count() == 2
    call_command("apply_erasures")
    assert capsys.readouterr().out == "Records erased again: 0\nAccounts erased again: 0\nGone already: 2\n"
    assert len(read()[0]) == 2


def test_its_form_sent_again_makes_another_record_and_one_only(alice, maria):
    client, token, seen = asking(alice), uuid.uuid4(), []
    for summary in ("At first", "After Back", "After Back once more"):
        for _ in range(2):
            sent = {"title": "Bread", "summary": summary, "action": "draft", "form_token": token}
            assert client.post("/initiatives/new/", sent).status_code == 302
        made = Initiative.objects.exclude(ref__in=seen).get()
        assert made.summary == summary
        back = client.get(f"/initiatives/new/?token={token}")
        assertRedirects(back, reverse("initiatives:edit", args=[made.ref]))
        Initiative.objects.update(publication="published")
        seen.append(made.ref)
        if len(seen) < 3:
            agree(ask_to_erase_record(made, by=alice, reason="A promise."), by=maria)
    assert len(set(seen)) == 3
    call_command("apply_erasures")
    assert [one.ref for one in Initiative.objects.all()] == seen[2:]


def test_text_typed_into_its_form_afterwards_is_kept_and_goes_with_the_save(alice, maria):
    client, token = asking(alice), uuid.uuid4()
    sent = {"title": "Bread", "action": "draft", "form_token": token}
    client.post("/initiatives/new/", sent)
    Initiative.objects.update(publication="published")
    agree(ask_to_erase_record(Initiative.objects.get(), by=alice, reason="A promise."), by=maria)
    client.post(reverse("initiatives:autosave-new"), sent | {"title": "Bread again"})
    assertContains(client.get(f"/initiatives/new/?token={token}"), "Bread again")
    client.post("/initiatives/new/", sent)
    assert Initiative.objects.count() == 1
    assert not Autosave.objects.exists()


def test_one_that_bears_the_ref_of_an_erased_one_is_erased_like_any_other(asked, alice, maria, capsys):
    agree(asked, by=maria)
    again = make_initiative("Bread", by=alice, ref=asked.subject)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        agree(ask_to_erase_record(again, by=alice, reason="A promise."), by=maria)
    former, latest = read()[0]
    assert Tombstone.objects.get().erased_at.replace(microsecond=0) == latest.erased_at > former.erased_at
    make_initiative("Bread", by=alice, ref=asked.subject)  # from a backup of between
    Tombstone.objects.update(erased_at=former.erased_at)
    call_command("apply_erasures")
    assert "Records erased again: 1\n" in capsys.readouterr().out
    assert not Initiative.objects.exists()
    assert Tombstone.objects.get().erased_at == latest.erased_at


def test_what_was_recorded_after_an_erasure_of_its_ref_is_left_alone_and_told(alice, settings, capsys):
    later = make_initiative(by=alice)
    settings.ERASURES_FILE.write_text(f"record {later.ref} 2026-05-03T10:12:00\n")
    call_command("apply_erasures")
    assert capsys.readouterr().out == (
        "Records erased again: 0\nAccounts erased again: 0\nGone already: 0\n"
        f"Left alone, because it was recorded after that erasure: record {later.ref}\n"
    )
    assert Initiative.objects.get() == later
    assert len(read()[0]) == Tombstone.objects.count() == 1


def test_a_file_that_was_lost_is_written_anew_from_the_table(asked, maria, settings):
    agree(asked, by=maria)
    settings.ERASURES_FILE.unlink()
    call_command("apply_erasures")
    assert [line.ref for line in read()[0]] == [asked.subject]


def test_a_line_that_cannot_be_read_is_told_and_the_others_are_applied(asked, maria, settings):
    agree(asked, by=maria)
    settings.ERASURES_FILE.write_text("record nonsense\n" + settings.ERASURES_FILE.read_text() + "record 3f")
    with pytest.raises(Exception, match=r"can't be read: 1, 3\."):
        call_command("apply_erasures")
    assert [line.ref for line in read()[0]] == [asked.subject]


def test_who_asked_hears_no_more_of_a_record_that_they_may_not_open_by_now(alice, olga):
    hidden = make_initiative(by=alice, sharing="organisation")
    Erasure.objects.create(kind=Kind.RECORD, subject=hidden.ref, requested_by=olga)
    assert not Erasure.objects.visible_to(olga).exists()
    assertNotContains(asking(olga).get(reverse("erasure:list")), "a record, asked for")


def test_what_was_declined_may_be_asked_for_again(client, alice):
    record = make_initiative(by=alice, sharing="organisation")
    Erasure.objects.create(kind=Kind.RECORD, subject=record.ref, requested_by=alice, declined_at=timezone.now())
    client.force_login(alice)
    response = client.get(reverse("erasure:record", args=[record.ref]))
    assert "/erasures/" not in response.headers.get("Location", "")
    assert response.status_code == 200


# ---------------------------------------------------------------- while others save


@pytest.fixture
def saved_slowly(monkeypatch):
    """saved_slowly(record, erase): saves it, and erases while the save has written its history and isn't committed."""
    written = Event()

    def slowly():
        written.set()
        sleep(1)
        return True

    def save(record):
        monkeypatch.setattr(history, "guarded", slowly)  # asked just before the end
        with change(record, by=None, note="Saved slowly") as stored:
            stored.save()

    def erase_meanwhile(erase):
        assert written.wait(10)
        with transaction.atomic(), elevated("a test erases"):
            erase()

    return lambda record, erase: at_once(partial(save, record), partial(erase_meanwhile, erase), refusal=StaleSave)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_record_that_is_just_being_saved_keeps_no_link_to_what_is_erased(saved_slowly, alice):
    gone, stays = make_initiative("Gone", by=alice), make_initiative("Stays", by=alice)
    InitiativeLink.objects.create(source=stays, target=gone, kind="funds", note=CANARY)
    saved_slowly(stays, partial(erase_record, gone))
    assert Version.objects.get_for_object(stays).count() == 1
    assert traces_of(CANARY) == set()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_record_that_is_just_being_saved_keeps_no_name_of_who_is_erased(saved_slowly, alice, bridge):
    person = MembershipFactory(organisation=bridge, user__name=f"{CANARY} Smith").user
    stays = make_initiative("Stays", by=alice, sharing="restricted")
    Grant.objects.create(initiative=stays, user=person)
    saved_slowly(stays, partial(erase_person, person))
    assert Version.objects.get_for_object(stays).count() == 1
    assert traces_of(CANARY) == set()

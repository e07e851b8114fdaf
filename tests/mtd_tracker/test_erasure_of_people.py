"""An account that two people agreed to erase leaves no name and no address; what it recorded stays, without author."""

import json
from datetime import date
from urllib.parse import quote_plus

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects
from reversion.models import Version

from initiatives.actions.content import Content
from initiatives.actions.initiatives import log_initiative
from initiatives.actions.invitations import invite
from initiatives.actions.questions import keep_question
from initiatives.actions.readings import note_opened
from initiatives.invitations import token_of
from initiatives.models import Autosave, Grant, Initiative, Invitation, Membership, Organisation, Reading
from mtd_tracker.accounts.models import User
from mtd_tracker.erasure.actions import agree, ask_to_erase_person
from mtd_tracker.erasure.models import Erasure, Tombstone
from mtd_tracker.erasure.sessions import HELD_BACK
from mtd_tracker.history import change
from mtd_tracker.names import mark_of, with_names
from mtd_tracker.reauthentication import PROVED
from mtd_tracker.signed_out import HELD
from tests.factories import MembershipFactory, UserFactory, make_initiative
from tests.mtd_tracker.erasing import traces_of
from tests.proving import sign_in_and_prove

NAME, EMAIL = "Quillon Vantage", "quillon@vantage.example"


@pytest.fixture
def quillon(bridge):
    """A person with a name and an address that nothing else has, and a trace wherever there may be one."""
    user = UserFactory(name=NAME, email=EMAIL)
    with change(Membership(user=user, organisation=bridge), by=None, note="Joined") as membership:
        membership.save()
    return user


@pytest.fixture
def everywhere(quillon, alice, administrator, bridge, maria):
    content = Content(title="Bread", grants=[(quillon, "read", None)])
    named = log_initiative(content, by=alice, owner=bridge)
    written = log_initiative(Content(title="Salt", sharing="organisation"), by=quillon, owner=bridge)
    Initiative.objects.filter(pk=written.pk).update(publication="published")
    log_initiative(Content(title="Half an idea"), by=quillon, owner=bridge)
    note_opened(Initiative.objects.get(pk=written.pk), by=quillon)
    EmailAddress.objects.create(user=quillon, email=EMAIL)
    Invitation.objects.create(organisation=bridge, email=EMAIL.upper(), expires_at=timezone.now(), invited_by=maria)
    Autosave.objects.create(user=alice, initiative=named, sent={"grants-email": [EMAIL, "other@example.org"]})
    keep_question("/initiatives/", by=quillon, name=f"{NAME}’s own", sharing="organisation", organisation=bridge)
    about = {"user": administrator, "action_flag": 2}
    AdminEntry.objects.create(
        content_type=ContentType.objects.get_for_model(User), object_id=quillon.pk, object_repr=NAME, **about
    )
    added = [{"added": {"name": "membership", "object": f"{NAME}, practitioner at Bridge"}}]
    AdminEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Organisation),
        object_id=bridge.pk,
        object_repr="Bridge",
        change_message=json.dumps(added),
        **about,
    )
    client = asking(quillon)
    client.get("/")
    return written


def asking(user):
    client = Client()
    client.force_login(user)
    return client


def test_no_table_says_name_or_address_afterwards(everywhere, quillon, administrator, mailoutbox, done_at_once):
    assert len(traces_of(NAME)) >= 4
    assert len(traces_of(EMAIL)) >= 4
    key = quillon.pk
    erasure = ask_to_erase_person(quillon, by=quillon, reason=f"I, {NAME}, leave.")
    with transaction.atomic():
        agree(erasure, by=administrator)
    assert traces_of(NAME) == traces_of(EMAIL) == traces_of("quillon") == set()
    for field in ("author", "updated_by", "user", "made_by"):
        assert not Version.objects.filter(serialized_data__regex=f'"{field}": {key}[,}}]').exists()
    assert Autosave.objects.get().sent == {"grants-email": ["", "other@example.org"]}


def test_what_was_recorded_stays_without_author_and_drafts_of_theirs_alone_go(everywhere, quillon, administrator):
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert set(Initiative.objects.values_list("title", "author__name")) == {("Bread", "Alice"), ("Salt", None)}
    assert Reading.objects.get().reader is None


def test_no_invitation_to_a_former_address_of_theirs_is_left(quillon, bridge, harbour, maria, otto, administrator):
    other = UserFactory(email="other@vantage.example")
    former = "former@vantage.example"
    for organisation, sender in ((bridge, maria), (harbour, otto)):
        invite(organisation, by=sender, email=former, role="practitioner", name=NAME)
    Invitation.objects.filter(organisation=bridge).update(accepted_by=quillon, accepted_at=timezone.now())
    of_others = invite(bridge, by=maria, email=former.upper(), role="practitioner")
    Invitation.objects.filter(pk=of_others.pk).update(accepted_by=other, accepted_at=timezone.now())
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert Invitation.objects.get() == of_others
    assert traces_of(NAME) == set()


def test_what_they_invited_others_by_opens_no_longer(bridge, maria, administrator, client):
    MembershipFactory(organisation=bridge, role="manager")
    sent = invite(bridge, by=maria, email="new@example.org", role="manager")
    agree(ask_to_erase_person(maria, by=maria), by=administrator)
    sent.refresh_from_db()
    assert sent.revoked_at is not None
    assert client.get(f"/invitations/{token_of(sent)}/").status_code == 410


def test_the_person_is_signed_out_everywhere_and_told_without_a_link(
    quillon, administrator, mailoutbox, django_capture_on_commit_callbacks
):
    client = asking(quillon)
    with django_capture_on_commit_callbacks(execute=True):
        agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert "/accounts/login/" in client.get(reverse("initiatives:new")).url
    assert mailoutbox[-1].to == [EMAIL]
    assert "://" not in mailoutbox[-1].body
    assert NAME not in mailoutbox[-1].body


def test_it_takes_an_administrator_and_another_person(quillon, maria, administrator):
    own = ask_to_erase_person(quillon, by=quillon)
    for user in (quillon, maria):
        with pytest.raises(PermissionDenied):
            agree(own, by=user)
    agree(own, by=administrator)
    assert not User.objects.filter(email=EMAIL).exists()


def test_what_an_administrator_asks_the_person_or_another_administrator_agrees_to(quillon, administrator):
    asked = ask_to_erase_person(quillon, by=administrator, reason="Left.")
    with pytest.raises(PermissionDenied):
        agree(asked, by=administrator)
    agree(asked, by=quillon)
    assert not User.objects.filter(email=EMAIL).exists()
    assert Erasure.objects.get().approved_by is None


def test_the_last_manager_and_the_last_administrator_stay(maria, administrator):
    with pytest.raises(ValidationError, match="last manager of Bridge"):
        ask_to_erase_person(maria, by=administrator)
    with pytest.raises(ValidationError, match="last administrator"):
        ask_to_erase_person(administrator, by=administrator)


def test_who_became_the_last_manager_meanwhile_stays_too(maria, bridge, administrator):
    other = MembershipFactory(organisation=bridge, role="manager")
    asked = ask_to_erase_person(maria, by=maria)
    other.user.is_active = False
    other.user.save()
    with pytest.raises(ValidationError, match="last manager of Bridge"):
        agree(asked, by=administrator)
    assert User.objects.filter(pk=maria.pk).exists()
    assert not Tombstone.objects.exists()


def test_a_draft_on_which_somebody_is_named_stays(quillon, alice, bridge, administrator):
    draft = make_initiative("Half an idea", by=quillon, publication="draft")
    Grant.objects.create(initiative=draft, user=alice)
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert Initiative.objects.get(pk=draft.pk).author is None


def test_the_whole_way_by_pages(quillon, administrator, alice, client, mailoutbox, done_at_once):
    address = reverse("erasure:account")
    response = asking(quillon).post(address, {"reason": "", "email": alice.email})
    erasure = Erasure.objects.get()
    assert erasure.subject == quillon.ref, "only administrators name another account"
    assertRedirects(response, erasure.get_absolute_url())
    assert [mail.to for mail in mailoutbox] == [[administrator.email]]
    assertContains(asking(quillon).get(address), "You asked for this already")
    assert asking(alice).get(erasure.get_absolute_url()).status_code == 404
    sign_in_and_prove(client, administrator)
    assertContains(client.get(erasure.get_absolute_url()), EMAIL)
    assertContains(client.post(erasure.get_absolute_url(), {"decision": "agree"}, follow=True), "erased for good")
    assert not User.objects.filter(email=EMAIL).exists()


def test_an_administrator_names_the_account(quillon, administrator):
    client = asking(administrator)
    assertContains(client.post(reverse("erasure:account"), {"email": "nobody@example.org"}), "Nobody signs in")
    client.post(reverse("erasure:account"), {"email": EMAIL.upper()})
    assert Erasure.objects.get().subject == quillon.ref


def test_a_person_who_agrees_to_their_own_erasure_is_shown_the_way_out(quillon, administrator, client):
    erasure = ask_to_erase_person(quillon, by=administrator)
    sign_in_and_prove(client, quillon)
    response = client.post(erasure.get_absolute_url(), {"decision": "agree"}, follow=True)
    assert response.status_code == 200
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_restored_backup_that_still_holds_the_account_is_put_right(quillon, administrator, settings, capsys):
    settings.ERASURES_FILE.write_text(f"person {quillon.ref} 2026-05-03T10:12:00+00:00\n")
    call_command("apply_erasures")
    assert "Accounts erased again: 1" in capsys.readouterr().out
    assert traces_of(NAME) == set()


@pytest.mark.parametrize("name", [NAME, "Quillon V.", "Quillon (Q)", "रवि शर्मी", "ခင်မောင်"])
def test_a_note_that_the_site_wrote_with_the_name_says_somebody(quillon, alice, administrator, name):
    quillon.name = name
    quillon.save()
    with change(make_initiative(by=alice), by=alice, note=f"Keeper named by {name} and Maria:\nIll.") as record:
        record.save()
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    note = Version.objects.get_for_object(record).get().revision.comment
    assert note == "Keeper named by somebody whose account was erased and Maria:\nIll."


def test_a_note_that_the_site_marks_them_in_says_somebody(quillon, alice, maria, administrator):
    note = f"Keeper named by {mark_of(quillon)} and {mark_of(maria)}:\nIll."
    with change(make_initiative(by=alice), by=alice, note=note) as record:
        record.save()
    quillon.name = "Another Name"
    quillon.save()
    assert with_names([note]) == ["Keeper named by Another Name and Maria:\nIll."]
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert ("reversion_revision", "comment") not in traces_of(str(quillon.ref))
    note = Version.objects.get_for_object(record).get().revision.comment
    assert with_names([note]) == ["Keeper named by somebody whose account was erased and Maria:\nIll."]


@pytest.mark.parametrize("typed", [EMAIL, f" {EMAIL.upper()} "])
def test_their_address_goes_from_what_others_have_not_saved(quillon, alice, administrator, typed):
    record = make_initiative(by=alice)
    Autosave.objects.create(user=alice, initiative=record, sent={"grants-email": [typed, "other@example.org"]})
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert Autosave.objects.get().sent == {"grants-email": ["", "other@example.org"]}


@pytest.mark.parametrize("typed", [EMAIL, EMAIL.title()])
@pytest.mark.parametrize("waiting", [HELD_BACK, HELD, PROVED])
def test_a_form_that_waits_and_says_their_address_is_dropped(quillon, alice, administrator, waiting, typed):
    client = Client()
    client.force_login(alice)
    session = client.session
    session[waiting] = {"form": f"person={quote_plus(typed)}"}
    session["other"] = "stays"
    session.save()
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert waiting not in client.session
    assert client.session["other"] == "stays"


def test_the_administrators_log_forgets_a_name_with_quotes(quillon, administrator, bridge):
    quillon.name = 'Quillon "Q" Vantage'
    quillon.save()
    AdminEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Organisation),
        object_id=bridge.pk,
        object_repr="Bridge",
        change_message=json.dumps([{"added": {"name": "membership", "object": f"{quillon}, manager at Bridge"}}]),
        user=administrator,
        action_flag=2,
    )
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert not AdminEntry.objects.filter(change_message__contains="Vantage").exists()


@pytest.mark.parametrize("dead", ["expired", "no longer a member", "account closed"])
def test_a_draft_that_others_can_open_no_more_goes_too(quillon, olga, administrator, dead):
    draft = make_initiative(by=quillon, publication="draft")
    Grant.objects.create(initiative=draft, user=olga, until_on=date(2020, 1, 1) if dead == "expired" else None)
    if dead == "no longer a member":
        olga.memberships.update(active=False)
    if dead == "account closed":
        olga.is_active = False
        olga.save()
    agree(ask_to_erase_person(quillon, by=quillon), by=administrator)
    assert not Initiative.objects.filter(pk=draft.pk).exists()

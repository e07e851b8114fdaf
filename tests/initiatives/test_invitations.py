"""A manager invites somebody by e-mail, sends it again, takes it back."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from initiatives.actions.invitations import InvitationClosed, accept, invite, opens, renew, take_back
from initiatives.actions.members import change_role, deactivate, leave
from initiatives.invitations import invitation_of, token_of
from initiatives.models import Invitation
from tests.at_once import at_once
from tests.factories import MembershipFactory, UserFactory
from tests.proving import sign_in_and_prove

MEMBERS = "/organisations/bridge/members/"
INVITE = f"{MEMBERS}invite/"
NEW = {"email": "New@Example.org", "role": "practitioner"}


@pytest.fixture
def as_maria(client, maria):
    sign_in_and_prove(client, maria)
    return client


@pytest.fixture
def invitation(bridge, maria):
    return invite(bridge, by=maria, email="new@example.org", role="practitioner")


def page_of(invitation):
    return f"/organisations/{invitation.organisation.code}/invitations/{invitation.ref}/"


def make_old(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


# ---------------------------------------------------------------- sent


def test_the_mail_holds_the_organisation_who_invites_and_a_link_and_nothing_else(as_maria, mailoutbox, done_at_once):
    as_maria.post(INVITE, NEW)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("new@example.org", "practitioner")
    mail = mailoutbox[0]
    assert (mail.to, mail.cc, mail.bcc, mail.subject) == (
        ["new@example.org"],
        [],
        [],
        "[MTD tracker] An invitation",
    )
    link = f"http://testserver/invitations/{token_of(invitation)}/"
    assert re.findall(r"\S+://\S+", mail.body) == [link]
    for told in ("Maria invites you", "Bridge", "7 days"):
        assert told in mail.body
    assert "maria@example.org" not in mail.body
    assert str(invitation.role) not in mail.body


def test_it_holds_for_as_long_as_the_setting_says(as_maria, settings):
    settings.INVITATION_DAYS = 2
    as_maria.post(INVITE, NEW)
    lasts = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=1, hours=23) < lasts <= timedelta(days=2)


def test_a_name_of_several_lines_forges_no_line_of_the_mail(as_maria, bridge, mailoutbox, done_at_once):
    bridge.name = "Bridge\nhttp://evil.example/"
    bridge.save()
    as_maria.post(INVITE, NEW)
    assert "Bridge http://evil.example/ on the MTD tracker" in mailoutbox[0].body


@pytest.mark.django_db(transaction=True)
def test_once_it_is_stored_the_mail_leaves_and_the_manager_reads_so(as_maria, mailoutbox):
    assertContains(as_maria.post(INVITE, NEW, follow=True), "An invitation was sent to new@example.org.")
    assert len(mailoutbox) == 1


def test_no_mail_leaves_before_the_invitation_is_stored(as_maria, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        as_maria.post(INVITE, NEW)
        assert not mailoutbox
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_where_the_mail_server_does_not_answer_the_invitation_is_kept(as_maria, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", fail)
    response = as_maria.post(INVITE, NEW, follow=True)
    assertContains(response, "is kept, but the mail could not be sent")
    assert Invitation.objects.get().is_open


def test_an_address_with_an_account_elsewhere_looks_like_an_unknown_one(as_maria, olga, mailoutbox, done_at_once):
    pages = []
    for email in ("olga@example.org", "unknown@example.org"):
        page = as_maria.post(INVITE, {"email": email, "role": "manager"}, follow=True)
        Invitation.objects.all().delete()
        text = page.content.decode().split("<main")[1].replace(email, "address")
        pages.append(re.sub(r"[0-9a-f-]{36}|\d\d:\d\d|T[^Z]+Z?\"", "", text).split("<footer")[0])
    assert pages[0] == pages[1]
    bodies = [re.sub(r"/invitations/\S+", "", mail.body) for mail in mailoutbox]
    assert bodies[0] == bodies[1]


def test_an_active_member_is_not_invited_again_and_a_former_one_is(as_maria, alice):
    response = as_maria.post(INVITE, {"email": "ALICE@example.org", "role": "manager"})
    assertContains(response, "is an active member already")
    alice.memberships.update(active=False)
    as_maria.post(INVITE, {"email": "ALICE@example.org", "role": "manager"})
    assert Invitation.objects.get().email == "alice@example.org"


def test_an_open_one_is_not_doubled_and_one_too_old_is_replaced(as_maria, invitation, maria):
    assertContains(as_maria.post(INVITE, NEW), "This address is invited already.")
    make_old(invitation)
    as_maria.post(INVITE, NEW)
    former, latest = Invitation.objects.order_by("pk")
    assert (former.revoked_by, latest.is_open) == (maria, True)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"email": "nonsense", "role": "manager"},
        {"email": "a\0@example.org"},
        NEW | {"role": "owner"},
        NEW | {"role": "\0"},
    ],
)
def test_what_can_not_be_sent_is_told(as_maria, sent, mailoutbox, done_at_once):
    assertContains(as_maria.post(INVITE, sent), "error-summary")
    assert mailoutbox == []
    assert not Invitation.objects.exists()


def test_extra_fields_change_nothing(as_maria, harbour, otto, maria):
    extra = {"organisation": harbour.pk, "invited_by": otto.pk, "expires_at": "2100-01-01", "user": otto.pk}
    as_maria.post(INVITE, NEW | extra | {"is_staff": "on", "name": "Other", "accepted_at": "2020-01-01"})
    invitation = Invitation.objects.get()
    assert (invitation.organisation.code, invitation.invited_by, invitation.name) == ("bridge", maria, "")
    assert invitation.expires_at < timezone.now() + timedelta(days=8)
    assert invitation.accepted_at is None


# ---------------------------------------------------------------- again, and back


def test_managers_see_what_is_open_and_members_do_not(as_maria, invitation, alice, client):
    assertContains(as_maria.get(MEMBERS), "new@example.org")
    client.force_login(alice)
    assertNotContains(client.get(MEMBERS), "new@example.org")


def test_sent_again_it_holds_as_long_again_by_the_same_link(as_maria, invitation, mailoutbox, done_at_once):
    make_old(invitation)
    assertContains(as_maria.get(MEMBERS), "too old")
    as_maria.post(page_of(invitation), {"act": "send"})
    invitation.refresh_from_db()
    assert invitation.is_open
    assert token_of(invitation) in mailoutbox[0].body


def test_taken_back_it_opens_no_longer_and_that_is_in_the_history(as_maria, invitation):
    response = as_maria.post(page_of(invitation), {"act": "take-back"}, follow=True)
    assert [event.what for event in response.context["page"].object_list] == [
        "Invitation taken back",
        "Invited as practitioner",
    ]
    invitation.refresh_from_db()
    assert not invitation.is_open
    assert as_maria.get(page_of(invitation)).status_code == 404


def test_an_invitation_of_another_organisation_is_not_there(as_maria, harbour, otto):
    theirs = invite(harbour, by=otto, email="new@example.org", role="manager")
    for address in (page_of(theirs), page_of(theirs).replace("harbour", "bridge")):
        assert as_maria.post(address, {"act": "take-back"}).status_code in (403, 404)
    theirs.refresh_from_db()
    assert theirs.is_open


@pytest.mark.parametrize("sent", [{}, {"act": "nonsense"}, {"act": "\0"}])
def test_what_is_no_step_changes_nothing(as_maria, invitation, sent, mailoutbox, done_at_once):
    assertContains(as_maria.post(page_of(invitation), sent), "error-summary")
    invitation.refresh_from_db()
    assert invitation.is_open
    assert mailoutbox == []


# ---------------------------------------------------------------- accepted


def test_it_is_good_once_and_for_its_address_alone(invitation, olga):
    with pytest.raises(ValidationError, match="another address"):
        accept(invitation, by=olga)
    nina = UserFactory(email="NEW@example.org")
    assert accept(invitation, by=nina).role == "practitioner"
    with pytest.raises(InvitationClosed):
        accept(invitation, by=nina)
    assert nina.memberships.count() == 1


def test_one_that_is_too_old_or_taken_back_is_not_accepted(invitation, bridge, maria):
    nina = UserFactory(email="new@example.org")
    make_old(invitation)
    with pytest.raises(InvitationClosed):
        accept(invitation, by=nina)
    take_back(invitation, by=maria)
    with pytest.raises(InvitationClosed):
        accept(invitation, by=nina)
    assert not nina.memberships.exists()


def test_a_former_member_is_active_again_in_the_role_invited_to(bridge, maria):
    former = MembershipFactory(organisation=bridge, active=False)
    accept(invite(bridge, by=maria, email=former.user.email, role="manager"), by=former.user)
    former.refresh_from_db()
    assert (former.active, former.role, former.version) == (True, "manager", 2)


def test_an_active_manager_is_not_made_less_by_accepting(bridge, maria):
    invitation = invite(bridge, by=maria, email="new@example.org", role="practitioner")
    already = MembershipFactory(organisation=bridge, role="manager", user=UserFactory(email="new@example.org"))
    assert accept(invitation, by=already.user).role == "manager"


def test_a_token_that_was_not_signed_here_stands_for_nothing(invitation):
    token = token_of(invitation)
    assert invitation_of(token) == invitation
    for forged in (invitation.ref.hex, f"{invitation.ref.hex}.x", token[:-1], token + "a", "\0", "", "é.é"):
        assert invitation_of(forged) is None


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_accepted_twice_at_once_it_makes_one_membership(invitation):
    nina = UserFactory(email="new@example.org")

    def send():
        return accept(Invitation.objects.get(pk=invitation.pk), by=nina)

    made, closed = at_once(*[send] * 4, refusal=InvitationClosed)
    assert (len(made), len(closed), nina.memberships.count()) == (1, 3, 1)


# ---------------------------------------------------------------- how many


@pytest.fixture
def one_an_hour(settings):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "1/h/user,1/h/key"}


def test_a_manager_sends_no_more_than_so_many_an_hour(as_maria, one_an_hour, mailoutbox, done_at_once):
    as_maria.post(INVITE, NEW)
    response = as_maria.post(INVITE, {"email": "second@example.org", "role": "practitioner"})
    assertContains(response, "Try again later.")
    assertContains(response, 'value="second@example.org"')
    as_maria.post(page_of(Invitation.objects.get()), {"act": "send"})
    assertContains(as_maria.get(MEMBERS), "Try again later.")
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]


def test_nor_does_her_organisation_through_several_managers(
    as_maria, one_an_hour, mailoutbox, done_at_once, bridge, client
):
    as_maria.post(INVITE, NEW)
    other = MembershipFactory(organisation=bridge, role="manager").user
    client.logout()
    sign_in_and_prove(client, other)
    assertContains(client.post(INVITE, {"email": "second@example.org", "role": "practitioner"}), "Try again later.")
    assert Invitation.objects.count() == len(mailoutbox) == 1


# ---------------------------------------------------------------- whoever sent it has lost the right to


@pytest.mark.parametrize("how", ["deactivated", "a practitioner now", "left"])
def test_an_invitation_ends_with_the_role_of_whoever_sent_it(invitation, bridge, maria, how):
    other = MembershipFactory(organisation=bridge, role="manager").user
    kept = invite(bridge, by=other, email="kept@example.org", role="practitioner")
    membership = maria.memberships.get()
    if how == "deactivated":
        deactivate(membership, by=other)
    elif how == "left":
        leave(membership)
    else:
        change_role(membership, by=other, role="practitioner")
    with pytest.raises(InvitationClosed):
        accept(invitation, by=UserFactory(email="new@example.org"))
    assert accept(kept, by=UserFactory(email="kept@example.org")).active


def test_an_invitation_sent_again_by_another_manager_stays(invitation, bridge, maria):
    other = MembershipFactory(organisation=bridge, role="manager").user
    renew(invitation, by=other)
    deactivate(maria.memberships.get(), by=other)
    assert accept(invitation, by=UserFactory(email="new@example.org")).active


@pytest.mark.parametrize("how", ["a member no more", "an administrator no more", "erased"])
def test_it_opens_only_while_whoever_sent_it_may_invite_there(client, bridge, maria, administrator, how):
    sender = administrator if how == "an administrator no more" else maria
    sent = invite(bridge, by=sender, email="new@example.org", role="manager")
    address = f"/invitations/{token_of(sent)}/"
    assert client.get(address).status_code == 200
    if how == "a member no more":
        maria.memberships.update(active=False)  # past the actions, which take it back
    elif how == "erased":
        Invitation.objects.update(invited_by=None)
    else:
        administrator.is_superuser = False
        administrator.save()
    assert client.get(address).status_code == 410
    with pytest.raises(InvitationClosed):
        accept(Invitation.objects.get(), by=UserFactory(email="new@example.org"))
    assert bridge.memberships.active().filter(user__email="new@example.org").count() == 0


def test_one_from_the_site_opens_until_a_manager_makes_it_theirs(bridge, maria):
    sent = invite(bridge, by=None, email="new@example.org", role="manager")
    assert opens(sent)
    renewed = renew(sent, by=maria)
    assert (renewed.from_site, opens(renewed)) == (False, True)
    maria.memberships.update(active=False)
    assert not opens(Invitation.objects.get())
    assert opens(renew(sent, by=None))


def test_it_comes_from_the_site_or_from_somebody(invitation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(from_site=True)


def test_an_invitation_of_an_account_that_was_closed_opens_nothing(invitation, maria):
    maria.is_active = False
    maria.save()
    with pytest.raises(InvitationClosed):
        accept(invitation, by=UserFactory(email="new@example.org"))

"""The link of an invitation, as whoever opens it finds it."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from initiatives.actions.invitations import invite, take_back
from initiatives.invitations import token_of
from initiatives.models import Membership
from mtd_tracker.accounts.models import User
from tests.factories import UserFactory

PASSWORD = "four words of mine, unrelated"
NINA = {"name": "Nina", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def invitation(bridge, maria):
    return invite(bridge, by=maria, email="new@example.org", role="practitioner", name="N. Ina")


@pytest.fixture
def link(invitation):
    return f"/invitations/{token_of(invitation)}/"


def signed_in(client):
    return client.session.get("_auth_user_id")


# ---------------------------------------------------------------- without an account


def test_a_new_person_chooses_name_and_password_and_is_in(client, link, bridge, invitation):
    page = client.get(link)
    assertContains(page, "Maria")
    assert page.context["form"].initial["name"] == "N. Ina"
    assertRedirects(client.post(link, NINA), "/organisations/bridge/")
    nina = User.objects.get(email="new@example.org")
    assert (nina.name, nina.check_password(PASSWORD)) == ("Nina", True)
    assert signed_in(client) == str(nina.pk)
    membership = nina.memberships.get()
    assert (membership.organisation, membership.role, membership.active) == (bridge, "practitioner", True)
    assert EmailAddress.objects.get(user=nina).verified
    invitation.refresh_from_db()
    assert invitation.accepted_by == nina


def test_only_what_is_sent_uses_it(client, link, invitation):
    for method in (client.get, client.head):
        for _ in range(3):
            assert method(link).status_code == 200
    invitation.refresh_from_db()
    assert invitation.is_open
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": ""}, "required"),
        ({"password1": "short", "password2": "short"}, "at least 15 characters"),
        ({"password2": "something else altogether"}, "same password"),
        (
            {"name": "Wilhelmina Longname", "password1": "wilhelmina longname", "password2": "wilhelmina longname"},
            "similar",
        ),
        ({"password1": "new@example.org1", "password2": "new@example.org1"}, "similar"),
        ({"name": "a\0b"}, "Null characters"),
        ({"name": "x" * 151}, "at most 150"),
    ],
)
def test_what_is_wrong_is_told_and_the_link_still_opens(client, link, sent, told, invitation):
    response = client.post(link, NINA | sent)
    assertContains(response, told)
    invitation.refresh_from_db()
    assert invitation.is_open
    assert not User.objects.filter(email="new@example.org").exists()


def test_extra_fields_change_nothing(client, link, harbour, alice):
    extra = {"email": "other@example.org", "user": alice.pk, "organisation": harbour.pk, "role": "manager"}
    client.post(link, NINA | extra | {"is_staff": "on", "is_superuser": "on", "is_curator": "on", "is_active": ""})
    nina = User.objects.get(name="Nina")
    assert (nina.email, nina.is_staff, nina.is_superuser, nina.is_curator, nina.is_active) == (
        "new@example.org",
        False,
        False,
        False,
        True,
    )
    assert (nina.memberships.get().organisation.code, nina.memberships.get().role) == ("bridge", "practitioner")


def test_sent_twice_it_makes_one_account_and_one_membership(client, link):
    first, second = Client(), Client()
    first.post(link, NINA)
    assert second.post(link, NINA).status_code == 410
    assert signed_in(second) is None
    assertRedirects(first.post(link, NINA), "/")
    assert Membership.objects.filter(user__email="new@example.org").count() == 1


# ---------------------------------------------------------------- with an account


def test_whoever_has_an_account_signs_in_first_and_accepts_with_one_click(client, link, bridge):
    nina = UserFactory(email="new@example.org")
    nina.set_password(PASSWORD)
    nina.save()
    page = client.get(link)
    assertContains(page, "Sign in")
    assertNotContains(page, "password1")
    client.post(link, NINA | {"password1": "another password of mine", "password2": "another password of mine"})
    nina.refresh_from_db()
    assert nina.check_password(PASSWORD)
    assert not nina.memberships.exists()
    signed = client.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD, "next": link})
    assertRedirects(signed, link)
    assertRedirects(client.post(link), "/organisations/bridge/")
    assertRedirects(client.post(link), "/")  # sent twice
    assert nina.memberships.get().active
    assert EmailAddress.objects.get(user=nina).verified


def test_somebody_else_is_refused_and_told_what_to_do(client, link, olga, invitation):
    client.force_login(olga)
    for method in (client.get, client.post):
        response = method(link)
        assertContains(response, "Sign out, then open the link in the mail again", status_code=403)
    assert olga.memberships.count() == 1
    invitation.refresh_from_db()
    assert invitation.is_open
    assertRedirects(client.post("/accounts/logout/", {"next": link}), link)


def test_an_address_of_another_account_is_taken_over_by_whoever_reads_its_mail(client, link, olga):
    EmailAddress.objects.create(user=olga, email="new@example.org", verified=True)
    client.post(link, NINA)
    assert EmailAddress.objects.get(email="new@example.org").user.name == "Nina"


# ---------------------------------------------------------------- closed


def test_used_old_taken_back_and_forged_links_answer_alike(client, bridge, maria, settings):
    def link_to(email):
        return f"/invitations/{token_of(invite(bridge, by=maria, email=email, role='manager'))}/"

    used, unknown = link_to("used@example.org"), link_to("back@example.org")
    Client().post(used, NINA)
    take_back(bridge.invitations.get(email="back@example.org"), by=maria)
    settings.INVITATION_DAYS = -1
    old, of_account = link_to("old@example.org"), link_to(UserFactory().email)
    answers = []
    for link in (used, unknown, old, of_account, "/invitations/nonsense/", "/invitations/%00/"):
        for method in (client.get, client.post):
            response = method(link)
            text = response.content.decode().split("<main")[1].split("<footer")[0]
            answers.append((response.status_code, text, response.headers["Cache-Control"]))
    assert set(answers) == {answers[0]}
    assert answers[0][0] == 410


def test_the_page_is_kept_nowhere_and_its_address_is_told_to_no_other_site(client, link):
    response = client.get(link)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"

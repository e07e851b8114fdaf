import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from initiatives.models import Initiative, LogEntry, Organisation
from mtd_tracker.accounts.models import User
from mtd_tracker.administration import site
from tests.factories import OrganisationFactory, make_initiative
from tests.proving import sign_in_and_prove

PASSWORD = "four words of mine, unrelated"


@pytest.fixture
def admin(client, administrator):
    sign_in_and_prove(client, administrator)
    return client


NO_MEMBERS = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
MONA = {"manager_name": "Mona", "manager_email": "Mona@example.org"}


def test_it_knows_people_and_organisations_and_nothing_else():
    assert set(site._registry) == {User, Organisation}


def test_no_page_of_it_speaks_of_an_initiative(admin, alice, bridge):
    initiative = make_initiative("Secret talks", by=alice, sharing="restricted")
    LogEntry.objects.create(initiative=initiative, author=alice, happened_on="2020-01-01", kind="meeting", text="Met.")
    pages = [
        reverse("admin:index"),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[alice.pk]),
        reverse("admin:initiatives_organisation_changelist"),
        reverse("admin:initiatives_organisation_change", args=[bridge.pk]),
        reverse("admin:app_list", args=["initiatives"]),
    ]
    for page in pages:
        response = admin.get(page)
        assert response.status_code == 200, page
        assert b"Secret talks" not in response.content
    for model in ("initiative", "logentry", "version", "revision", "grant"):
        assert admin.get(f"/admin/initiatives/{model}/").status_code == 404
        assert admin.get(f"/admin/reversion/{model}/").status_code == 404


def test_no_address_of_it_leads_from_a_key_to_a_page(admin, alice, bridge):
    hidden = make_initiative("Secret talks", by=alice, sharing="restricted")
    typed = OrganisationFactory(name="Elders", confirmed=False)
    for model, record in ((Initiative, hidden), (Organisation, typed), (Organisation, bridge), (User, alice)):
        kind = ContentType.objects.get_for_model(model).pk
        assert [admin.get(f"/admin/r/{kind}/{key}/").status_code for key in (record.pk, 987654)] == [404, 404]
    assert b"View on site" not in admin.get(f"/admin/initiatives/organisation/{bridge.pk}/change/").content


@pytest.mark.parametrize(
    "question",
    [
        "accounts/user/?initiatives__isnull=0",
        "accounts/user/?initiatives=1",
        "accounts/user/?grants__isnull=0",
        "accounts/user/?log_entries__in=1,2",
        "accounts/user/?name__startswith=A",
        "accounts/user/?email=%00",
        "initiatives/organisation/?owned_initiatives__isnull=0",
        "initiatives/organisation/?initiatives=1",
        "initiatives/organisation/?participations__isnull=0",
    ],
)
def test_no_address_of_it_asks_who_has_to_do_with_an_initiative(admin, question):
    assert admin.get(f"/admin/{question}").status_code == 400


@pytest.mark.parametrize(
    "question",
    [
        "accounts/user/?q=%00a",
        "accounts/user/?is_curator__exact=1",
        "initiatives/organisation/?q=%00",
        "autocomplete/?app_label=initiatives&model_name=membership&field_name=user&term=%00",
    ],
)
def test_its_own_filters_and_searches_answer_whatever_is_typed(admin, question):
    assert admin.get(f"/admin/{question}").status_code == 200


def test_unconfirmed_organisations_are_not_shown(admin):
    typed = OrganisationFactory(name="Typed into a secret record", confirmed=False)
    assert b"Typed into" not in admin.get(reverse("admin:initiatives_organisation_changelist")).content
    page = admin.get(reverse("admin:initiatives_organisation_change", args=[typed.pk]), follow=True)
    assert b"Typed into" not in page.content


def test_a_person_is_made_with_an_address_and_a_name(admin):
    admin.post(
        reverse("admin:accounts_user_add"),
        {
            "email": "New.Person@Example.org",
            "name": "New",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    made = User.objects.get(email="new.person@example.org")
    assert made.check_password(PASSWORD)
    assert (made.is_staff, made.is_superuser, made.is_curator) == (False, False, False)


def test_an_address_in_use_is_refused_in_any_case(admin, alice):
    response = admin.post(
        reverse("admin:accounts_user_add"), {"email": alice.email.upper(), "name": "A", "usable_password": "false"}
    )
    assert b"Somebody signs in with this address already." in response.content
    assert User.objects.filter(email__iexact=alice.email).count() == 1


def test_standing_is_given_and_taken(admin, alice):
    def save(**standing):
        data = {"email": alice.email, "name": alice.name} | standing
        admin.post(reverse("admin:accounts_user_change", args=[alice.pk]), data)
        alice.refresh_from_db()
        return alice.is_active, alice.is_curator, alice.is_superuser, alice.is_staff

    assert save(is_active="on", is_curator="on") == (True, True, False, False)
    assert save(is_active="on", is_superuser="on") == (True, False, True, True)
    assert save() == (False, False, False, False)


def test_a_password_is_never_shown_nor_written_as_it_stands(admin, alice):
    alice.set_password(PASSWORD)
    alice.save()
    page = reverse("admin:accounts_user_change", args=[alice.pk])
    assert alice.password not in admin.get(page).content.decode()
    admin.post(page, {"email": alice.email, "name": alice.name, "is_active": "on", "password": "typed"})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_nobody_and_no_organisation_is_deleted(admin, alice, bridge):
    assert admin.post(reverse("admin:accounts_user_delete", args=[alice.pk])).status_code == 403
    assert admin.post(reverse("admin:initiatives_organisation_delete", args=[bridge.pk])).status_code == 403


def add_organisation(admin, name="New House", **said):
    return admin.post(
        reverse("admin:initiatives_organisation_add"),
        {"name": name, "acronym": "", "kind": "NGO", "country": ""} | MONA | NO_MEMBERS | said,
        follow=True,
    )


def test_an_organisation_begins_with_its_first_manager_invited(
    admin, administrator, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        add_organisation(admin)
    made = Organisation.objects.get(name="New House")
    assert made.confirmed
    assert made.made_by == administrator
    invitation = made.invitations.get()
    assert (invitation.email, invitation.name, invitation.role) == ("mona@example.org", "Mona", "manager")
    assert mailoutbox[0].to == ["mona@example.org"]
    assert not User.objects.filter(email="mona@example.org").exists()


@pytest.mark.parametrize("lacking", MONA)
def test_no_organisation_begins_without_a_manager(admin, lacking):
    add_organisation(admin, **{lacking: ""})
    assert not Organisation.objects.filter(name="New House").exists()


def test_where_the_mail_fails_the_organisation_and_the_invitation_are_kept(
    admin, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", fail)
    with django_capture_on_commit_callbacks(execute=True):
        add_organisation(admin)
    assert Organisation.objects.get(name="New House").invitations.exists()


def test_an_organisation_of_a_confirmed_name_is_refused(admin, bridge):
    assert b"there already" in add_organisation(admin, name=bridge.name.upper()).content


def change_organisation(admin, organisation, **said):
    page = reverse("admin:initiatives_organisation_change", args=[organisation.pk])
    return admin.post(page, {"manager_name": "", "manager_email": ""} | NO_MEMBERS | said, follow=True)


def test_an_organisation_keeps_its_name_here(admin, bridge):
    change_organisation(admin, bridge, name="Other")
    bridge.refresh_from_db()
    assert bridge.name == "Bridge"
    assert not bridge.invitations.exists()


def test_one_that_has_lost_its_managers_gets_another(admin, bridge):
    change_organisation(admin, bridge, **MONA)
    assert bridge.invitations.get().role == "manager"


def test_members_are_shown_and_changed_by_no_form_of_it(admin, bridge, maria):
    membership = maria.memberships.get()
    assert b"Maria" in admin.get(reverse("admin:initiatives_organisation_change", args=[bridge.pk])).content
    row = {"id": membership.pk, "organisation": bridge.pk, "user": maria.pk, "role": "practitioner", "DELETE": "on"}
    rows = {f"memberships-0-{name}": value for name, value in row.items()}
    change_organisation(admin, bridge, **{"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1} | rows)
    membership.refresh_from_db()
    assert (membership.role, membership.active, membership.version) == ("manager", True, 1)


def test_inviting_a_manager_asks_once_more_who_one_is(client, administrator, bridge):
    client.force_login(administrator)
    response = change_organisation(client, bridge, **MONA)
    assert response.redirect_chain[0][0].startswith("/accounts/reauthenticate/")
    assert not bridge.invitations.exists()


def test_closing_the_account_of_the_last_manager_is_told(admin, maria, bridge):
    page = reverse("admin:accounts_user_change", args=[maria.pk])
    response = admin.post(page, {"email": maria.email, "name": maria.name}, follow=True)
    assert b"Bridge has no active manager now" in response.content


@pytest.mark.parametrize("who", ["alice", "maria", "curator"])
def test_only_administrators_come_in(client, request, who):
    client.force_login(request.getfixturevalue(who))
    response = client.get(reverse("admin:index"), follow=True)
    assert response.status_code == 403


def test_one_signs_in_by_the_sites_own_page(client, db):
    response = client.get(reverse("admin:login"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


# ---------------------------------------------------------------- how somebody signs in


STANDS = {"name": "Alice", "is_active": "on"}
OTHER = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("change", STANDS | {"email": "other@example.org"}),
        ("change", STANDS | {"email": "alice@example.org", "is_superuser": "on"}),
        ("password", OTHER),
        ("add", {"email": "new@example.org", "name": "New", **OTHER}),
    ],
)
def test_changing_how_somebody_signs_in_asks_once_more_who_one_is(client, administrator, alice, page, sent):
    before = User.objects.order_by("pk").values_list("email", "password", "is_superuser")
    stored = list(before)
    client.force_login(administrator)
    address = "/admin/accounts/user/add/" if page == "add" else f"/admin/accounts/user/{alice.pk}/{page}/"
    assert client.post(address, sent).url.startswith("/accounts/reauthenticate/")
    assert list(before.all()) == stored


def test_another_address_is_told_to_the_former_one(admin, alice, mailoutbox, django_capture_on_commit_callbacks):
    former = alice.email
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"/admin/accounts/user/{alice.pk}/change/", STANDS | {"email": "other@example.org"})
    (mail,) = mailoutbox
    assert mail.to == [former]
    assert "changed the e-mail address of your account" in mail.body


def test_the_same_address_is_no_news(admin, alice, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"/admin/accounts/user/{alice.pk}/change/", STANDS | {"email": alice.email, "is_curator": "on"})
    alice.refresh_from_db()
    assert alice.is_curator
    assert not mailoutbox


def test_another_password_is_told_and_ends_sessions(admin, alice, mailoutbox, django_capture_on_commit_callbacks):
    theirs = Client()
    theirs.force_login(alice)
    assert alice.sessions.exists()
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"/admin/accounts/user/{alice.pk}/password/", OTHER)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    (mail,) = mailoutbox
    assert mail.to == [alice.email]
    assert "set another password for your account" in mail.body
    assert not alice.sessions.exists()


def test_a_password_that_is_refused_changes_and_tells_nothing(admin, alice, mailoutbox):
    admin.post(f"/admin/accounts/user/{alice.pk}/password/", OTHER | {"password2": "something else"})
    alice.refresh_from_db()
    assert not alice.check_password(PASSWORD)
    assert not mailoutbox

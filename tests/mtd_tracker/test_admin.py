import pytest
from django.urls import reverse

from initiatives.models import LogEntry, Membership, Organisation
from mtd_tracker.accounts.models import User
from mtd_tracker.administration import site
from tests.factories import OrganisationFactory, make_initiative

PASSWORD = "four words of mine, unrelated"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def membership_rows(*rows):
    data = {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": 0}
    for place, row in enumerate(rows):
        data |= {f"memberships-{place}-{name}": value for name, value in row.items()}
    return data


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


def test_an_organisation_begins_with_its_members_and_a_history(admin, alice, administrator):
    admin.post(
        reverse("admin:initiatives_organisation_add"),
        {"name": "New House", "acronym": "", "kind": "NGO", "country": ""}
        | membership_rows({"user": alice.pk, "role": "manager", "active": "on"}),
    )
    made = Organisation.objects.get(name="New House")
    assert made.confirmed
    assert made.made_by == administrator
    assert made.memberships.get().role == Membership.Role.MANAGER


def test_an_organisation_of_a_confirmed_name_is_refused(admin, bridge):
    response = admin.post(
        reverse("admin:initiatives_organisation_add"),
        {"name": bridge.name.upper(), "acronym": "", "kind": "", "country": ""} | membership_rows(),
    )
    assert b"there already" in response.content


def test_an_organisation_keeps_its_name_here(admin, bridge):
    admin.post(
        reverse("admin:initiatives_organisation_change", args=[bridge.pk]), {"name": "Other"} | membership_rows()
    )
    bridge.refresh_from_db()
    assert bridge.name == "Bridge"


@pytest.mark.parametrize("who", ["alice", "maria", "curator"])
def test_only_administrators_come_in(client, request, who):
    client.force_login(request.getfixturevalue(who))
    response = client.get(reverse("admin:index"), follow=True)
    assert response.status_code == 403


def test_one_signs_in_by_the_sites_own_page(client, db):
    response = client.get(reverse("admin:login"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))

"""What the demonstration holds. How it starts, and where it refuses to: test_demo_start.py."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client, override_settings

from initiatives.dates import today
from initiatives.models import ConflictSystem, Engagement, Initiative, LogEntry, Status
from mtd_tracker.accounts.models import User
from mtd_tracker.demo.accounts import ACCOUNTS, PASSWORD
from taxonomy.models import Track
from tests.building import built_once
from tests.factories import make_initiative

pytestmark = pytest.mark.django_db

SHARING = {"public", "network", "organisation", "restricted"}
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module", autouse=True)
def _demonstration(django_db_setup, django_db_blocker):
    with built_once(django_db_blocker):
        with override_settings(DEBUG=True, PASSWORD_HASHERS=QUICK):
            call_command("demo", "--no-serve")
        yield


def account(key):
    return User.objects.get(email=f"{key}@demo.example")


def in_the_valley(user):
    return Initiative.objects.visible_to(user).filter(conflict_systems__code="demonstration-valley")


@pytest.mark.parametrize("one", ACCOUNTS, ids=lambda one: one.key)
def test_every_account_signs_in(one):
    client = Client()
    response = client.post("/accounts/login/", {"login": one.email, "password": PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(account(one.key).pk)


def test_roles_are_those_of_the_accounts():
    roles = {
        user.email.partition("@")[0]: [(str(m.organisation), m.role) for m in user.memberships.all()]
        for user in User.objects.all()
    }
    assert roles == {
        "practitioner": [("Bridge Builders", "practitioner")],
        "manager": [("Bridge Builders", "manager")],
        "outsider": [("Harbour Dialogue", "practitioner")],
        "outsider-manager": [("Harbour Dialogue", "manager")],
        "curator": [],
        "admin": [],
    }
    assert account("curator").is_curator
    assert account("admin").is_superuser


@pytest.mark.parametrize("organisation", ["bridge-builders", "harbour-dialogue"])
def test_each_organisation_has_records_on_every_level_and_a_draft(organisation):
    records = Initiative.objects.filter(owner__code=organisation)
    assert set(records.published().values_list("sharing", flat=True)) == SHARING
    assert records.filter(publication="draft").exists()


def test_the_accounts_see_different_worlds():
    people = [AnonymousUser(), *(account(one.key) for one in ACCOUNTS)]
    seen = {str(user): in_the_valley(user).count() for user in people}
    # public 3, network 4; then own organisation, own restricted, own drafts (two name no system or are another's)
    assert seen == {
        "AnonymousUser": 3,
        "Practitioner (demonstration)": 3 + 4 + 2 + 1 + 1,
        "Manager (demonstration)": 3 + 4 + 2 + 1,
        "Outsider (demonstration)": 3 + 4 + 1 + 1,
        "Outside manager (demonstration)": 3 + 4 + 1 + 1 + 1,
        "Curator (demonstration)": 3 + 4,
        "Administrator (demonstration)": 3 + 4,
    }


def test_invented_records_say_so_and_stand_apart_from_the_real_ones():
    invented = Initiative.objects.exclude(owner__code="case-library")
    assert all("(invented" in record.title for record in invented)
    assert all(record.summary.startswith("Invented for the demonstration.") for record in invented)
    systems = {row.conflict_system for row in Engagement.objects.filter(initiative__in=invented)}
    assert systems == {ConflictSystem.objects.get(invented=True)}
    assert not Initiative.objects.filter(owner__code="case-library", conflict_systems__invented=True).exists()


def test_the_valley_shows_every_status():
    records = Initiative.objects.filter(conflict_systems__code="demonstration-valley")
    statuses = {record.status(today()) for record in records}
    assert statuses == set(Status) - {Status.IN_REVIEW, Status.WITHDRAWN}
    assert records.published().filter(tracks=None).count() == 1
    assert any(record.is_unconfirmed() for record in records)
    assert LogEntry.objects.filter(initiative__in=records).count() == 5


def test_what_runs_ends_near_enough_for_the_valleys_lanes_to_show_the_past():
    records = Initiative.objects.filter(conflict_systems__code="demonstration-valley")
    assert max(record.end.last for record in records if record.end) == date(2030, 12, 31)


def test_run_again_it_changes_nothing_and_leaves_what_was_added_alone(capsys, settings):
    settings.DEBUG = True
    practitioner = account("practitioner")
    added = make_initiative("Logged meanwhile", by=practitioner)
    Initiative.objects.filter(title__startswith="Listening").update(title="Edited meanwhile")
    Track.objects.filter(code="media").update(name="Press")
    practitioner.set_password("another password of mine")
    practitioner.save()
    LogEntry.objects.all().delete()
    call_command("demo", "--no-serve")
    assert "nothing was changed" in capsys.readouterr().out
    assert Initiative.objects.filter(pk=added.pk).exists()
    assert Initiative.objects.count() == 21 + 17 + 1
    assert Initiative.objects.filter(title="Edited meanwhile").exists()
    assert Track.objects.get(code="media").name == "Press"
    assert account("practitioner").check_password("another password of mine")
    assert not LogEntry.objects.exists()


def test_the_change_of_a_record_in_the_light_of_a_principle_can_be_read(db):
    circles = Initiative.objects.get(title__startswith="Listening circles")
    ratings = circles.principle_ratings.filter(principle__code="trust").order_by("rated_on")
    assert [(one.rated_on.year, one.rating) for one in ratings] == [(2016, 2), (2019, 1), (2024, 2)]

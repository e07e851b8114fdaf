import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client

from initiatives.dates import today
from initiatives.models import ConflictSystem, Engagement, Initiative, LogEntry, Organisation, Status
from mtd_tracker.accounts.models import User
from mtd_tracker.demo.accounts import ACCOUNTS, PASSWORD
from mtd_tracker.demo.management.commands import demo
from mtd_tracker.demo.models import DemoMark
from taxonomy.models import Track
from tests.factories import ConflictSystemFactory, OrganisationFactory, UserFactory, make_initiative

pytestmark = pytest.mark.django_db

SHARING = {"public", "network", "organisation", "restricted"}


@pytest.fixture(autouse=True)
def _development(settings):
    settings.DEBUG = True


@pytest.fixture
def demonstration(db):
    call_command("demo", "--no-serve")


def account(key):
    return User.objects.get(email=f"{key}@demo.example")


def in_the_valley(user):
    return Initiative.objects.visible_to(user).filter(conflict_systems__code="demonstration-valley")


def test_it_says_each_step_the_address_and_the_accounts(db, capsys):
    call_command("demo", "--no-serve")
    lines = capsys.readouterr().out
    for words in ("Database", "Migrations", "9 tracks", "21 initiatives", "http://127.0.0.1:8000/", PASSWORD):
        assert words in lines
    for one in ACCOUNTS:
        assert one.email in lines


@pytest.mark.parametrize("one", ACCOUNTS, ids=lambda one: one.key)
def test_every_account_signs_in(demonstration, one):
    client = Client()
    response = client.post("/accounts/login/", {"login": one.email, "password": PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(account(one.key).pk)


def test_roles_are_those_of_the_accounts(demonstration):
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
def test_each_organisation_has_records_on_every_level_and_a_draft(demonstration, organisation):
    records = Initiative.objects.filter(owner__code=organisation)
    assert set(records.published().values_list("sharing", flat=True)) == SHARING
    assert records.filter(publication="draft").exists()


def test_the_accounts_see_different_worlds(demonstration):
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


def test_invented_records_say_so_and_stand_apart_from_the_real_ones(demonstration):
    invented = Initiative.objects.exclude(owner__code="case-library")
    assert all("(invented" in record.title for record in invented)
    assert all(record.summary.startswith("Invented for the demonstration.") for record in invented)
    systems = {row.conflict_system for row in Engagement.objects.filter(initiative__in=invented)}
    assert systems == {ConflictSystem.objects.get(invented=True)}
    assert not Initiative.objects.filter(owner__code="case-library", conflict_systems__invented=True).exists()


def test_the_valley_shows_every_status(demonstration):
    records = Initiative.objects.filter(conflict_systems__code="demonstration-valley")
    statuses = {record.status(today()) for record in records}
    assert statuses == set(Status) - {Status.IN_REVIEW, Status.WITHDRAWN}
    assert records.published().filter(tracks=None).count() == 1
    assert any(record.is_unconfirmed() for record in records)
    assert LogEntry.objects.filter(initiative__in=records).count() == 5


def test_run_again_it_changes_nothing_and_leaves_what_was_added_alone(demonstration, capsys):
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


def test_it_refuses_where_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("demo", "--no-serve")
    assert not User.objects.exists()


@pytest.mark.parametrize("factory", [make_initiative, OrganisationFactory, ConflictSystemFactory, UserFactory])
def test_it_refuses_a_database_with_records_that_no_demonstration_made(factory):
    factory()
    with pytest.raises(CommandError, match="no demonstration made it"):
        call_command("demo", "--no-serve")
    assert not DemoMark.objects.exists()
    assert not Track.objects.exists()


def test_a_taxonomy_alone_is_no_obstacle(db):
    call_command("load_taxonomy")
    call_command("demo", "--no-serve")
    assert Initiative.objects.count() == 21 + 17


def test_after_a_failure_half_way_it_begins_anew(monkeypatch):
    def fail():
        raise RuntimeError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(demo, "make_demonstration", fail)
        with pytest.raises(RuntimeError):
            call_command("demo", "--no-serve")
    assert not DemoMark.objects.exists()
    assert not Organisation.objects.exists()
    call_command("demo", "--no-serve")
    assert Initiative.objects.count() == 21 + 17

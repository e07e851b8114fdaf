import pytest
from django.core.management import CommandError, call_command

from initiatives.models import Initiative, Organisation
from mtd_tracker.accounts.models import User
from mtd_tracker.demo.accounts import ACCOUNTS, PASSWORD
from mtd_tracker.demo.management.commands import demo
from mtd_tracker.demo.models import DemoMark
from taxonomy.models import Track
from tests.factories import ConflictSystemFactory, OrganisationFactory, UserFactory, make_initiative

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _development(settings):
    settings.DEBUG = True
    settings.WHITENOISE_USE_FINDERS = False  # the command sets both, where it serves


def test_it_says_each_step_the_address_and_the_accounts(db, capsys, monkeypatch, settings):
    served = []
    monkeypatch.setattr(
        "mtd_tracker.demo.management.commands.demo.call_command",
        lambda name, *args, **options: served.append((name, *args, settings.DEBUG)),
    )
    call_command("demo", "127.0.0.1:8765")
    assert ("runserver", "127.0.0.1:8765", False) in served, "what isn't there is told as on a real site"
    lines = capsys.readouterr().out
    for words in ("Database", "Migrations", "9 tracks", "21 initiatives", "http://127.0.0.1:8765/", PASSWORD):
        assert words in lines
    for one in ACCOUNTS:
        assert one.email in lines


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

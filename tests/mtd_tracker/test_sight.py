"""What holds on either database; what the policies do themselves: tests/mtd_tracker/rowsecurity."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision

from mtd_tracker.elevation import elevated
from mtd_tracker.history import change, one_revision
from mtd_tracker.rowsecurity.policies import without_lock
from mtd_tracker.sight import guarded, seen_by
from tests.factories import ConflictSystemFactory


def test_every_model_that_refers_to_an_initiative_has_a_lock():
    assert without_lock() == []


def test_what_is_not_guarded_costs_nothing(valley, alice, monkeypatch):
    monkeypatch.setattr("mtd_tracker.sight.guarded", lambda: False)
    monkeypatch.setattr("mtd_tracker.elevation.guarded", lambda: False)
    with CaptureQueriesContext(connection) as asked, seen_by(alice), elevated("a test"):
        pass
    assert len(asked) == 0


def test_changes_within_one_revision_are_kept_as_one(valley, alice):
    other = ConflictSystemFactory()
    with one_revision():
        for system in (valley, other):
            with change(system, by=alice, note="Renamed") as record:
                record.name += " again"
                record.save()
    assert Revision.objects.get().version_set.count() == 2


@pytest.mark.django_db
def test_row_security_is_not_for_sqlite(monkeypatch):
    monkeypatch.setattr("mtd_tracker.rowsecurity.management.commands.setup_database_roles.guarded", lambda: False)
    with pytest.raises(CommandError, match="is PostgreSQL's"):
        call_command("setup_database_roles")
    assert guarded() == (connection.vendor == "postgresql")

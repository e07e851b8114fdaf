import logging
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from initiatives.models import Initiative, Location
from mtd_tracker.rowsecurity import policies
from mtd_tracker.rowsecurity.database import faults
from mtd_tracker.rowsecurity.policies import locks, without_lock
from mtd_tracker.sight import seen_by
from tests.factories import make_initiative
from tests.runtime_role import role_of

pytestmark = pytest.mark.django_db


@contextmanager
def as_owner():
    connection.check_constraints()  # a table with checks outstanding is not to be altered
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        try:
            yield cursor
        finally:
            cursor.execute(f"SET ROLE {role_of(connection)}")


def setup(*options):
    call_command("setup_database_roles", *options, role=role_of(connection))


def test_every_table_that_refers_to_an_initiative_is_locked():
    assert without_lock() == []


def test_a_model_without_a_lock_is_told(monkeypatch):
    forgotten = [lock for lock in policies._locks_of_initiatives() if lock.model is not Location]
    monkeypatch.setattr(policies, "_locks_of_initiatives", lambda: forgotten)
    assert without_lock() == [Location]
    with as_owner(), pytest.raises(CommandError, match=r"initiatives\.Location"):
        setup()


def test_all_of_it_holds_for_the_role_that_serves_the_site(capsys):
    setup("--check")
    assert f"holds on {len(locks())} tables" in capsys.readouterr().out


def test_run_again_it_changes_nothing(alice):
    make_initiative("Closed", by=alice)
    with as_owner():
        setup()
    setup("--check")
    with seen_by(None):
        assert not Initiative.objects.exists()


def test_lifted_nobody_but_the_owner_sees_a_record(alice):
    make_initiative("Open", by=alice, sharing="public")
    with as_owner():
        setup("--lift")
    assert not Initiative.objects.exists()
    with pytest.raises(CommandError, match="no policies, or older ones"):
        setup("--check")
    with as_owner():
        assert Initiative.objects.exists()
        setup()
    assert Initiative.objects.exists()


@pytest.mark.parametrize(
    ("done", "told"),
    [
        ("ALTER TABLE initiatives_location DISABLE ROW LEVEL SECURITY", "Row security is off on initiatives_location"),
        ("CREATE POLICY more ON initiatives_grant USING (true)", "initiatives_grant has other policies"),
        ("DROP POLICY sight_change ON initiatives_grant", "initiatives_grant has other policies"),
        ("COMMENT ON SCHEMA sight IS 'of another release'", "no policies, or older ones"),
        ("REVOKE SELECT ON initiatives_grant FROM {role}", "no right to initiatives_grant"),
    ],
)
def test_what_is_amiss_is_told(done, told):
    with as_owner() as cursor:
        cursor.execute(done.format(role=role_of(connection)))
    assert [fault for fault in faults() if told in fault]


def test_the_owner_is_told_that_no_policy_binds_it(client, settings, caplog):
    with as_owner():
        with pytest.raises(CommandError, match="whom no policy binds"):
            setup("--check")
        with caplog.at_level(logging.WARNING):
            response = client.get("/readyz")
    assert response.content == b"ready\n"
    assert "whom no policy binds" in caplog.text


def test_it_is_the_owners_to_run():
    with pytest.raises(CommandError, match="doesn't own the tables"):
        setup()


def test_a_role_that_may_act_as_the_owner_does_not_serve():
    with as_owner() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
        with pytest.raises(CommandError, match="Choose another role"):
            call_command("setup_database_roles", role=owner)

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db


def test_the_process_is_up_whatever_the_database_does(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "__init__", fail)
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_ready_once_migrated(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


def test_not_ready_while_migrations_are_pending(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *args: [("a migration", False)])
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations are pending\n")


def test_not_ready_while_the_database_does_not_answer(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "__init__", fail)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"the database does not answer\n")


@pytest.mark.usefixtures("cache_gone")
def test_a_cache_that_does_not_answer_is_told_and_takes_no_site_off_the_net(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ready, but nobody can sign in: the cache does not answer\n"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_answered(client, path):
    assert client.post(path).status_code == 405


def fail(*args, **kwargs):
    raise DatabaseError("connection refused to 10.0.0.7")

"""One change, one revision: locked, compared, written with its history, or not at all."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision

from initiatives.models import ConflictSystem
from mtd_tracker.history import StaleSave, change

pytestmark = pytest.mark.django_db


def test_a_change_counts_the_version_and_says_who_did_what(valley, alice):
    with change(valley, by=alice, note="Renamed", version=1) as record:
        record.name = "Dale"
        record.save()
    valley.refresh_from_db()
    assert (valley.name, valley.version) == ("Dale", 2)
    revision = Revision.objects.get()
    assert (revision.user, revision.comment) == (alice, "Renamed")


def test_a_stale_change_is_refused_with_the_record_as_it_stands(valley, alice):
    with change(valley, by=alice, note="First", version=1) as record:
        record.name = "Dale"
        record.save()
    with pytest.raises(StaleSave) as refused, change(valley, by=alice, note="Second", version=1):
        pytest.fail("a stale change was let in")
    assert refused.value.stored.name == "Dale"
    assert Revision.objects.count() == 1


def test_what_fails_half_way_leaves_nothing(valley, alice):
    def fail_half_way():
        with change(valley, by=alice, note="Broken") as record:
            record.name = "Dale"
            record.save()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    valley.refresh_from_db()
    assert (valley.name, valley.version) == ("Valley", 1)
    assert not Revision.objects.exists()


def test_what_the_database_refuses_is_told_and_not_an_error_of_the_site(valley, alice):
    twin = ConflictSystem(code="valley", name="Twin")
    with pytest.raises(ValidationError, match="in the same moment"), change(twin, by=alice, note="Added") as record:
        record.save()
    assert ConflictSystem.objects.count() == 1


def test_what_was_deleted_in_the_meantime_is_not_there(valley, alice):
    gone = ConflictSystem.objects.get()
    valley.delete()
    with pytest.raises(Http404), change(gone, by=alice, note="Renamed"):
        pytest.fail("a change of nothing was let in")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks the whole database instead")
def test_a_lock_keeps_no_one_from_referring_to_the_record(valley, alice):
    with CaptureQueriesContext(connection) as asked, change(valley, by=alice, note="Renamed"):
        pass
    assert "FOR NO KEY UPDATE" in "".join(query["sql"] for query in asked)

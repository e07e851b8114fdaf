"""What a check of the database notices."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

pytestmark = pytest.mark.django_db


def faults():
    return [fault.id for fault in run_checks(tags=[Tags.database], databases=["default"])]


def test_after_all_migrations_the_search_follows_what_is_written():
    assert faults() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="an index of PostgreSQL belongs to its table")
def test_a_table_made_anew_without_its_triggers_is_noticed():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER initiatives_wording_added")
    assert faults() == ["initiatives.E001"]

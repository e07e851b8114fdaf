"""Every migration of ours goes forward, back to the first, and forward again, with the demonstration in the tables."""

import json

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.runtime_role import as_owner

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

OURS = ("accounts", "demo", "taxonomy", "initiatives", "erasure")
# What the first migrations had no place for begins anew: it is left out of what is compared.
SINCE = {"ref", "version", "withdrawn_on", "shown_dates", "shown_places", "merged_into", "reviews"}


def rows():
    """What the tables of the first migrations hold. Shape: {model: {key: fields}}."""
    found = {}
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            told = json.loads(serializers.serialize("json", model._base_manager.all()))
            found[model._meta.label] = {
                row["pk"]: {name: value for name, value in row["fields"].items() if name not in SINCE} for row in told
            }
    return {label: held for label, held in found.items() if held}


def applied():
    return {key for key in MigrationRecorder(connection).applied_migrations() if key[0] in OURS}


def test_they_go_forward_and_back_and_forward_on_a_full_database(settings):
    settings.DEBUG = True  # the demonstration refuses to be made elsewhere
    call_command("demo", "--no-serve", verbosity=0)
    before, everything = rows(), applied()
    assert len(before["initiatives.Initiative"]) > 20
    with as_owner(connection):
        try:
            for label in reversed(OURS):
                first = min(name for app, name in MigrationLoader(connection).disk_migrations if app == label)
                call_command("migrate", label, first, verbosity=0)
            assert {name[:4] for _, name in applied()} == {"0001"}
        finally:
            call_command("migrate", verbosity=0)
    assert applied() == everything
    assert rows() == before

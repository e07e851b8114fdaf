"""What an earlier version told of a link in the past of the record that it leads to is taken out by a migration."""

from importlib import import_module

import pytest
from django.apps import apps
from reversion.models import Revision, Version

from mtd_tracker.elevation import elevated
from mtd_tracker.history import change
from tests.factories import make_initiative

migration = import_module("initiatives.migrations.0013_answers_of_links")


@pytest.mark.parametrize("word", ["confirmed", "declined"])
def test_the_past_of_the_target_tells_no_answer_any_more(alice, word):
    record = make_initiative(by=alice)
    for note in ("Edited", f"A link to it {word}", "Edited"):
        with change(record, by=alice, note=note) as changed:
            changed.save()
    with elevated("a migration"):
        migration.forget(apps, None)
    assert list(Revision.objects.values_list("comment", flat=True)) == ["Edited", "Edited"]
    assert [version.field_dict["version"] for version in Version.objects.get_for_object(record)] == [4, 2]

"""A record's past, as people read it."""

import pytest

from mtd_tracker.history import change, revisions


@pytest.fixture
def harbour_past(harbour, bridge, alice):
    """Harbour, changed by Alice from what it was first."""
    with change(harbour, by=None, note="Loaded") as record:
        record.save()
    with change(harbour, by=alice, note="Edited") as record:
        record.name, record.confirmed, record.aliases = "Haven", False, ["Port", "Quay"]
        record.made_in = bridge
        record.save()
    return harbour


def test_each_changed_field_tells_what_stood_there_in_words(harbour_past, alice):
    latest, first = revisions(harbour_past)
    told = {change.name: (change.old, change.new) for change in latest.changes}
    assert told["name"] == ("Harbour", "Haven")
    assert told["confirmed"] == ("yes", "no")
    assert told["aliases"] == ("", "Port\nQuay")
    assert told["made_in"] == ("", "Bridge")
    assert "version" not in told
    assert (latest.who, latest.note) == (alice, "Edited")
    assert (first.who, first.note, first.changes) == (None, "Loaded", ())


def test_a_field_left_out_is_not_told(harbour_past):
    latest, _ = revisions(harbour_past, leave_out=["made_in"])
    assert "made_in" not in {change.name for change in latest.changes}


def test_a_record_without_a_past_has_none(bridge):
    assert revisions(bridge) == []

"""What is derived follows from its sources after every action, without anybody's help."""

import contextlib
import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from initiatives.actions import lifecycle
from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.actions.merging import merge_organisations
from initiatives.actions.sharing import change_sharing
from initiatives.dates import PartialDate
from initiatives.derived import batches, faults
from initiatives.models import Initiative, Tally
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

pytestmark = pytest.mark.usefixtures("derived_by_actions_alone")

HISTORIES = [*range(3), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 100))]


def all_faults():
    return [fault for keys in batches() for fault in faults(keys)]


@pytest.fixture
def content(valley, tracks, bridge):
    """content(**changes): what the form would send of a complete record."""

    def content(**changes):
        complete = {
            "title": "Market talks",
            "engagements": [(valley, None, None)],
            "start": PartialDate.parse("2019-05"),
            "participations": [("lead", bridge)],
            "lead_track": tracks["business"],
            "tracks": [tracks["media"]],
        }
        return Content(**complete | changes)

    return content


def test_what_is_published_has_a_tally_in_each_system_and_a_draft_has_none(content, alice, bridge, valley, tracks):
    other = ConflictSystemFactory()
    engagements = [(valley, None, None), (other, PartialDate.parse("2020"), None)]
    draft = log_initiative(content(engagements=engagements), by=alice, owner=bridge)
    assert not Tally.objects.exists()
    lifecycle.publish(draft, by=alice)
    kept = {row.conflict_system: row for row in Tally.objects.all()}
    assert {system: row.started_on for system, row in kept.items()} == {
        valley: date(2019, 5, 1),
        other: date(2020, 1, 1),
    }
    keys = sorted([tracks["business"].pk, tracks["media"].pk])
    assert kept[valley].tracks == ",".join(map(str, keys))
    assert kept[valley].lead == str(tracks["business"].pk)
    lifecycle.withdraw(draft, by=alice)
    assert not Tally.objects.exists()


def test_what_a_merge_of_organisations_moves_is_derived_too(content, alice, bridge, curator):
    typed = OrganisationFactory()
    log_initiative(content(participations=[("lead", typed)]), by=alice, owner=bridge, publish=True)
    merge_organisations(typed, OrganisationFactory(), by=curator)
    assert all_faults() == []


@pytest.mark.parametrize("seed", HISTORIES)
def test_it_follows_any_history_of_changes(content, alice, maria, bridge, tracks, seed):
    chance = random.Random(seed)  # noqa: S311  histories, no secrets
    records = []
    for _ in range(25):
        with contextlib.suppress(ValidationError):  # refused: what was derived before still follows
            _change_something(chance, records, content, alice, bridge, list(tracks.values()))
        assert all_faults() == []
    assert Initiative.objects.exists()


def _change_something(chance, records, content, alice, bridge, tracks):
    day = date(2019, 6, 1) + timedelta(days=chance.randrange(2_000))
    lead, *others = chance.sample(tracks, chance.randint(1, 4))
    said = content(
        title=chance.choice(["Market talks", "Négociation"]),
        lead_track=lead,
        tracks=others,
        suspensions=chance.choice(
            [[], [(day, None)], [(day, day), (day + timedelta(days=9), day + timedelta(days=30))]]
        ),
        officiality=chance.choice(["", "mixed"]),
        end=chance.choice([None, PartialDate.parse("2024")]),
    )
    if not records or chance.random() < 0.2:
        records.append(log_initiative(said, by=alice, owner=bridge, publish=chance.random() < 0.7))
        return
    record = Initiative.objects.get(pk=chance.choice(records).pk)
    chance.choice(
        [
            lambda: edit_initiative(record, said, by=alice),
            lambda: lifecycle.publish(record, by=alice),
            lambda: lifecycle.withdraw(record, by=alice),
            lambda: lifecycle.end(record, by=alice, day=PartialDate.parse(day.isoformat())),
            lambda: lifecycle.confirm(record, by=alice),
            lambda: lifecycle.cancel(record, by=alice, day=day),
            lambda: lifecycle.suspend(record, by=alice, from_on=day),
            lambda: change_sharing(
                record, {"sharing": "restricted", "shown_dates": "year", "shown_places": "country"}, by=alice
            ),
        ]
    )()


def test_what_was_written_past_the_actions_is_found_and_put_right(valley, tracks, capsys):
    make_initiative(conflicts=[valley], tracks=[tracks["business"]])
    with pytest.raises(CommandError, match="2 rows differ"):  # its tally and its wording
        call_command("check_derived")
    call_command("rebuild_derived")
    call_command("check_derived")
    Tally.objects.update(sharing="public")
    with pytest.raises(CommandError, match="1 rows differ"):
        call_command("check_derived")
    assert "is out of date" in capsys.readouterr().out

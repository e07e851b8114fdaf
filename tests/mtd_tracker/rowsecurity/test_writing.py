"""What one doesn't work on, one can't write to, whatever the application forgot to ask."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from reversion.models import Version

from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative
from initiatives.actions.lifecycle import delete_draft
from initiatives.actions.log import edit_entry
from initiatives.actions.readings import note_opened
from initiatives.actions.statements import state_coverage
from initiatives.dates import today
from initiatives.models import CoverageStatement, Grant, Initiative, InitiativeLink, LogEntry, Reading
from mtd_tracker.elevation import elevated
from mtd_tracker.sight import seen_by
from tests.factories import make_initiative


@pytest.fixture
def public(alice, valley, tracks):
    """A record that everyone may read, and Alice's organisation may write."""
    record = make_initiative(by=alice, sharing="public", conflicts=[valley], tracks=[tracks["media"]])
    record.locations.create(country="KE")
    return record


def run(statement, *values):
    """Number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE initiatives_initiative SET title = 'Taken over'",
        "UPDATE initiatives_initiative SET owner_id = owner_id WHERE title <> ''",
        "UPDATE initiatives_location SET country = 'NO'",
        "DELETE FROM initiatives_location",
        "DELETE FROM initiatives_engagement",
        "DELETE FROM initiatives_initiative",
        "UPDATE initiatives_logentry SET text = 'Rewritten'",
        "DELETE FROM reversion_version",
    ],
)
def test_what_one_does_not_work_on_is_not_touched(public, alice, olga, curator, statement):
    LogEntry.objects.create(
        initiative=public, author=alice, happened_on=today(), kind="meeting", text="Met.", sharing="network"
    )
    for user in (None, olga, curator):
        with seen_by(user):
            assert run(statement) == 0


@pytest.mark.parametrize("name", ["olga", "curator", None])
def test_nothing_is_added_to_what_one_does_not_work_on(request, public, name):
    with (
        seen_by(name and request.getfixturevalue(name)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        public.locations.create(country="NO")


def test_nobody_logs_in_the_name_of_another(public, alice, olga, harbour, bridge):
    for fields in ({"author": alice, "owner": harbour}, {"author": olga, "owner": bridge}):
        with seen_by(olga), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Initiative.objects.create(title="Foisted", **fields)


def test_nobody_names_themselves_on_what_they_can_not_open(alice, olga):
    hidden = make_initiative(by=alice, sharing="restricted")
    with seen_by(olga), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Grant.objects.create(initiative=hidden, user=olga)


def test_a_statement_is_written_by_the_managers_of_its_organisation_and_removed_by_nobody(
    valley, tracks, bridge, maria, alice, otto, curator
):
    told = {"track": tracks["media"], "kind": "not_invited", "day": today(), "reason": "Nobody asked."}
    with seen_by(maria):
        state_coverage(valley, by=maria, organisation=bridge, **told)
    change = "UPDATE initiatives_coveragestatement SET reason = 'Rewritten'"
    for user in (None, alice, otto, curator):
        with seen_by(user):
            assert run(change) == 0
        with seen_by(user), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            CoverageStatement.objects.create(
                conflict_system=valley,
                organisation=bridge,
                track=tracks["religion"],
                kind="not_invited",
                stated_on=today(),
                lapses_on=today() + timedelta(days=365),
            )
    with seen_by(maria):
        assert run(change) == 1
        assert run("DELETE FROM initiatives_coveragestatement") == 0


def test_the_past_of_a_statement_is_for_the_network(valley, tracks, bridge, maria, olga, curator):
    told = {"track": tracks["media"], "kind": "not_invited", "day": today(), "reason": "Nobody asked."}
    state_coverage(valley, by=maria, organisation=bridge, **told)
    for user, versions in ((None, 0), (olga, 1), (curator, 1)):
        with seen_by(user), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM reversion_version WHERE serialized_data LIKE '%Nobody asked%'")
            assert cursor.fetchone() == (versions,)


def test_who_read_what_is_written_down_by_the_site_alone(alice, maria):
    record = make_initiative(by=alice, sharing="organisation")
    with seen_by(maria):
        note_opened(record, by=maria)
        assert Reading.objects.count() == 1
        assert run("DELETE FROM initiatives_reading") == run("UPDATE initiatives_reading SET kind = 'exported'") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Reading.objects.create(initiative=record, reader=alice, kind="opened", owner=record.owner)


def test_a_manager_who_shares_a_record_away_from_herself_finishes_with_its_history_whole(
    alice, maria, olga, valley, tracks
):
    record = make_initiative(by=alice, sharing="organisation", conflicts=[valley], tracks=[tracks["media"]])
    InitiativeLink.objects.create(source=record, target=make_initiative(by=olga, sharing="restricted"), kind="funds")
    Grant.objects.create(initiative=record, user=olga)
    content = Content(
        title="Quiet talks",
        sharing="restricted",
        start=record.start,
        engagements=[(valley, None, None)],
        lead_track=tracks["media"],
        participations=[("lead", record.owner)],
        locations=[("KE", "")],
    )
    with seen_by(maria):
        edit_initiative(record, content, by=maria)
        assert not Initiative.objects.filter(pk=record.pk).exists()
    revision = Version.objects.get_for_object(record).first().revision
    kept = sorted(version.content_type.model for version in revision.version_set.all())
    parts = ["engagement", "grant", "initiative", "initiativelink", "location", "participation"]
    assert kept == [*parts, "tracktag"]


def test_a_manager_closes_a_colleagues_entry_to_herself(public, colin, maria):
    entry = LogEntry.objects.create(
        initiative=public, author=colin, happened_on=today(), kind="meeting", text="Met.", sharing="network"
    )
    with seen_by(maria):
        edit_entry(entry, by=maria, happened_on=today(), kind="meeting", text="Met.", sharing="restricted")
        assert not LogEntry.objects.filter(pk=entry.pk).exists()
    entry.refresh_from_db()
    assert entry.sharing == "restricted"


def test_a_draft_goes_with_what_hidden_records_hung_on_it(alice, olga):
    draft = make_initiative(by=alice, publication="draft")
    hidden = make_initiative(by=olga, sharing="restricted")
    InitiativeLink.objects.create(source=hidden, target=draft, kind="funds")
    with seen_by(alice):
        delete_draft(draft, by=alice)
    assert not Initiative.objects.filter(pk=draft.pk).exists()
    assert not InitiativeLink.objects.exists()


def test_whoever_is_named_to_write_writes(public, olga):
    Grant.objects.create(initiative=public, user=olga, access="write")
    with seen_by(olga):
        public.locations.create(country="NO")
        assert run("UPDATE initiatives_initiative SET title = 'Mended'") == 1


def test_the_site_itself_writes_and_only_until_it_says_so(public, olga):
    with seen_by(olga):
        with elevated("a test of elevation"):
            assert run("UPDATE initiatives_initiative SET summary = 'Moved'") == 1
        assert run("UPDATE initiatives_initiative SET summary = 'Again'") == 0

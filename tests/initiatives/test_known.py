"""As it was known on a day: hand-counted, and told of the past only what a record's history page tells."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.dates import PartialDate
from initiatives.models import Engagement, Grant, Initiative, Suspension, TrackTag
from initiatives.pages.history import versions_for
from initiatives.permissions import may_edit
from initiatives.recorded import past_open_to
from mtd_tracker.accounts.models import User
from mtd_tracker.history import change, one_revision
from tests.everybody import arguments, people, record
from tests.factories import ConflictSystemFactory, make_initiative

__all__ = ["arguments", "people", "record"]
from tests.test_two_worlds import masked

URL = "/conflicts/valley/known/"
ON = "2023-03-31"
pytestmark = pytest.mark.django_db


def at(day):
    return time_machine.travel(f"{day}T12:00Z", tick=False)


@pytest.fixture(autouse=True)
def _now():
    with at("2024-01-01"):
        yield


@pytest.fixture
def keep(valley, tracks, alice):
    """keep(title, day, **fields): Alice's record as it is logged on a day, with its first revision."""

    def keep(title, day="2023-01-10", **fields):
        fields = {"conflicts": [valley], "tracks": [tracks["media"]], "sharing": "organisation"} | fields
        with at(day), one_revision():
            initiative = make_initiative(title, by=alice, **fields)
            with change(initiative, by=alice, note="Logged") as stored:
                stored.save()
        return initiative

    return keep


def edit(initiative, day, by, tags=None, **fields):
    """Change fields, and the tracks if any are given."""
    with at(day), change(initiative, by=by, note="Changed") as stored:
        for name, value in fields.items():
            setattr(stored, name, value)
        if tags is not None:
            TrackTag.objects.filter(initiative=stored).delete()
            for track in tags:
                TrackTag.objects.create(initiative=stored, track=track, emphasis="contributing")
        stored.save()


def asked(client, person, on=ON, **query):
    client.force_login(person)
    return client.get(URL, {"on": on} | query)


def figures(known):
    """(N, {track: (active, suspended, ended, planned)})"""
    return known.initiatives, {
        row.track.code: (row.active, row.suspended, row.ended, row.planned)
        for row in known.tracks
        if row.initiatives or row.planned
    }


def words(response):
    return {change.record.title: change.words for change in response.context["page"].changes}


def test_then_and_now_with_what_changed_in_words(client, keep, alice, tracks, valley):
    keep("Unchanged")
    keep("Logged later", "2023-06-01")
    edit(keep("Moved"), "2023-05-01", alice, tags=[tracks["business"], tracks["media"]])
    edit(keep("Dated"), "2023-05-01", alice, start=PartialDate.parse("2022-03"), end=PartialDate.parse("2022-09"))
    edit(keep("Cancelled"), "2023-05-01", alice, cancelled_on=PartialDate.parse("2023-01-01").first)
    edit(keep("Taken back"), "2023-05-01", alice, publication="withdrawn")
    left = keep("Left")
    with at("2023-05-01"), change(left, by=alice, note="Moved") as stored:
        Engagement.objects.filter(initiative=stored).update(conflict_system=ConflictSystemFactory())
        stored.save()
    page = asked(client, alice).context["page"]
    assert figures(page.then) == (6, {"media": (6, 0, 0, 0)})
    assert figures(page.now) == (4, {"media": (3, 0, 1, 0), "business": (1, 0, 0, 0)})
    assert page.as_now == 0
    assert words(asked(client, alice)) == {
        "Logged later": ("logged since",),
        "Moved": ("tracks: 3 Business, 9 Media; then 9 Media",),
        "Dated": ("dated March 2022 – September 2022; then from 2020",),
        "Cancelled": ("cancelled; then active",),
        "Taken back": ("withdrawn since",),
        "Left": ("names another conflict system now",),
    }
    assert page.kinds[0] == (1, "recorded here since")


def test_what_a_record_was_in_another_organisation_is_not_told_to_the_one_that_has_it_now(
    client, keep, alice, otto, harbour, tracks
):
    handed = keep("Handed over")
    edit(handed, "2023-05-01", alice, tags=[tracks["business"]], owner=harbour)
    handed.refresh_from_db()
    assert [version.field_dict["version"] for version in versions_for(handed, otto)] == [handed.version]
    page = asked(client, otto).context["page"]
    assert figures(page.then) == figures(page.now) == (1, {"business": (1, 0, 0, 0)})
    assert (page.as_now, page.changes) == (1, [])


CANCELLED = {"cancelled_on": date(2023, 1, 1)}


@pytest.mark.parametrize(
    ("then", "now", "kinds"),
    [
        ({}, {"paused": True}, ("dates", "marks")),
        ({"paused": True}, {}, ("dates", "marks")),
        ({"end": "2022"}, {"paused": True}, ("dates", "marks")),
        ({}, CANCELLED, ("dates", "marks")),
        (CANCELLED, {"end": "2022"}, ("dates", "marks")),
        ({}, {"end": "2022"}, ("dates",)),
        ({"paused": True}, {"paused": True, "end": "2022"}, ("dates",)),
        ({"paused": True, "end": "2022"}, {"paused": True}, ("dates",)),
        ({}, {"paused": True, "end": "2022"}, ("dates",)),
    ],
)
def test_what_was_dated_otherwise_was_paused_resumed_or_cancelled_besides_where_its_status_says_so(
    client, keep, alice, then, now, kinds
):
    """A pause that the other dates alone bring out, or hide, is none."""
    initiative = keep("Talks")
    for day, start, said in (("2023-01-11", "2020", then), ("2023-05-01", "2019", now)):
        with at(day), change(initiative, by=alice, note="Changed") as stored:
            stored.suspensions.all().delete()
            if said.get("paused"):
                Suspension.objects.create(initiative=stored, from_on=date(2021, 1, 1))
            stored.start, stored.end = PartialDate.parse(start), PartialDate.parse(said.get("end", "2024"))
            stored.cancelled_on = said.get("cancelled_on")
            stored.save()
    (found,) = asked(client, alice).context["page"].changes
    assert found.kinds == kinds
    assert len(found.words) == len(kinds)


def test_what_is_known_now_is_what_the_dashboard_says_and_leads_to_its_lists(client, keep, alice, tracks):
    keep("One", tracks=[tracks["media"], tracks["business"]])
    edit(keep("Two"), "2023-05-01", alice, end=PartialDate.parse("2022"))
    page = asked(client, alice).context["page"]
    dashboard = client.get("/conflicts/valley/", {"as_of": ON}).context["page"].coverage
    assert page.now.initiatives == dashboard.initiatives == 2
    assert (page.then.breadth, page.now.breadth, dashboard.breadth) == (2, 2, 2)
    assert [(row.active, row.ended, row.reach, row.share) for row in page.now.tracks] == [
        (row.active, row.ended, row.reach, row.share) for row in dashboard.tracks
    ]
    addressed = [now for row in page.rows for _, now in row.cells if now.value] + [
        now for *_, now in page.totals if now.value
    ]
    for now in addressed:
        assert client.get(now.address).context["page"].count == now.value


def test_the_end_of_the_day_counts(client, keep, alice):
    keep("On the day", ON)
    assert asked(client, alice).context["page"].then.initiatives == 1
    assert asked(client, alice, on="2023-03-30").context["page"].then.initiatives == 0


def test_published_since_was_a_draft_then(client, keep, alice):
    edit(keep("Canary", publication="draft"), "2023-05-01", alice, publication="published")
    response = asked(client, alice)
    assert response.context["page"].then.initiatives == 0
    assert [known.breadth for known in (response.context["page"].then, response.context["page"].now)] == [0, 1]
    assert words(response) == {"Canary": ("published since",)}


# ---------------------------------------------------------------- who is told


def secret(keep, alice, tracks, **then):
    """A record that was on the track of religion, under another sharing or as a draft, and is the network's now."""
    initiative = keep("Shared later", tracks=[tracks["religion"]], **then)
    edit(initiative, "2023-05-01", alice, tags=[tracks["media"]], sharing="network", publication="published")
    return initiative


@pytest.mark.parametrize("then", [{"sharing": "restricted"}, {"publication": "draft"}, {"sharing": "organisation"}])
def test_nobody_learns_what_the_history_page_does_not_tell(client, keep, people, tracks, then):
    initiative = secret(keep, people["author"], tracks, **then)
    told = {"author"} | ({"manager"} if then.get("sharing") == "organisation" else set())
    for name in ("author", "manager", "colleague", "outsider", "curator"):
        response = asked(client, people[name])
        page, before = response.context["page"], words(response).get("Shared later", ())
        assert (page.as_now == 0) == (name in told), name
        assert any("Religion" in line for line in before) == (name in told and "publication" not in then), name
        if name not in told:
            assert figures(page.then) == figures(page.now) == (1, {"media": (1, 0, 0, 0)}), name
        reads = may_edit(people[name], initiative) and versions_for(initiative, people[name]).count() > 1
        assert reads == (name in told), name


@pytest.mark.parametrize(("day", "told"), [("2023-02-01", True), ("2023-05-02", False)])
def test_a_person_named_to_write_by_then_is_told_and_one_named_to_read_is_not(client, keep, people, tracks, day, told):
    initiative = keep("Shared later", tracks=[tracks["religion"]], sharing="restricted")
    changes = {day: {}, "2023-05-01": {"tags": [tracks["media"]], "sharing": "network"}}
    for changed_on, said in sorted(changes.items()):
        if changed_on == day:
            for name, access in (("writer", "write"), ("named", "read")):
                Grant.objects.create(initiative=initiative, user=people[name], access=access)
        edit(initiative, changed_on, people["author"], **said)
    for name in ("writer", "named"):
        page = asked(client, people[name]).context["page"]
        assert ("religion" in figures(page.then)[1]) == (told and name == "writer")


def test_what_it_was_with_another_organisation_is_not_told(client, keep, people, tracks, harbour):
    initiative = keep("Handed over", tracks=[tracks["religion"]])
    edit(initiative, "2023-05-01", people["author"], tags=[tracks["media"]], owner=harbour)
    page = asked(client, people["outsider_manager"]).context["page"]
    assert figures(page.then) == figures(page.now) == (1, {"media": (1, 0, 0, 0)})
    assert page.as_now == 1


def test_what_one_may_not_open_now_is_in_neither_column(client, keep, people, tracks):
    edit(keep("Canary", sharing="network"), "2023-05-01", people["author"], sharing="restricted")
    for name in ("manager", "outsider", "curator"):
        response = asked(client, people[name])
        assert figures(response.context["page"].then) == figures(response.context["page"].now) == (0, {})
        assert "Canary" not in response.content.decode()


def test_a_past_is_open_to_those_who_may_edit(people, record):
    for level in ("public", "network", "organisation", "restricted", "draft"):
        initiative = record(level)
        for name in people.keys() - {"anonymous"}:
            person = User.objects.get(pk=people[name].pk)  # as each request reads them afresh
            visible = Initiative.objects.visible_to(person).filter(pk=initiative.pk)
            if visible.exists():
                assert visible.filter(past_open_to(person)).exists() == may_edit(person, initiative), (level, name)


def test_dates_are_told_as_coarsely_as_they_are_shown(client, keep, people):
    keep("Coarse", "2023-06-01", sharing="network", start="2022-02-03", shown_dates="year")
    page = asked(client, people["outsider"], as_of="2022-01-15").context["page"]
    assert page.now.tracks[8].active == 1  # since the first of January
    assert asked(client, people["author"], as_of="2022-01-15").context["page"].now.tracks[8].planned == 1


def test_a_record_without_history_of_the_day_is_told(client, alice, valley, tracks):
    with at("2023-01-10"):
        imported = make_initiative("Imported", by=alice, conflicts=[valley], tracks=[tracks["media"]])
    edit(imported, "2023-05-01", alice, tags=[tracks["business"]])
    response = asked(client, alice)
    assert (response.context["page"].as_now, response.context["page"].unkept) == (1, 1)
    assert "no history was kept of that day" in response.content.decode()
    assert figures(response.context["page"].then) == (1, {"business": (1, 0, 0, 0)})
    with at("2023-01-10"):
        other = make_initiative("Other", by=alice, conflicts=[valley], tracks=[tracks["media"]])
    edit(other, "2023-05-01", alice, title="Another")
    words = "2 records were logged by then and changed since, in a way that isn’t told here: they count on both sides"
    assert words in asked(client, alice).content.decode()


# ---------------------------------------------------------------- the question


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"on": "2099"}, "yet to come"),
        ({"on": "a\0b"}, "Null characters"),
        ({"on": "soon"}, "Write a year"),
        ({"from": "2024", "to": "2020"}, "ends before it begins"),
    ],
)
def test_what_cannot_be_read_gets_an_error_and_no_figures(client, keep, alice, query, message):
    response = asked(client, alice, **query)
    assert message in response.content.decode()
    assert "<table" not in response.content.decode()


def test_without_a_day_it_is_a_year_ago(client, keep, alice):
    client.force_login(alice)
    assert client.get(URL).context["page"].on.isoformat() == "2023-01-01"


def test_status_is_that_of_the_day_unless_asked_otherwise(client, keep, alice):
    keep("Ended in summer", end="2023-07-01")
    assert figures(asked(client, alice).context["page"].then)[1] == {"media": (1, 0, 0, 0)}
    assert figures(asked(client, alice, as_of="2023-12-31").context["page"].then)[1] == {"media": (0, 0, 1, 0)}


def test_the_field_says_of_which_day_status_is_where_it_is_left_empty(client, keep, alice):
    for query in ({}, {"as_of": "nonsense"}):
        page = asked(client, alice, **query).content.decode()
        assert "The same day, or the end of the window." in page
        assert "Today, or the end of the window." not in page


def test_the_lead_track_alone(client, keep, alice, tracks):
    edit(keep("Two", tracks=[tracks["media"], tracks["business"]]), "2023-05-01", alice)
    page = asked(client, alice, lead_only="on").context["page"]
    assert figures(page.then) == (1, {"media": (1, 0, 0, 0)})
    assert [row[0] for row in page.totals][::2] == ["With a lead track", "Untagged (no lead track)"]
    labels = [row[0] for row in asked(client, alice).context["page"].totals]
    assert labels == ["On some track", "Planned", "Untagged (no track)", "Undated (no start)"]


def test_queries_do_not_grow(client, keep, alice):
    edit(keep("First"), "2023-05-01", alice, title="The first")
    asked(client, alice)
    with CaptureQueriesContext(connection) as few:
        client.get(URL, {"on": ON})
    for number in range(3):
        edit(keep(f"More {number}"), "2023-05-01", alice, title=f"Still more {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(URL, {"on": ON})
    assert len(many) == len(few) <= 18, "some of them tell PostgreSQL who asks"


def test_a_record_that_the_reader_may_not_open_changes_nothing(client, curator, alice, valley, tracks):
    client.force_login(curator)
    before = masked(client.get(URL))
    make_initiative(by=alice, sharing="organisation", conflicts=[valley], tracks=[tracks["media"]])
    assert masked(client.get(URL)) == before

"""What organisations state of tracks on which nothing is recorded: signed, dated, and each beside the others."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.actions.statements import change_statement, state_coverage, withdraw_statement
from initiatives.analytics.coverage import coverage
from initiatives.drawing.circle import circle_of_coverage
from initiatives.models import CoverageStatement, Initiative
from initiatives.pages.statements import Statements
from initiatives.period import Period
from mtd_tracker.history import StaleSave, revisions
from taxonomy.lens import Lens
from tests.factories import MembershipFactory, make_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_day")]
URL = "/conflicts/valley/statements/"


@pytest.fixture
def frozen_day():
    with time_machine.travel("2026-06-30 12:00", tick=False):
        yield


@pytest.fixture
def state(valley, tracks, maria, bridge):
    """state(track, kind, day): by Maria for Bridge, unless said otherwise."""

    def state(track="religion", kind="reviewed_none_found", day=date(2026, 6, 1), by=maria, organisation=bridge):
        return state_coverage(
            valley,
            by=by,
            organisation=organisation,
            track=tracks[track],
            kind=kind,
            day=day,
            reason=f"{organisation} asked around.",
        )

    return state


def test_the_very_same_statement_sent_twice_is_kept_once(state):
    first = state()
    assert state() == first
    assert CoverageStatement.objects.get().withdrawn_on is None
    assert state(kind="not_invited") != first


def on_track(valley, code="religion", as_of=date(2026, 6, 30)):
    """A track's coverage with every statement."""
    period = Period(None, None, as_of, given=True)
    told = CoverageStatement.objects.all()
    found = coverage(Initiative.objects.all(), system=valley, period=period, statements=told)
    return next(row for row in found.tracks if row.track.code == code), found


# ---------------------------------------------------------------- stating


def test_a_statement_is_signed_and_lapses_after_twelve_months(state, maria, bridge):
    made = state(day=date(2026, 6, 1))
    assert (made.stated_by, made.organisation, made.lapses_on) == (maria, bridge, date(2027, 6, 1))
    assert [(one.who, one.note) for one in revisions(made)] == [(maria, "Stated")]


def test_of_29_february_it_holds_until_the_end_of_february(state):
    with time_machine.travel("2024-02-29 12:00"):
        made = state(day=date(2024, 2, 29))
    of_it = CoverageStatement.objects.filter(pk=made.pk)
    assert of_it.valid_on(date(2025, 2, 28)).exists()
    assert not of_it.valid_on(date(2025, 3, 1)).exists()


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2025, 6, 30)])
def test_no_day_to_come_and_none_that_would_have_lapsed(state, day):
    with pytest.raises(ValidationError) as refusal:
        state(day=day)
    assert set(refusal.value.message_dict) == {"day"}


def test_an_organisation_has_one_word_on_a_track(state):
    first = state(day=date(2026, 3, 1))
    second = state(kind="not_invited", day=date(2026, 6, 1))
    first.refresh_from_db()
    assert first.withdrawn_on == date(2026, 6, 1)
    assert list(CoverageStatement.objects.valid_on(date(2026, 5, 31))) == [first]
    assert list(CoverageStatement.objects.valid_on(date(2026, 6, 1))) == [second]
    assert revisions(first)[0].note == "Replaced by a newer statement"
    with pytest.raises(ValidationError, match="something newer"):
        state(day=date(2026, 4, 1))


def test_what_another_organisation_or_of_another_track_stays(state, otto, harbour):
    kept = [state(), state("media"), state(kind="not_invited", by=otto, organisation=harbour)]
    assert set(CoverageStatement.objects.valid_on(date(2026, 6, 30))) == set(kept)


def test_whoever_changes_it_signs_it_and_the_former_words_are_kept(state, bridge):
    made = state()
    mo = MembershipFactory(user__name="Mo", organisation=bridge, role="manager").user
    changed = change_statement(made, by=mo, kind="not_invited", reason="We asked, in vain.", version=made.version)
    assert (changed.stated_by, changed.kind, changed.stated_on) == (mo, "not_invited", date(2026, 6, 1))
    told = {change.name: change.old for change in revisions(changed)[0].changes}
    assert told == {"kind": "Looked, found none", "reason": "Bridge asked around.", "stated_by": "Maria"}
    with pytest.raises(StaleSave):
        change_statement(made, by=mo, kind="not_invited", reason="Otherwise.", version=made.version)


def test_a_withdrawn_one_says_nothing_from_that_day_on_and_is_not_changed_any_more(state, maria, valley):
    made = withdraw_statement(state(), by=maria)
    assert on_track(valley)[0].statements == ()
    assert on_track(valley, as_of=date(2026, 6, 29))[0].state == "reviewed_none_found"
    with pytest.raises(ValidationError, match="doesn't stand any more"):
        withdraw_statement(made, by=maria)
    with pytest.raises(ValidationError, match="doesn't stand any more"):
        change_statement(made, by=maria, kind="not_invited", reason="Otherwise.")


# ---------------------------------------------------------------- what it makes of a track


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("reviewed_none_found", "reviewed_none_found"),
        ("not_invited", "deliberately_not_engaged"),
        ("deliberately_not_engaged", "deliberately_not_engaged"),
    ],
)
def test_each_kind_makes_a_state_of_a_track_without_records(state, valley, kind, expected):
    state(kind=kind)
    assert on_track(valley)[0].state == expected


def test_a_narrowed_question_gives_way_to_what_it_leaves_out(client, state, maria, valley, tracks):
    """A statement speaks of all records: where some are left out, it is told, and makes no state."""
    state(kind="not_invited")
    make_initiative("Choir", by=maria, sharing="network", conflicts=[valley], tracks=[tracks["religion"]])
    client.force_login(maria)

    def told(query):
        data = client.get(f"/conflicts/valley/coverage.json{query}").json()
        row = next(row for row in data["tracks"] if row["code"] == "religion")
        return row["active"], row["state"], len(data["statements"])

    assert told("") == (1, "active", 1)
    assert told("?q=elsewhere") == (0, "none_recorded", 1)
    assert told("?from=2035&as_of=2035") == (1, "active", 0)
    assert told("?as_of=2010") == (0, "planned_only", 0)
    lanes = client.get("/conflicts/valley/sequence/?q=elsewhere").context["page"]
    assert {row.state for row in lanes.outline.tracks} == {"none_recorded"}
    drawn = client.get("/conflicts/valley/circle.svg?q=elsewhere").content.decode()
    assert "Religion: none recorded" in drawn
    assert "Religion: not invited" not in drawn


def test_two_organisations_that_differ_are_both_shown_and_the_latest_gives_the_fill(state, valley, otto, harbour):
    state(day=date(2026, 6, 1))
    state(kind="not_invited", day=date(2026, 6, 2), by=otto, organisation=harbour)
    row, found = on_track(valley)
    assert [(one.signed_for, one.words) for one in row.statements] == [
        ("Harbour", "Not invited"),
        ("Bridge", "Looked, found none"),
    ]
    node = next(node for node in circle_of_coverage(found, Lens()).nodes if node.code == "religion")
    assert (node.mark, node.words) == (
        "deliberately-not-engaged",
        "not invited / reviewed: none found",
    )
    assert node.figures == ("Harbour: not invited (2026)", "Bridge: looked, found none (2026)")


def test_records_come_first_and_the_statement_stays_beside_them(state, valley, tracks):
    make_initiative(conflicts=[valley], tracks=[tracks["religion"]])
    state()
    row, found = on_track(valley)
    assert (row.state, len(row.statements)) == ("active", 1)
    node = next(node for node in circle_of_coverage(found, Lens()).nodes if node.code == "religion")
    assert node.words == "active"


def test_an_organisation_that_nobody_confirmed_is_not_named(state, bridge, valley):
    bridge.confirmed = False
    bridge.save()
    state()
    told = on_track(valley)[0].statements[0]
    assert (told.signed_for, told.organisation) == ("An organisation of the network", None)


# ---------------------------------------------------------------- pages


def test_the_dashboard_and_its_data_tell_it_to_the_network_alone(client, state, olga):
    state()
    html = client.get("/conflicts/valley/").content.decode()
    assert "asked around" not in html
    assert client.get("/conflicts/valley/coverage.json").json()["statements"] == []
    client.force_login(olga)
    assert "Bridge asked around." in client.get("/conflicts/valley/").content.decode()
    assert client.get("/conflicts/valley/coverage.json").json()["statements"] == [
        {
            "track": "religion",
            "kind": "reviewed_none_found",
            "organisation": "bridge",
            "reason": "Bridge asked around.",
            "stated_on": "2026-06-01",
            "lapses_on": "2027-06-01",
        }
    ]


def test_a_manager_states_something_by_the_form(client, maria, valley, tracks):
    client.force_login(maria)
    page = client.get(f"{URL}new/?track=religion").content.decode()
    assert '<option value="religion" selected>' in page
    said = {"track": "religion", "kind": "not_invited", "day": "2026-06-30", "reason": "Nobody asked.\r\nNor did we."}
    response = client.post(f"{URL}new/", said | {"organisation": "bridge"}, follow=True)
    made = CoverageStatement.objects.get()
    assert (made.track.code, made.kind, made.reason) == ("religion", "not_invited", "Nobody asked.\nNor did we.")
    assert "Signed by Maria for" in response.content.decode()


def test_nobody_signs_for_an_organisation_that_they_do_not_manage(client, maria, valley, tracks, harbour):
    client.force_login(maria)
    said = {"track": "religion", "kind": "not_invited", "day": "2026-06-30", "reason": "Nobody asked."}
    response = client.post(f"{URL}new/", said | {"organisation": "harbour"})
    assert set(response.context["form"].errors) == {"organisation"}
    assert not CoverageStatement.objects.exists()


def test_what_is_missing_or_unreadable_is_named_and_what_was_typed_stays(client, maria, valley, tracks):
    client.force_login(maria)
    response = client.post(f"{URL}new/", {"track": "re\0ligion", "day": "soon", "reason": "Kept \0 text"})
    assert set(response.context["form"].errors) == {"track", "kind", "day", "reason", "organisation"}
    assert 'value="soon"' in response.content.decode()
    response = client.post(f"{URL}new/", {"day": "2027-01-01", "track": "media", "kind": "not_invited", "reason": "x"})
    assert "organisation" in response.context["form"].errors


@pytest.fixture
def recorded(valley, tracks):
    """Religion in the valley: one that all may open, one that none but its author may."""
    at = {"conflicts": [valley], "tracks": [tracks["religion"]], "start": "2026-03"}
    make_initiative("Prayers", sharing="network", **at)
    make_initiative("Whispers", sharing="restricted", **at)


NOTHING = {
    "track": "religion",
    "kind": "reviewed_none_found",
    "day": "2026-06-30",
    "reason": "x",
    "organisation": "bridge",
}


@pytest.mark.usefixtures("recorded")
def test_that_nothing_was_found_where_work_is_recorded_is_asked_again(client, maria, valley):
    client.force_login(maria)
    response = client.post(f"{URL}new/", NOTHING)
    assert set(response.context["form"].errors) == {"knowing"}
    assert "1 initiative is recorded there" in response.content.decode()
    assert "/conflicts/valley/tracks/religion/?as_of=2026-06-30" in response.content.decode()
    client.post(f"{URL}new/", NOTHING | {"knowing": "on"})
    made = CoverageStatement.objects.get()
    assert "It gives way: <a" in client.get(URL).content.decode()
    assert (
        "gives way to what is recorded on this track: 1 initiative."
        in client.get("/conflicts/valley/").content.decode()
    )
    change_statement(made, by=maria, kind="not_invited", reason="x")
    said = {"kind": "reviewed_none_found", "reason": "x", "version": made.version + 1}
    assert set(client.post(f"{URL}{made.ref}/edit/", said).context["form"].errors) == {"knowing"}


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("said", [{"track": "media"}, {"kind": "not_invited"}])
def test_it_is_not_asked_where_nothing_is_said_against_a_record(client, maria, said):
    client.force_login(maria)
    client.post(f"{URL}new/", NOTHING | said)
    assert CoverageStatement.objects.exists()


def test_a_stale_change_is_refused_and_shows_both_texts(client, state, maria):
    made = state()
    client.force_login(maria)
    change_statement(made, by=maria, kind=made.kind, reason="Theirs.", version=made.version)
    said = {"kind": "not_invited", "reason": "Yours.", "version": made.version}
    response = client.post(f"{URL}{made.ref}/edit/", said)
    assert response.status_code == 409
    assert "Theirs." in response.content.decode()
    assert "Yours." in response.content.decode()


def test_its_list_tells_what_is_in_force_and_what_is_over(client, state, maria, olga):
    old = state("media", day=date(2025, 8, 1))
    withdraw_statement(state("business"), by=maria)
    with time_machine.travel("2026-08-02 12:00"):
        kept = state(day=date(2026, 8, 2))
        client.force_login(olga)
        context = client.get(URL).context
        assert context["in_force"] == [(kept, False, 0)]
        assert {one.track.code for one in context["page"]} == {"media", "business"}
        assert "It lapsed on 1 August 2026" in client.get(old.get_absolute_url()).content.decode()
        assert [one.track.code for one in client.get(f"{URL}?track=media").context["page"]] == ["media"]
        client.force_login(maria)
        assert client.get(URL).context["in_force"] == [(kept, True, 0)]


def test_withdrawing_asks_first(client, state, maria):
    made = state()
    client.force_login(maria)
    assert "Withdraw this statement?" in client.get(f"{URL}{made.ref}/withdraw/").content.decode()
    client.post(f"{URL}{made.ref}/withdraw/")
    made.refresh_from_db()
    assert made.withdrawn_on == date(2026, 6, 30)


def test_queries_of_its_list_do_not_grow(client, state, olga, otto, harbour):
    client.force_login(olga)
    state()
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for code in ("media", "business", "funding"):
        state(code)
        state(code, by=otto, organisation=harbour)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few)


def test_nobody_outside_the_network_is_told(state, valley, olga):
    made = state()
    assert list(Statements(valley, AnonymousUser()).all) == []
    assert list(Statements(valley, olga).all) == [made]

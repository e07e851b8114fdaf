"""Two worlds that differ only in what is coarser for others must look the same, byte by byte, to those others.

The exact day moves within the shown month or year, the place within the shown country or part of the world.
"""

import calendar
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.dates import PartialDate, Precision, today
from initiatives.filters import SORTS, STATUSES
from initiatives.models import Initiative, LogEntry, PrincipleRating
from initiatives.regions import REGIONS
from tests.factories import ConflictSystemFactory, make_initiative
from tests.test_two_worlds import masked

DATED = (
    *("start_on", "start_precision", "end_on", "end_precision", "last_confirmed_on", "last_confirmed_precision"),
    "cancelled_on",
)
FIRST, DAYS = date(2018, 11, 1), 1100  # a few years, whose borders are met often
LISTS = ("/initiatives/", "/initiatives/export.csv", "/initiatives/export.json")
COVERAGE = ("/conflicts/valley/", "/conflicts/valley/coverage.json", "/conflicts/valley/coverage.csv")
ELSEWHERE = ("/", "/conflicts/", "/conflicts/compare/?system=valley&system=delta", "/organisations/bridge/")

days = st.integers(0, DAYS).map(lambda days: FIRST + timedelta(days=days)) | st.just(today())
maybe_day = st.none() | days


# ---------------------------------------------------------------- worlds


@st.composite
def facts(draw):
    """What one record says that others may be shown less precisely."""
    start = draw(maybe_day)
    end = draw(maybe_day) if start else None
    start, end = sorted((start, end)) if start and end else (start, end)
    pause = sorted((draw(days), draw(days)))
    return {
        "shown_dates": draw(st.sampled_from(["month", "year", "year", ""])),
        "shown_places": draw(st.sampled_from(["country", "region", "region", ""])),
        "start": start,
        "end": end,
        "last_confirmed": draw(maybe_day),
        "cancelled_on": draw(st.none() | st.none() | days),
        "own_start": draw(st.none() | st.none() | days),
        "pause": draw(st.sampled_from([None, pause, [pause[0], None]])),
        "rated": draw(st.lists(days, max_size=3, unique=True)),
        "diary": draw(st.lists(days, max_size=3)),
        "countries": draw(st.lists(st.sampled_from(["KE", "UG", "TR"]), max_size=2)),
    }


def moved(draw, shown, day):
    """Another day that others can't tell from this one, and how precisely it is known. Shape: PartialDate or None."""
    if day is None or not shown:
        return PartialDate.around(day, "day")
    month = day.month if shown == "month" else draw(st.integers(1, 12))
    day = date(day.year, month, draw(st.integers(1, calendar.monthrange(day.year, month)[1])))
    return PartialDate.around(day, draw(st.sampled_from(["day", "month"] if shown == "month" else list(Precision))))


def in_order(start, end):
    """They are out of it only where both lie in one shown month or year."""
    return (end, start) if start and end and start.first > end.last else (start, end)


def write(draw, record, said):
    """Put the facts on a record, each moved to where others can't tell the difference."""
    shown = said["shown_dates"]

    def day(known):
        return known and moved(draw, shown, known).first

    record.start, record.end = in_order(moved(draw, shown, said["start"]), moved(draw, shown, said["end"]))
    record.last_confirmed, record.cancelled_on = moved(draw, shown, said["last_confirmed"]), day(said["cancelled_on"])
    Initiative.objects.filter(pk=record.pk).update(**{name: getattr(record, name) for name in DATED})  # not "changed"
    own = record.engagements.get(conflict_system__code="valley")
    own.start = moved(draw, shown, said["own_start"])
    own.save()
    for pause in record.suspensions.all():
        known = [day(known) for known in said["pause"]]
        pause.from_on, pause.until_on = sorted(known) if known[1] else known
        pause.save()
    for entry, known in zip(record.log_entries.order_by("pk"), said["diary"], strict=True):
        LogEntry.objects.filter(pk=entry.pk).update(happened_on=day(known))
    _write_ratings(record, [day(known) for known in said["rated"]])
    _write_places(draw, record, said)


def _write_places(draw, record, said):
    """Only the first may be a country without a town: two such of one country can't be."""
    for number, (place, country) in enumerate(zip(record.locations.order_by("pk"), said["countries"], strict=True)):
        if said["shown_places"] == "region":
            neighbours = next(codes.split() for codes in REGIONS.values() if country in codes.split())
            place.country = draw(st.sampled_from(neighbours))
        if said["shown_places"]:
            towns = [f"Town {place.pk}", f"Village {place.pk}"]
            place.place = draw(st.sampled_from(towns if number else ["", *towns]))
        place.save()


def _write_ratings(record, rated):
    """Unless two would fall on one day, which can't be."""
    if len(set(rated)) < len(rated):
        return
    ratings = list(record.principle_ratings.order_by("pk"))
    for place, rating in enumerate(ratings):  # out of each other's way
        PrincipleRating.objects.filter(pk=rating.pk).update(rated_on=date(1900, 1, 1) + timedelta(days=place))
    for rating, day in zip(ratings, rated, strict=True):
        PrincipleRating.objects.filter(pk=rating.pk).update(rated_on=day)


def make_record(number, said, *, author, systems, tracks, principles):
    record = make_initiative(
        f"Record {number}",
        by=author,
        sharing="public" if number % 2 else "network",
        start=None,
        conflicts=systems,
        tracks=tracks[number : number + 2],
        organisations=[("lead", author.memberships.get().organisation)],
        shown_dates=said["shown_dates"],
        shown_places=said["shown_places"],
    )
    if said["pause"]:
        record.suspensions.create(from_on=said["pause"][0], until_on=said["pause"][1])
    for rating, day in enumerate(said["rated"]):
        record.principle_ratings.create(principle=principles["trust"], rating=rating, rated_on=day)
    for place, country in enumerate(said["countries"]):
        record.locations.create(country=country, place=f"Town {place}")
    for day in said["diary"]:
        record.log_entries.create(author=author, happened_on=day, kind="meeting", text="Met.", sharing="network")
    return record


# ---------------------------------------------------------------- questions


@st.composite
def questions(draw):
    """A query string as somebody might try who moves a window over the records."""
    window = sorted((draw(days), draw(days)))
    asked = {
        "from": draw(st.sampled_from(["", window[0].isoformat()])),
        "to": draw(st.sampled_from(["", window[1].isoformat()])),
        "as_of": draw(st.just("") | days.map(str)),
        "sort": draw(st.sampled_from(SORTS)),
        "status": draw(st.lists(st.sampled_from(list(STATUSES)), max_size=2)),
        "conflict": draw(st.sampled_from(["", "valley"])),
        "country": draw(st.sampled_from(["", "", "KE", "UG"])),
        "q": draw(st.sampled_from(["", "", "town", "village"])),
        "principle": draw(st.sampled_from(["", "", "trust"])),
        "rated": draw(st.sampled_from(["", "practised"])),
        "unconfirmed": draw(st.sampled_from(["", "", "on"])),
    }
    return urlencode({name: value for name, value in asked.items() if value}, doseq=True)


def seen_by(user, addresses):
    """Shape: {address: (status, Vary, text)}."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return {address: masked(client.get(address)) for address in addresses}


def addresses_of(records, asked):
    """Everything that speaks of them, asked several questions."""
    narrowed = [f"{address}?{query}" for query in asked for address in (*LISTS, *COVERAGE)]
    return [*ELSEWHERE, *(record.get_absolute_url() for record in records), *narrowed]


@pytest.fixture
def delta(db):
    return ConflictSystemFactory(code="delta", name="Delta")


def assert_others_see_no_difference(data, world, records, people, asked):
    """Write the same facts twice, the exact days and places anew each time; all that these people see stays."""
    for record, said in zip(records, world, strict=True):
        write(data.draw, record, said)
    addresses = {user: addresses_of(records[1::2] if user is None else records, asked) for user in people}
    before = {user: seen_by(user, addresses[user]) for user in people}
    assert {status for pages in before.values() for status, _, _ in pages.values()} == {200}
    for record, said in zip(records, world, strict=True):
        write(data.draw, record, said)
    for user in people:
        for address, page in seen_by(user, addresses[user]).items():
            assert page == before[user][address], f"{user} sees a difference at {address}"


QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture
def worlds(alice, valley, delta, tracks, principles):
    """Make the records that the facts speak of, and none besides."""
    made = {"author": alice, "systems": [valley, delta], "tracks": list(tracks.values()), "principles": principles}

    def make(world):
        LogEntry.objects.all().delete()
        Initiative.objects.all().delete()
        return [make_record(number, said, **made) for number, said in enumerate(world)]

    return make


@settings(max_examples=4, **QUIET)
@given(data=st.data())
def test_what_is_coarser_for_others_moves_no_byte_of_theirs(worlds, olga, curator, data):
    world = data.draw(st.lists(facts(), min_size=1, max_size=4))
    person = data.draw(st.sampled_from([None, olga, curator]))
    asked = data.draw(st.lists(questions(), min_size=2, max_size=2))
    assert_others_see_no_difference(data, world, worlds(world), [person], asked)


@pytest.mark.long
@settings(max_examples=300, **QUIET)
@given(data=st.data())
def test_over_many_worlds_no_byte_of_theirs_moves(worlds, olga, curator, data):
    world = data.draw(st.lists(facts(), min_size=1, max_size=6))
    asked = data.draw(st.lists(questions(), min_size=3, max_size=3))
    assert_others_see_no_difference(data, world, worlds(world), [None, olga, curator], asked)


@settings(max_examples=2, **QUIET)
@given(data=st.data())
def test_for_those_inside_nothing_changes(worlds, colin, data):
    world = data.draw(st.lists(facts(), min_size=1, max_size=4))
    for record, said in zip(worlds(world), world, strict=True):
        write(data.draw, record, said)
    asked = data.draw(st.lists(questions(), min_size=2, max_size=2))
    addresses = [f"{address}?{query}" for query in asked for address in ("/initiatives/", *COVERAGE)]
    before = seen_by(colin, [*ELSEWHERE, *addresses])
    Initiative.objects.update(shown_dates="", shown_places="")
    assert seen_by(colin, before) == before

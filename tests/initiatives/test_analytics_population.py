"""Which records are counted, and which are told apart, on each side of every border."""

from datetime import date

import pytest
import time_machine

from initiatives.analytics.coverage import coverage
from initiatives.dates import PartialDate
from initiatives.models import Initiative
from initiatives.period import PeriodForm
from tests.factories import ConflictSystemFactory, make_initiative
from tests.initiatives.asking import apart, coverage_of, track_of


@pytest.fixture
def log(valley, tracks):
    """Log an initiative in the valley on the government track, unless told otherwise."""

    def _log(**told):
        return make_initiative(**{"conflicts": [valley], "tracks": [tracks["government"]]} | told)

    return _log


def set_dates(engagement, *, start=None, end=None):
    engagement.start = PartialDate.parse(start) if start else None
    engagement.end = PartialDate.parse(end) if end else None
    engagement.save()


def test_what_is_not_counted_is_told_apart(valley, log):
    log(start="2019")
    log(start="2021")
    log(start=None)
    log(start="2019", tracks=[])
    assert apart(coverage_of(valley)) == (1, 1, 1, 1)


@pytest.mark.parametrize("publication", ["draft", "in_review", "withdrawn"])
def test_what_is_not_published_counts_nowhere(valley, log, publication):
    log(start="2019", publication=publication)
    log(start="2021", publication=publication)
    log(start=None, publication=publication)
    found = coverage_of(valley)
    assert apart(found) == (0, 0, 0, 0)
    assert found.completeness is None


def test_a_record_in_a_child_system_is_not_in_its_parent(valley, log):
    log(conflicts=[ConflictSystemFactory(parent=valley)])
    assert apart(coverage_of(valley)) == (0, 0, 0, 0)


def test_a_record_in_two_systems_counts_in_each(valley, log):
    plain = ConflictSystemFactory()
    log(conflicts=[valley, plain])
    assert coverage_of(valley).initiatives == coverage_of(plain).initiatives == 1


@pytest.mark.parametrize(
    ("cancelled_on", "counted"),
    [(None, 1), ("2020-06-29", 0), ("2020-06-30", 0), ("2020-07-01", 1)],
)
def test_a_cancellation_holds_from_its_own_day_on(valley, log, cancelled_on, counted):
    cancelled_on = cancelled_on and date.fromisoformat(cancelled_on)
    log(start="2019", cancelled_on=cancelled_on)
    log(start="2021", cancelled_on=cancelled_on)
    log(start=None, cancelled_on=cancelled_on)
    log(start="2019", tracks=[], cancelled_on=cancelled_on)
    assert apart(coverage_of(valley, as_of="2020-06-30")) == (counted,) * 4


@pytest.mark.parametrize(
    ("start", "as_of", "status"),
    [
        ("2020-06-30", "2020-06-29", "planned"),
        ("2020-06-30", "2020-06-30", "active"),
        ("2020-06", "2020-05-31", "planned"),
        ("2020-06", "2020-06-01", "active"),
        ("2020", "2019-12-31", "planned"),
        ("2020", "2020-01-01", "active"),
    ],
)
def test_a_start_is_the_first_day_of_what_is_known(valley, tracks, log, start, as_of, status):
    log(start=start)
    on_track = track_of(coverage_of(valley, as_of=as_of), tracks["government"])
    assert (on_track.planned, on_track.active) == ((1, 0) if status == "planned" else (0, 1))


@pytest.mark.parametrize(
    ("end", "as_of", "status"),
    [
        ("2020-06-30", "2020-06-30", "active"),
        ("2020-06-30", "2020-07-01", "ended"),
        ("2020-02", "2020-02-29", "active"),
        ("2020-02", "2020-03-01", "ended"),
        ("2019", "2019-12-31", "active"),
        ("2019", "2020-01-01", "ended"),
    ],
)
def test_an_end_is_the_last_day_of_what_is_known(valley, tracks, log, end, as_of, status):
    log(start="2010", end=end)
    on_track = track_of(coverage_of(valley, as_of=as_of), tracks["government"])
    assert (on_track.active, on_track.ended) == ((1, 0) if status == "active" else (0, 1))


@pytest.mark.parametrize(
    ("start", "end", "counted"),
    [
        ("2000", "2004-12-31", 0),  # ended the day before the window
        ("2000", "2005-01-01", 1),  # ended on its first day
        ("2000", None, 1),
        ("2010-12-31", None, 1),  # began on its last day
        ("2011-01-01", None, 0),  # began the day after
        ("2000", "2015", 1),  # spans it
        ("2006", "2007", 1),  # lies in it
    ],
)
def test_both_days_of_the_window_belong_to_it(valley, log, start, end, counted):
    log(start=start, end=end)
    found = coverage_of(valley, from_day="2005-01-01", to_day="2010-12-31", as_of="2020-06-30")
    assert apart(found) == (counted, 0, 0, 0)


def test_untagged_ones_are_those_of_the_window(valley, log):
    log(start="2000", end="2004", tracks=[])
    log(start="2006", tracks=[])
    log(start="2011", tracks=[])
    log(start="2021", tracks=[])
    found = coverage_of(valley, from_day="2005", to_day="2010", as_of="2020-06-30")
    assert apart(found) == (0, 1, 1, 0)


@pytest.mark.parametrize(
    ("to_day", "planned"),
    [
        (None, 3),
        ("2021", 1),  # the window reaches beyond the as-of day: only what begins within it
        ("2022-01-01", 2),
        ("2020-06-30", 3),  # the window ends with the as-of day: whatever begins after it
        ("2015", 3),
    ],
)
def test_planned_ones_begin_after_the_as_of_day_and_within_a_longer_window(valley, log, to_day, planned):
    log(start="2020-07-01")
    log(start="2022", tracks=[])
    log(start="2023")
    asked = {"to_day": to_day} if to_day else {}
    assert coverage_of(valley, as_of="2020-06-30", **asked).planned == planned


def test_what_began_after_the_window_but_by_the_as_of_day_is_neither_counted_nor_planned(valley, log):
    log(start="2016")
    assert apart(coverage_of(valley, to_day="2015", as_of="2020-06-30")) == (0, 0, 0, 0)


def test_the_planned_of_a_track_are_those_on_it(valley, tracks, log):
    log(start="2021", tracks=[tracks["business"], tracks["media"]])
    log(start="2021", tracks=[tracks["media"]])
    log(start="2021", tracks=[])
    found = coverage_of(valley)
    assert apart(found) == (0, 3, 0, 0)
    assert {one.track.code: one.planned for one in found.tracks if one.planned} == {"business": 1, "media": 2}
    assert track_of(found, tracks["media"]).initiatives == 0


def test_an_engagement_may_have_dates_of_its_own(valley, tracks, log):
    plain = ConflictSystemFactory()
    camp = log(conflicts=[valley, plain], start="1993", end="2019")
    set_dates(camp.engagements.get(conflict_system=plain), start="2001", end="2005")
    assert apart(coverage_of(valley, to_day="1995")) == (1, 0, 0, 0)
    assert apart(coverage_of(plain, to_day="1995")) == (0, 1, 0, 0)
    assert track_of(coverage_of(valley, as_of="2010"), tracks["government"]).active == 1
    assert track_of(coverage_of(plain, as_of="2010"), tracks["government"]).ended == 1


def test_an_engagement_with_a_start_alone_keeps_its_initiatives_end(valley, tracks, log):
    camp = log(start="1993", end="2005")
    set_dates(camp.engagements.get(), start="2001")
    assert coverage_of(valley, as_of="2000").planned == 1
    assert track_of(coverage_of(valley, as_of="2005-12-31"), tracks["government"]).active == 1
    assert track_of(coverage_of(valley, as_of="2006-01-01"), tracks["government"]).ended == 1


def test_an_engagement_dates_what_its_initiative_leaves_undated(valley, log):
    camp = log(start=None)
    set_dates(camp.engagements.get(), start="2001")
    assert apart(coverage_of(valley)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("from_on", "until_on", "suspended"),
    [
        ("2020-06-30", None, True),
        ("2020-07-01", None, False),
        ("2020-06-01", "2020-06-30", True),
        ("2020-06-01", "2020-06-29", False),
        ("2020-06-30", "2020-06-30", True),
        ("2020-07-01", "2020-08-01", False),
    ],
)
def test_both_days_of_a_suspension_belong_to_it(valley, tracks, log, from_on, until_on, suspended):
    log(start="2019").suspensions.create(from_on=from_on, until_on=until_on)
    on_track = track_of(coverage_of(valley, as_of="2020-06-30"), tracks["government"])
    assert (on_track.active, on_track.suspended) == ((0, 1) if suspended else (1, 0))


@pytest.mark.parametrize(
    ("as_of", "suspended"),
    [
        ("2019-12-31", False),
        ("2020-01-01", True),
        ("2020-02-01", False),  # the former is over, the latter to come
        ("2020-03-01", True),
        ("2030-01-01", True),
    ],
)
def test_between_two_suspensions_it_goes_on(valley, tracks, log, as_of, suspended):
    paused = log(start="2019")
    paused.suspensions.create(from_on="2020-01-01", until_on="2020-01-31")
    paused.suspensions.create(from_on="2020-03-01")
    on_track = track_of(coverage_of(valley, as_of=as_of), tracks["government"])
    assert (on_track.active, on_track.suspended) == ((0, 1) if suspended else (1, 0))


@pytest.mark.parametrize(
    ("confirmed", "as_of", "unconfirmed"),
    [
        (None, "2020-06-30", 1),
        ("2019-06-29", "2020-06-30", 1),
        ("2019-06-30", "2020-06-30", 0),
        ("2019", "2020-06-30", 0),  # known to the year: its last day
        ("2023-02-27", "2024-02-29", 1),
        ("2023-02-28", "2024-02-29", 0),  # no 29 February in 2023
    ],
)
def test_unconfirmed_is_an_open_end_not_confirmed_for_twelve_months(
    valley, tracks, log, confirmed, as_of, unconfirmed
):
    log(start="2010", last_confirmed=confirmed)
    log(start="2010", end="2030")  # has an end
    log(start="2010").suspensions.create(from_on="2011-01-01")  # is not active
    found = coverage_of(valley, as_of=as_of)
    on_track = track_of(found, tracks["government"])
    assert (on_track.active, on_track.unconfirmed) == (2, unconfirmed)
    assert (found.open_ended, found.confirmed) == (1, 1 - unconfirmed)


@time_machine.travel("2020-06-30 12:00Z")
@pytest.mark.parametrize(
    ("to", "as_of"),
    [("", "2020-06-30"), ("2015-03", "2015-03-31"), ("2020-06-30", "2020-06-30"), ("2030", "2020-06-30")],
)
def test_the_as_of_day_is_the_earlier_of_today_and_the_end_of_the_window(valley, tracks, log, to, as_of):
    log(start="2010", end="2016")
    form = PeriodForm({"to": to})
    assert form.is_valid()
    found = coverage(Initiative.objects.all(), system=valley, period=form.period)
    assert found.as_of.isoformat() == as_of
    assert track_of(found, tracks["government"]).active == (1 if to == "2015-03" else 0)


def test_a_queryset_filtered_on_one_track_still_shows_the_others(valley, tracks, log):
    log(tracks=[tracks["business"], tracks["media"]])
    log(tracks=[tracks["activism"]])
    on_business = Initiative.objects.filter(track_tags__track=tracks["business"])
    found = coverage_of(valley, initiatives=on_business)
    assert [one.track.code for one in found.tracks if one.active] == ["business", "media"]


def test_a_queryset_with_duplicates_order_and_annotations_counts_each_record_once(valley, tracks, log):
    log(tracks=[tracks["business"], tracks["media"]])
    doubled = Initiative.objects.filter(track_tags__isnull=False).order_by("track_tags__track__name")
    assert doubled.count() == 2
    assert coverage_of(valley, initiatives=doubled).initiatives == 1
    assert coverage_of(valley, initiatives=doubled.distinct()).initiatives == 1
    assert coverage_of(valley, initiatives=Initiative.objects.none()).initiatives == 0


def test_lead_tracks_only_replaces_the_tracks_of_each_initiative_in_every_figure(valley, tracks, log):
    log(tracks=[tracks["business"], tracks["media"]])
    log(start="2021", tracks=[tracks["media"], tracks["funding"]])
    log(tracks=[tracks["activism"]]).track_tags.update(emphasis="contributing")
    found = coverage_of(valley, as_of="2020-06-30", lead_only="on")
    assert apart(found) == (1, 1, 1, 0)
    business, media, funding = (track_of(found, tracks[code]) for code in ("business", "media", "funding"))
    assert (business.active, business.share, business.reach) == (1, 1, 1)
    assert (media.active, media.planned, funding.planned) == (0, 1, 0)
    assert found.co_tagging == ()
    assert sum(row.started for row in found.years) == 1


def test_completeness_looks_at_every_published_record_that_names_the_system(valley, tracks, bridge, log):
    log(organisations=[("lead", bridge)])
    log(organisations=[("mediator", bridge)], start="2030")
    log(organisations=[("party", bridge)], start="1990", end="1991")
    log(organisations=[("partner", bridge)])  # nobody in charge
    log(organisations=[("lead", bridge)], start=None)
    log(organisations=[("lead", bridge)], tracks=[])
    log(organisations=[("lead", bridge)], cancelled_on=date(2019, 1, 1))
    log(organisations=[("lead", bridge)], publication="draft")
    assert coverage_of(valley, from_day="2000").completeness == 4 / 7


def test_bridges_and_contributors_are_those_of_the_counted(valley, bridge, harbour, log):
    log(owner=bridge, officiality="mixed")
    log(owner=bridge, officiality="official")
    log(owner=harbour, officiality="mixed")
    log(owner=harbour, officiality="mixed", start="2021")
    log(officiality="mixed", tracks=[])
    found = coverage_of(valley)
    assert (found.bridges, found.contributors) == (2, 2)

"""What holds of the figures whatever is recorded, without a database; and how often they ask it."""

from collections import Counter
from datetime import date, timedelta
from math import fsum

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from initiatives.analytics.coverage import coverage, coverages
from initiatives.analytics.linkage import co_taggings, flows, linked_pairs, pair_coverage
from initiatives.analytics.organisations import concentration
from initiatives.analytics.population import population_of
from initiatives.analytics.records import Record
from initiatives.analytics.tracks import track_coverages
from initiatives.analytics.trend import trend
from initiatives.models import (
    CoverageStatement,
    Initiative,
    InitiativeLink,
    Localness,
    Participation,
    Publication,
)
from initiatives.models.status import status_on
from initiatives.period import Period
from taxonomy.models import Track
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

T = date(2020, 6, 30)
TRACKS = {key: Track(pk=key, code=f"track-{key}", name=f"Track {key}", position=key) for key in range(1, 10)}

days = st.dates(T - timedelta(days=1500), T + timedelta(days=1500))
maybe_day = st.none() | days
windows = st.tuples(maybe_day, maybe_day).map(lambda pair: sorted(pair) if None not in pair else pair)
parts = st.lists(st.tuples(st.sampled_from(Participation.Role.values), st.integers(1, 4)), max_size=4).map(tuple)


@st.composite
def record_lists(draw):
    return [_record(draw, key) for key in range(draw(st.integers(0, 12)))]


def _record(draw, key):
    start, end = draw(windows)
    status = status_on(
        T,
        publication=Publication.PUBLISHED,
        cancelled_on=draw(maybe_day),
        began_on=start,
        ended_on=end,
        suspensions=draw(st.lists(st.tuples(days, maybe_day), max_size=1)),
    )
    return Record(
        initiative=key,
        owner=1,
        status=status,
        start=start,
        end=end,
        confirmed=draw(st.booleans()),
        mixed=False,
        tracks=draw(st.frozensets(st.sampled_from(sorted(TRACKS)), max_size=4)),
        parts=draw(parts),
        ratings={},
    )


links = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from(InitiativeLink.Evidence.values)), max_size=10
)
periods = windows.map(lambda window: Period(*window, as_of=T, given=True))


def parted(records, period, links=()):
    return population_of(records, period=period, tracks=TRACKS, links=links)


@given(record_lists(), periods)
def test_nobody_is_both_counted_and_told_apart(records, period):
    population = parted(records, period)
    keys = [record.initiative for record in population.counted + population.planned]
    assert len(keys) == len(set(keys))
    assert len(keys) + population.untagged + population.undated <= len(records)


@given(record_lists(), periods)
def test_shares_add_up_to_one_and_nobody_counts_twice_on_a_track(records, period):
    population = parted(records, period)
    tracks = track_coverages(population, statements={})
    assert fsum(track.share for track in tracks) == pytest.approx(1 if population.counted else 0)
    assert all(track.initiatives == len(population.on_track[track.track.pk]) for track in tracks)
    assert all(0 <= track.share <= track.reach <= 1 for track in tracks)
    assert all(track.unconfirmed <= track.active for track in tracks)
    together = sum(len(record.tracks) for record in population.counted)
    assert sum(track.initiatives for track in tracks) == together


@given(record_lists(), periods, links)
def test_a_link_weighs_at_most_one_and_pairs_are_at_most_all(records, period, links):
    population = parted(records, period, [link for link in links if link[0] != link[1]])
    flow, ties = flows(population), co_taggings(population)
    assert fsum(one.weight for one in flow) <= len(population.links) + 1e-9
    assert all(one.source != one.target for one in flow)
    assert all(0 < tie.jaccard <= 1 for tie in ties)
    assert 0 <= pair_coverage(linked_pairs(ties, flow), population.tracks) <= 1


@given(record_lists(), periods)
def test_the_trend_begins_and_ends_everybody_at_most_once(records, period):
    population = parted(records, period)
    started, ended = Counter(), Counter()
    for row in trend(population, period):
        assert 0 <= row.started <= row.active >= row.ended >= 0
        started[row.track.pk] += row.started
        ended[row.track.pk] += row.ended
    for key, on_track in population.on_track.items():
        assert started[key] <= len(on_track)
        assert ended[key] <= len(on_track)


@given(record_lists(), periods)
def test_concentration_lies_between_even_and_single(records, period):
    found = concentration(parted(records, period))
    if found.organisations:
        assert 1 / found.organisations - 1e-9 <= found.hhi <= 1 + 1e-9
    if found.organisations > 1:
        assert -1e-9 <= found.normalised <= 1 + 1e-9


# ---------------------------------------------------------------- queries


@pytest.fixture
def fill(tracks, principles, bridge, maria):
    """Put records of every kind into a system."""

    def _fill(system, count):
        for number in range(count):
            organisation = OrganisationFactory()
            Localness.objects.create(organisation=organisation, conflict_system=system, is_local=True)
            made = make_initiative(
                conflicts=[system],
                tracks=list(tracks.values())[number % 5 : number % 5 + 3],
                organisations=[("lead", organisation)],
                ratings=[(principles["trust"], 2, "Seen.")],
                sharing="public",
            )
            made.suspensions.create(from_on="2019-01-01", until_on="2019-02-01")
            other = make_initiative(conflicts=[system], tracks=[tracks["media"]], sharing="public")
            InitiativeLink.objects.create(source=made, target=other, kind="funds")
            CoverageStatement.objects.create(
                conflict_system=system,
                track=tracks["religion"],
                kind="reviewed_none_found",
                reason="Asked.",
                organisation=bridge,
                stated_by=maria,
                stated_on=date(2020, 1, 1),
                lapses_on=date(2021, 1, 1),
            )

    return _fill


def queries(systems):
    with CaptureQueriesContext(connection) as asked:
        coverages(
            Initiative.objects.visible_to(AnonymousUser()),
            systems=systems,
            period=Period(None, None, T, given=True),
            statements=CoverageStatement.objects.all(),
        )
    return len(asked)


def test_queries_grow_with_neither_records_nor_systems(fill):
    systems = [ConflictSystemFactory() for _ in range(5)]
    fill(systems[0], 1)
    few = queries(systems[:1])
    for system in systems:
        fill(system, 8)
    assert queries(systems[:1]) == queries(systems) == few == 12


def test_systems_told_together_are_told_as_each_alone(fill):
    systems = [ConflictSystemFactory() for _ in range(3)]
    for count, system in enumerate(systems):
        fill(system, count)
    shared = Initiative.objects.first()
    shared.engagements.create(conflict_system=systems[0])
    period = Period(None, None, T, given=True)
    together = coverages(Initiative.objects.all(), systems=systems, period=period)
    assert together == {
        system.pk: coverage(Initiative.objects.all(), system=system, period=period) for system in systems
    }
    assert [together[system.pk].initiatives for system in systems] == [1, 2, 4]

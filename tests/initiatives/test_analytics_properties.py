"""What holds of the figures whatever is recorded; and how often they ask the database."""

import random
from collections import Counter
from datetime import date
from math import fsum

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.analytics.coverage import coverage, coverages, outlines
from initiatives.models import CoverageStatement, Initiative, InitiativeLink, Localness
from initiatives.period import Period
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative
from tests.initiatives.asking import coverage_of
from tests.initiatives.test_analytics_by_the_book import as_text, make_question, make_world

T = date(2020, 6, 30)
FEW = 4  # worlds a rule, each of which is made in the database; `-m long` tries many


def each_world(rule):
    """Run the rule on the coverage of random worlds, asked a random question each."""

    def run(tracks, principles, seed):
        chance = random.Random(seed)  # noqa: S311  worlds, no secrets
        system = make_world(chance, tracks, principles)
        rule(coverage_of(system, **as_text(make_question(chance))))

    return pytest.mark.parametrize("seed", range(1000, 1000 + FEW))(run)


def _shares(told):
    assert fsum(track.share for track in told.tracks) == pytest.approx(1 if told.initiatives else 0)
    assert all(0 <= track.share <= track.reach <= 1 for track in told.tracks)
    assert all(track.unconfirmed <= track.active for track in told.tracks)
    assert all(track.initiatives <= told.initiatives for track in told.tracks)


def _ties(told):
    assert all(one.source != one.target for one in told.flows)
    assert all(0 < tie.jaccard <= 1 for tie in told.co_tagging)
    assert 0 <= told.pair_coverage <= 1


def _trend(told):
    started, ended = Counter(), Counter()
    for row in told.years:
        assert 0 <= row.started <= row.active >= row.ended >= 0
        started[row.track.pk] += row.started
        ended[row.track.pk] += row.ended
    for track in told.tracks:
        assert started[track.track.pk] <= track.initiatives
        assert ended[track.track.pk] <= track.initiatives


def _concentration(told):
    found = told.concentration
    if found.organisations:
        assert 1 / found.organisations - 1e-9 <= found.hhi <= 1 + 1e-9
    if found.organisations > 1:
        assert -1e-9 <= found.normalised <= 1 + 1e-9


test_shares_add_up_to_one_and_nobody_counts_twice_on_a_track = each_world(_shares)
test_ties_are_between_two_tracks_and_pairs_are_at_most_all = each_world(_ties)
test_the_trend_begins_and_ends_everybody_at_most_once = each_world(_trend)
test_concentration_lies_between_even_and_single = each_world(_concentration)


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
    assert queries(systems[:1]) == queries(systems) == few == 5


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


def test_an_outline_says_what_coverage_says(fill):
    systems = [ConflictSystemFactory() for _ in range(2)]
    fill(systems[0], 3)
    period = Period(None, None, T, given=True)
    outlined = outlines(Initiative.objects.all(), systems=systems, period=period)
    told = coverages(Initiative.objects.all(), systems=systems, period=period)
    for system in systems:
        outline, whole = outlined[system.pk], told[system.pk]
        for name in ("initiatives", "planned", "untagged", "undated", "breadth", "bridges", "completeness"):
            assert getattr(outline, name) == getattr(whole, name), name
        assert [(row.track, row.active, row.share, row.state) for row in outline.tracks] == [
            (row.track, row.active, row.share, row.state) for row in whole.tracks
        ]

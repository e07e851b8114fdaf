"""On whom the work rests, and how much of it is local."""

import pytest

from initiatives.analytics.organisations import herfindahl
from initiatives.models import Localness
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative
from tests.initiatives.asking import coverage_of


@pytest.fixture
def orgs(db):
    """Four organisations: anna, beta, cora, dana."""
    return {name: OrganisationFactory(code=name, name=name.title()) for name in ("anna", "beta", "cora", "dana")}


@pytest.fixture
def log(valley, tracks, orgs):
    """Log an initiative with parts written as "lead anna"."""

    def _log(*parts, codes=("business",), **told):
        organisations = [(role, orgs[name]) for role, name in (part.split() for part in parts)]
        return make_initiative(
            conflicts=[valley], tracks=[tracks[code] for code in codes], organisations=organisations, **told
        )

    return _log


def test_concentration_of_the_worked_example():
    hhi, normalised = herfindahl([0.5, 0.25, 0.25])
    assert (round(hhi, 4), round(normalised, 4)) == (0.375, 0.0625)


def test_each_initiative_weighs_one_split_over_its_leads_and_implementers(valley, log):
    log("lead anna", "partner dana", "funder dana")
    log("lead anna")
    log("lead beta", "implementer cora")
    log("implementer beta", "lead cora")
    log("mediator dana", "partner anna")  # carried by none
    log("lead dana", start="2021")
    found = coverage_of(valley).concentration
    assert (found.organisations, found.without) == (3, 1)  # shares 2/4, 1/4, 1/4
    assert (found.hhi, found.normalised) == (pytest.approx(0.375), pytest.approx(0.0625))


def test_an_organisation_that_leads_and_implements_weighs_no_more(valley, log):
    log("lead anna", "implementer anna", "implementer beta")
    found = coverage_of(valley).concentration
    assert (found.organisations, found.hhi, found.normalised) == (2, pytest.approx(0.5), pytest.approx(0))


def test_a_single_organisation_has_no_normalised_concentration(valley, log):
    log("lead anna")
    found = coverage_of(valley).concentration
    assert (found.organisations, found.hhi, found.normalised) == (1, 1, None)


def test_without_leads_there_is_no_concentration(valley, log):
    log("partner anna")
    found = coverage_of(valley).concentration
    assert (found.organisations, found.without, found.hhi, found.normalised) == (0, 1, None, None)


def test_a_track_hangs_on_an_organisation_that_carries_each_of_its_active_initiatives(valley, log):
    log("lead anna", "implementer beta", codes=("business", "media"))
    log("implementer anna", "partner beta", codes=("business",))
    log("lead cora", codes=("business",), start="2010", end="2019")  # ended
    log("lead cora", codes=("business",)).suspensions.create(from_on="2020-01-01")
    log("lead cora", codes=("religion",))
    log("partner cora", codes=("religion",))
    log("lead dana", codes=("funding",), start="2010", end="2019")
    found = coverage_of(valley).critical
    assert [(track.code, organisation.code) for track, organisation in found] == [
        ("business", "anna"),
        ("media", "anna"),
        ("media", "beta"),
    ]


def test_local_not_local_and_unknown_are_three_states(valley, orgs, log):
    for name, is_local in (("anna", True), ("beta", False)):
        Localness.objects.create(organisation=orgs[name], conflict_system=valley, is_local=is_local)
    Localness.objects.create(organisation=orgs["cora"], conflict_system=ConflictSystemFactory(), is_local=True)
    log("lead anna", "partner beta")  # local, led
    log("lead beta", "partner anna")  # local, not led
    log("lead cora", "implementer anna")  # local; of its lead nothing is known
    log("lead beta")  # known, not local
    log("lead cora", "funder anna", "mediator anna")  # unknown: funders and mediators don't count
    log("lead anna", start="2021")
    found = coverage_of(valley).localness
    assert (found.local, found.known, found.led, found.led_known) == (3, 4, 1, 3)

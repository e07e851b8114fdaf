"""Parts of the world: every country that a form offers lies in one, and in one alone."""

import pytest
from django_countries import countries

from initiatives.regions import REGIONS, region_of


def test_every_country_lies_in_one_part_of_the_world():
    listed = [country for codes in REGIONS.values() for country in codes.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(dict(countries))


@pytest.mark.parametrize(
    ("country", "region"),
    [("KE", "Eastern Africa"), ("CO", "South America"), ("CY", "Western Asia"), ("FJ", "Melanesia"), ("ZZ", "")],
)
def test_the_part_of_the_world_of_a_country(country, region):
    assert region_of(country) == region


@pytest.mark.parametrize(
    ("region", "countries_in_it"),  # counted in the publication of the United Nations, Taiwan added
    [("Eastern Africa", 22), ("Caribbean", 28), ("Western Asia", 18), ("Eastern Asia", 8), ("Polynesia", 10)],
)
def test_as_many_countries_as_the_source_lists(region, countries_in_it):
    assert len(REGIONS[region].split()) == countries_in_it

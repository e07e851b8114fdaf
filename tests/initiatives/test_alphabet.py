"""Names stand in the order of the alphabet, with accents and in any case, on either database."""

import pytest

from initiatives.alphabet import by_name
from initiatives.models import ConflictSystem, Organisation
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

pytestmark = pytest.mark.django_db
NAMES = ["Ålesund", "Arc", "çinar", "Delta", "Élan", "émile", "Fjord", "Óscar", "Zagreb"]


@pytest.mark.parametrize(
    ("model", "factory"), [(ConflictSystem, ConflictSystemFactory), (Organisation, OrganisationFactory)]
)
def test_the_database_and_a_list_at_hand_sort_alike(model, factory):
    for name in reversed(NAMES):
        factory(name=name)
    assert [one.name for one in model.objects.all()] == NAMES
    assert [one.name for one in by_name(model.objects.order_by("-pk"))] == NAMES


def test_so_do_pages_that_say_by_name(client, alice, tracks):
    systems = [ConflictSystemFactory(name=name, code=f"s{number}") for number, name in enumerate(reversed(NAMES))]
    parts = [("lead", OrganisationFactory(name=name)) for name in reversed(NAMES)]
    media = tracks["media"]
    make_initiative(by=alice, conflicts=systems, tracks=[media], organisations=parts, sharing="public", start="2020")
    told = client.get("/conflicts/s0/tracks/media.json").json()["organisations"]
    assert [one["name"] for one in told] == NAMES
    critical = client.get("/conflicts/s0/coverage.json").json()["critical"]
    assert [Organisation.objects.get(code=one["organisation"]).name for one in critical] == NAMES
    asked = "&".join(f"system=s{number}" for number in range(3))
    compared = client.get(f"/conflicts/compare.json?{asked}").json()["systems"]
    assert [ConflictSystem.objects.get(code=one["conflict"]).name for one in compared] == NAMES[-3:]

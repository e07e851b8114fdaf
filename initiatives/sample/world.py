"""The ground of an invented world: conflict systems, organisations and their people."""

import random
import uuid
from dataclasses import dataclass
from itertools import accumulate

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from initiatives.models import ConflictSystem, Localness, Membership, Organisation, Phase
from taxonomy.models import ActivityType, Principle, Track

NOTE = "Invented by “manage.py make_sample”. Nothing here took place."
PLACES = (
    *("Asawa", "Belmar", "Çınarlı", "Dovrel", "Élan", "Fjordø", "Garúna", "Hasret", "Itzá", "Jubar", "Kéréma"),
    *(
        "Lusenge",
        "Mandova",
        "Ñandú",
        "Ostrava-Vale",
        "Pešta",
        "Qamar",
        "Ruvuma Bend",
        "Sølvik",
        "Tamrit",
        "Ubora",
        "Vârful",
    ),
    *("وادي السلام", "مدينة النور"),
)
COUNTRIES = ("KE", "CO", "PH", "LB", "CY", "GE", "ML", "NP", "NI", "SD", "TL", "BA", "LK", "UG", "GT", "YE")
KINDS = ("NGO", "government", "business", "faith community", "university", "media", "donor")


class Zipf:
    """Draws a few of many, the first ones far more often: weights 1 / (place + 2)."""

    def __init__(self, things):
        self.things = list(things)
        self.upto = list(accumulate(1 / (place + 2) for place in range(len(self.things))))

    def some(self, chance, count):
        """So many draws, each thing once: at times fewer."""
        return list(dict.fromkeys(chance.choices(self.things, cum_weights=self.upto, k=count)))

    def one(self, chance):
        return self.some(chance, 1)[0]


@dataclass(frozen=True)
class World:
    """Primary keys of what records refer to. people: organisation -> its members."""

    chance: random.Random
    systems: Zipf
    organisations: Zipf
    people: dict[int, list[int]]
    tracks: Zipf
    principles: list[int]
    activities: list[int]


def make_world(*, seed, systems, organisations):
    """Make the ground in an otherwise empty database that has the taxonomy. The same seed makes the same."""
    chance = random.Random(seed)  # noqa: S311  the same again, no secrets
    made_systems = ConflictSystem.objects.bulk_create(
        ConflictSystem(
            code=f"sample-{number:03}",
            name=f"{PLACES[number % len(PLACES)]} sample system {number:03}",
            boundary=NOTE,
            countries=[COUNTRIES[number % len(COUNTRIES)]],
            invented=True,
        )
        for number in range(1, systems + 1)
    )
    Phase.objects.bulk_create(
        Phase(conflict_system=system, kind=kind, start_on=f"{year}-01-01", start_precision="year")
        for system in made_systems
        for kind, year in ((Phase.Kind.ESCALATION, 1990), (Phase.Kind.POST_CONFLICT, chance.randint(1995, 2020)))
    )
    made_organisations = Organisation.objects.bulk_create(
        Organisation(
            code=f"sample-{number:04}",
            name=f"Sample organisation {number:04} of {chance.choice(PLACES)}",
            kind=chance.choice(KINDS),
            country=chance.choice(COUNTRIES),
            confirmed=True,
        )
        for number in range(1, organisations + 1)
    )
    _say_who_is_local(chance, made_systems, made_organisations)
    return World(
        chance=chance,
        systems=Zipf(system.pk for system in made_systems),
        organisations=Zipf(organisation.pk for organisation in made_organisations),
        people=_make_people(chance, made_organisations),
        tracks=Zipf(Track.objects.in_use().values_list("pk", flat=True)),
        principles=list(Principle.objects.in_use().values_list("pk", flat=True)),
        activities=list(ActivityType.objects.in_use().values_list("pk", flat=True)),
    )


def _say_who_is_local(chance, systems, organisations):
    Localness.objects.bulk_create(
        Localness(organisation=organisation, conflict_system=system, is_local=chance.random() < 0.6)
        for system in systems
        for organisation in organisations
        if chance.random() < 0.3
    )


def _make_people(chance, organisations):
    """Two an organisation, a manager and a practitioner. Nobody can sign in as one of them."""
    closed = make_password(None)
    users = get_user_model().objects.bulk_create(
        get_user_model()(
            email=f"{role}-{organisation.code}@sample.example",
            name=f"{role.capitalize()} at {organisation.name}"[:150],
            password=closed,
            ref=uuid.UUID(int=chance.getrandbits(128), version=4),
        )
        for organisation in organisations
        for role in (Membership.Role.MANAGER, Membership.Role.PRACTITIONER)
    )
    people = {
        organisation.pk: [user.pk for user in users[2 * place : 2 * place + 2]]
        for place, organisation in enumerate(organisations)
    }
    Membership.objects.bulk_create(
        Membership(
            user_id=user,
            organisation_id=organisation,
            role=role,
            ref=uuid.UUID(int=chance.getrandbits(128), version=4),
        )
        for organisation, pair in people.items()
        for user, role in zip(pair, (Membership.Role.MANAGER, Membership.Role.PRACTITIONER), strict=True)
    )
    return people

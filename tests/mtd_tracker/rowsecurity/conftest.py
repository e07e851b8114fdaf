"""A world in which every rule of sight makes a difference to somebody, and what the database itself shows of it."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from initiatives.dates import today
from initiatives.models import (
    Autosave,
    CoverageStatement,
    Grant,
    Initiative,
    InitiativeLink,
    KeeperNaming,
    LogEntry,
    Organisation,
    OrganisationGrant,
    Publication,
    Reading,
    ReviewStep,
    Sharing,
)
from mtd_tracker.erasure.models import Erasure
from mtd_tracker.history import change
from mtd_tracker.sight import seen_by
from taxonomy.models import ActivityType, Principle, Track
from tests.factories import (
    ConflictSystemFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    make_initiative,
)

YESTERDAY = today() - timedelta(days=1)


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """Everybody in the world, which is made once, because it takes seconds, and is only read.

    Shape: {name: user}. Alice, Maria (a manager) and Colin work at one organisation, Olga and Otto (a manager) at
    another; Nadia is named to read, Wim to write, Lara was until yesterday. Lev left the first for the other. The last
    four have lost what they had.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        people = _people()
        _world(people)
        yield people
        transaction.set_rollback(True)


def _people():
    bridge, harbour, camp = (OrganisationFactory(code=code) for code in ("bridge", "harbour", "camp"))

    def person(*memberships, active=True, role="practitioner", still=True, **fields):
        user = UserFactory(is_active=active, **fields)
        for organisation in memberships:
            MembershipFactory(user=user, organisation=organisation, role=role, active=still)
        return user

    lev = person(bridge, still=False)
    MembershipFactory(user=lev, organisation=harbour)
    return {
        "nobody": AnonymousUser(),
        "alice": person(bridge),
        "colin": person(bridge),
        "maria": person(bridge, role="manager"),
        "olga": person(harbour),
        "otto": person(harbour, role="manager"),
        "both": person(bridge, harbour, role="manager"),
        "lev": lev,
        "nadia": person(camp),
        "wim": person(camp),
        "lara": person(camp),
        "curator": person(is_curator=True),
        "administrator": person(is_superuser=True),
        "guest": person(),  # named, and a member of nothing
        "dina": person(bridge, role="manager", still=False),
        "gone": person(bridge, role="manager", active=False),
        "former curator": person(active=False, is_curator=True),
    }


def _world(people):
    """Every sharing in every state, by authors who are members, members elsewhere, no longer, or gone."""
    bridge, harbour = (people[name].memberships.get().organisation for name in ("alice", "olga"))
    valley = ConflictSystemFactory()
    track = Track.objects.create(code="media", name="Media", position=1)
    CoverageStatement.objects.create(
        conflict_system=valley,
        track=track,
        kind="reviewed_none_found",
        organisation=bridge,
        stated_on=today(),
        lapses_on=today() + timedelta(days=365),
    )
    parts = {
        "conflicts": [valley],
        "tracks": [track],
        "organisations": [("funder", harbour)],
        "ratings": [(Principle.objects.create(code="trust", name="Trust", position=1), 2, "Seen.")],
    }
    activity = ActivityType.objects.create(code="training", name="Training", position=1)
    authors = (people["alice"], people["lev"], people["dina"], None)
    states = list(product(Sharing.values, Publication.values, authors))
    for number, (sharing, publication, author) in enumerate(states):
        record = make_initiative(sharing=sharing, publication=publication, author=author, owner=bridge, **parts)
        record.activities.add(activity)
        opened_until = (None, YESTERDAY, today())[number % 3]
        if opened_until:
            OrganisationGrant.objects.create(initiative=record, organisation=harbour, until_on=opened_until)
        if number % 5 < 3:
            _name_people(record, people)
        _keep(record, people)
    Erasure.objects.create(kind="person", subject=people["alice"].ref, requested_by=people["administrator"])
    records = list(Initiative.objects.order_by("pk"))
    for source, target in zip(records, records[5:] + records[:5], strict=True):
        InitiativeLink.objects.create(source=source, target=target, kind="feeds_into")


def _name_people(record, people):
    for name, access, until in (
        ("nadia", "read", None),
        ("guest", "read", None),
        ("wim", "write", today()),
        ("lara", "write", YESTERDAY),
    ):
        Grant.objects.create(initiative=record, user=people[name], access=access, until_on=until)


def _keep(record, people):
    """Its diary, on each sharing, by its author and by a colleague; its past; and what is kept beside it."""
    record.locations.create(country="KE")
    record.suspensions.create(from_on=today())
    record.external_ids.create(scheme="iati", identifier="1")
    said = {"initiative": record, "happened_on": today(), "kind": "meeting", "text": "Met."}
    for sharing, author in product(("network", "organisation", "restricted"), (record.author, people["colin"])):
        entry = LogEntry.objects.create(sharing=sharing, author=author, **said)
    for kept in (record, entry):
        with change(kept, by=None, note="Kept") as changed:
            changed.save()
    opened = {"initiative": record, "reader": people["colin"], "kind": "opened"}
    for restricted, owner in product((True, False), (record.owner, Organisation.objects.get(code="harbour"))):
        Reading.objects.create(while_restricted=restricted, owner=owner, **opened)
    Erasure.objects.create(kind="record", subject=record.ref, requested_by=people["colin"])
    ReviewStep.objects.create(initiative=record, kind="submitted", by=record.author)
    Autosave.objects.create(initiative=record, user=people["colin"], sent={})
    KeeperNaming.objects.create(
        organisation=record.owner, initiative=record, keeper=people["colin"], proposed_by=people["maria"]
    )


@pytest.fixture
def shown():
    """shown(model, user): keys of the rows that a bare SELECT returns while this person is at work."""

    def shown(model, user):
        with seen_by(user), connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {model._meta.db_table}")
            return {key for (key,) in cursor.fetchall()}

    return shown

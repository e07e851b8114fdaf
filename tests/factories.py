"""Records for tests: `make_initiative` says in one line what a record is like."""

import factory
from factory.django import DjangoModelFactory

from initiatives.dates import PartialDate
from initiatives.models import (
    ConflictSystem,
    Engagement,
    Initiative,
    Membership,
    Organisation,
    Participation,
    PrincipleRating,
    Publication,
    TrackTag,
)
from mtd_tracker.accounts.models import User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")
    confirmed = True


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class ConflictSystemFactory(DjangoModelFactory):
    class Meta:
        model = ConflictSystem

    code = factory.Sequence(lambda n: f"system-{n}")
    name = factory.Sequence(lambda n: f"System {n}")


class InitiativeFactory(DjangoModelFactory):
    class Meta:
        model = Initiative

    title = factory.Sequence(lambda n: f"Initiative {n}")
    owner = factory.SubFactory(OrganisationFactory)
    publication = Publication.PUBLISHED


def make_initiative(
    title="A dialogue",
    *,
    by=None,
    conflicts=(),
    tracks=(),
    start="2020",
    end=None,
    last_confirmed=None,
    organisations=(),
    ratings=(),
    **fields,
):
    """A published initiative. tracks: the first one leads. organisations: pairs (role, Organisation).
    ratings: triples (Principle, rating, evidence). Without `owner`, the author's first organisation owns it."""
    if by is not None:
        fields.setdefault("author", by)
        membership = by.memberships.first()
        if membership:
            fields.setdefault("owner", membership.organisation)
    initiative = InitiativeFactory.build(title=title, **({"owner": None} | fields))
    if initiative.owner_id is None:
        initiative.owner = OrganisationFactory()
    for name, text in (("start", start), ("end", end), ("last_confirmed", last_confirmed)):
        setattr(initiative, name, PartialDate.parse(text) if text else None)
    initiative.save()
    for system in conflicts:
        Engagement.objects.create(initiative=initiative, conflict_system=system)
    for place, track in enumerate(tracks):
        emphasis = TrackTag.Emphasis.CONTRIBUTING if place else TrackTag.Emphasis.LEAD
        TrackTag.objects.create(initiative=initiative, track=track, emphasis=emphasis)
    for role, organisation in organisations:
        Participation.objects.create(initiative=initiative, organisation=organisation, role=role)
    for principle, rating, evidence in ratings:
        PrincipleRating.objects.create(initiative=initiative, principle=principle, rating=rating, evidence=evidence)
    return initiative

"""Every kind of person, every address, and a record with all that hangs on it: what tests of all pages begin with.

A test module takes the fixtures by importing them, and says so in its `__all__`.
"""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from initiatives.actions.invitations import invite
from initiatives.actions.questions import keep_question
from initiatives.actions.statements import state_coverage
from initiatives.dates import today
from initiatives.digests import token_of as digest_token_of
from initiatives.invitations import token_of
from initiatives.models import Grant, InitiativeLink, LogEntry
from mtd_tracker.erasure.models import Erasure
from mtd_tracker.history import change
from tests.factories import MembershipFactory, UserFactory, make_initiative

PEOPLE = (
    "anonymous",
    "author",
    "colleague",
    "manager",
    "outsider",
    "outsider_manager",
    "named",  # may read
    "writer",  # named, may write
    "curator",
    "administrator",
    "deactivated",
)


@pytest.fixture
def people(alice, colin, maria, olga, otto, curator, administrator, bridge, harbour):
    def person(name, organisation, **membership):
        user = UserFactory(name=name, email=f"{name.lower()}@example.org")
        MembershipFactory(user=user, organisation=organisation, **membership)
        return user

    return {
        "anonymous": None,
        "author": alice,
        "colleague": colin,
        "manager": maria,
        "outsider": olga,
        "outsider_manager": otto,
        "named": person("Nadia", harbour),
        "writer": person("Wim", harbour),
        "curator": curator,
        "administrator": administrator,
        "deactivated": person("Dina", bridge, role="manager", active=False),
    }


def left_for(organisation, person):
    """The person, who was dismissed wherever they worked, and works for that organisation by now."""
    person.memberships.update(active=False)
    MembershipFactory(user=person, organisation=organisation)
    return person


@pytest.fixture
def arguments(people, tracks, principles, activities, valley, bridge, alice):
    """What stands in addresses that need something, records apart. Shape: {parameter or (name, parameter): value}."""
    question = keep_question("/conflicts/valley/", by=alice, name="Q", sharing="organisation", organisation=bridge)
    invitation = invite(bridge, by=people["manager"], email="new@example.org", role="practitioner")
    return {
        "code": "valley",
        "member": alice.memberships.get().ref,
        "initiatives:question": {"ref": question.ref},
        "initiatives:digest-stop": {"token": digest_token_of(alice)},
        "invited": invitation.ref,
        "token": token_of(invitation),
        "kind": "tracks",
        "taxonomy:track": {"code": "business"},
        "taxonomy:principle": {"code": "trust"},
        "taxonomy:activity": {"code": "training"},
        "taxonomy:term": {"code": "business"},
        "initiatives:organisation": {"code": "bridge"},
        "initiatives:portfolio": {"code": "bridge"},
        "initiatives:portfolio-csv": {"code": "bridge"},
        "initiatives:portfolio-json": {"code": "bridge"},
        "initiatives:organisation-principles": {"code": "bridge"},
        "initiatives:organisation-principles-json": {"code": "bridge"},
        "initiatives:member": {"code": "bridge"},
        "initiatives:leave": {"code": "bridge"},
        "initiatives:invite": {"code": "bridge"},
        "initiatives:statement": {"statement": _statement(people["manager"], valley, bridge, tracks).ref},
        "track": "religion",
        "pk": 1,
        "initiatives:keeper": {"code": "bridge", "record": "0123456789abcdef"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    }


def _statement(manager, system, organisation, tracks):
    return state_coverage(
        system,
        by=manager,
        organisation=organisation,
        track=tracks["religion"],
        kind="not_invited",
        day=today(),
        reason="Nobody asked us.",
    )


@pytest.fixture
def record(people, alice, valley, bridge, tracks):
    """record(sharing or "draft"): Alice's, with a person named to read it, one to write, an entry and a link."""

    def record(level):
        state = {"publication": "draft", "sharing": "public"} if level == "draft" else {"sharing": level}
        initiative = make_initiative(
            by=alice,
            conflicts=[valley],
            tracks=[tracks["media"]],
            organisations=[("lead", bridge)],
            **state,
        )
        Grant.objects.create(initiative=initiative, user=people["named"])
        Grant.objects.create(initiative=initiative, user=people["writer"], access="write")
        LogEntry.objects.create(
            initiative=initiative,
            author=alice,
            happened_on=today(),
            kind="meeting",
            text="Met.",
            sharing="organisation",
        )
        other = make_initiative("Other", by=alice, sharing="public", conflicts=[valley], tracks=[tracks["media"]])
        InitiativeLink.objects.create(source=initiative, target=other, kind="feeds_into")
        with change(initiative, by=alice, note="Looked through") as stored:
            stored.save()
        return stored

    return record


def addresses():
    """Every named address of the site. Shape: {name: parameters}."""

    def walk(patterns, namespace=""):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if pattern.name:
                    yield f"{namespace}{pattern.name}", pattern.pattern.regex.groupindex
            else:
                inner = f"{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, inner)

    return {name: set(parameters) for name, parameters in walk(get_resolver().url_patterns)}


def address_without_record(name, arguments):
    """arguments: the fixture."""
    family = next((key for key in arguments if ":" in key and name.startswith(key)), name)
    values = arguments | arguments.get(family, {})
    return reverse(name, kwargs={parameter: values[parameter] for parameter in addresses()[name]})


def address_of_record(name, initiative):
    """initiative: from the fixture `record`. Of an erasure: the one that its author asked for."""
    values = {
        "ref": initiative.ref,
        "mark": "confirm",
        "entry": initiative.log_entries.get().ref,
        "other": initiative.links_out.get().target.ref,
        "kind": "feeds_into",
        "number": initiative.version,
    }
    if name == "erasure:erasure":
        asked = {"kind": "record", "subject": initiative.ref, "requested_by": initiative.author}
        values["ref"] = Erasure.objects.create(**asked).ref
    return reverse(name, kwargs={parameter: values[parameter] for parameter in addresses()[name]})

"""A form sent twice, by an impatient finger or a slow line, makes one record: every form that makes one."""

import uuid

import pytest
from django.urls import reverse

from initiatives.actions.organisations import add_organisation
from initiatives.models import ConflictSystem, Initiative, InitiativeLink, LogEntry, Organisation
from taxonomy.models import ActivityType, Principle, Track
from tests.factories import make_initiative

DIARY = {"happened_on": "2024-05-01", "kind": "meeting", "text": "Met.", "sharing": "organisation"}
SYSTEM = {"name": "Upper River", "aliases": "", "boundary": "", "parent": "", "different": "on"}
ORGANISATION = {"name": "Water Circle", "acronym": "", "aliases": "", "kind": "", "country": "", "different": "on"}
TERM = {"name": "Weather", "synonyms": ""}


@pytest.fixture
def record(alice, tracks, principles, activities, valley):
    return make_initiative("Here", by=alice)


@pytest.mark.parametrize(
    ("who", "address", "sent", "model"),
    [
        ("alice", "/initiatives/new/", {"title": "Talks", "action": "draft", "form_token": uuid.uuid4()}, Initiative),
        ("alice", "/initiatives/{ref}/log/", DIARY, LogEntry),
        ("alice", "/initiatives/{ref}/links/", {"target": "{other}", "kind": "feeds_into"}, InitiativeLink),
        ("maria", "/conflicts/new/", SYSTEM, ConflictSystem),
        ("curator", "/organisations/new/", ORGANISATION, Organisation),
        ("maria", "/organisations/new/", ORGANISATION, Organisation),
        ("curator", "/taxonomy/tracks/new/", TERM, Track),
        ("curator", "/taxonomy/principles/new/", TERM, Principle),
        ("curator", "/taxonomy/activities/new/", TERM, ActivityType),
    ],
)
def test_a_form_sent_twice_makes_one(client, request, alice, record, who, address, sent, model):
    other = make_initiative("There", by=alice)
    client.force_login(request.getfixturevalue(who))
    sent = {name: str(other.ref) if value == "{other}" else value for name, value in sent.items()}
    before = model.objects.count()
    statuses = [client.post(address.format(ref=record.ref), sent).status_code for _ in range(2)]
    assert model.objects.count() == before + 1
    assert statuses[0] == 302
    assert statuses[1] in (200, 302), "the second is told that it is there"


def test_an_unconfirmed_organisation_added_twice_in_the_same_moment_is_one(maria, bridge):
    """Its form looked for its like before either was there."""
    values = {"name": "Water Circle", "acronym": "", "aliases": [], "kind": "NGO", "country": "", "localness": {}}
    first, second = (add_organisation(values, by=maria, made_in=bridge) for _ in range(2))
    assert first == second
    other = add_organisation(values | {"kind": "Choir"}, by=maria, made_in=bridge)
    assert other != first


def test_a_mark_sent_twice_is_one_change(client, alice, record):
    client.force_login(alice)
    for _ in range(2):
        client.post(reverse("initiatives:mark", args=[record.ref, "end"]), {"day": "2021", "version": 1})
    record.refresh_from_db()
    assert record.version == 2

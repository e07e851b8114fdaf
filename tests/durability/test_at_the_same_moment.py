"""People decide at the same moment, at a server with several processes and threads: one wins, the others are told."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.durability.conftest import long_or_short
from tests.durability.test_many_writers import VERSION

SCENE = """
import json
from uuid import uuid4
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from initiatives.actions import lifecycle
from initiatives.actions.proposals import propose
from initiatives.models import ConflictSystem, InitiativeLink
from taxonomy.models import Track
from tests.factories import MembershipFactory, OrganisationFactory, make_initiative

def person(role, organisation):
    return MembershipFactory(user__email=f"{{uuid4()}}@example.org", organisation=organisation, role=role).user

def session(user):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return store.session_key

mark = uuid4().hex
here, there = (OrganisationFactory(code=f"{{side}}-{{mark}}", name=f"{{side}} {{mark}}") for side in ("here", "there"))
valley = ConflictSystem.objects.create(code=mark, name=mark)
track, _ = Track.objects.get_or_create(code="media", defaults={{"name": "Media", "position": 1}})

def record(author, owner, **fields):
    parts = {{"conflicts": [valley], "tracks": [track], "organisations": [("lead", owner)]}}
    return make_initiative(by=author, owner=owner, sharing="network", **parts, **fields)
"""
REVIEWS = (
    SCENE
    + """
here.reviews = True
here.save()
author = person("practitioner", here)
people = [session(person("manager", here)) for _ in range(2)]
records = [record(author, here, publication="draft") for _ in range({times})]
for one in records:
    lifecycle.publish(one, by=author, agreed=True)
print(json.dumps([people, [str(one.ref) for one in records]]))
"""
)
STEPS = """
import json
from initiatives.models import Initiative
records = [Initiative.objects.get(ref=ref) for ref in {refs}]
print(json.dumps([
    [record.publication, record.version, list(record.review_steps.order_by("pk").values_list("kind", flat=True))]
    for record in records
]))
"""
PROPOSALS = (
    SCENE
    + """
one, other = person("practitioner", here), person("practitioner", there)
pairs = []
for _ in range({times}):
    mine, theirs = record(one, here), record(other, there)
    links = []
    for source, target, by in ((mine, theirs, one), (theirs, mine, other)):
        link = InitiativeLink.objects.create(source=source, target=target, kind="feeds_into")
        propose(link, by=by)
        link.refresh_from_db()
        links.append([f"/initiatives/{{source.ref}}/links/{{target.ref}}/feeds_into/answer/", link.wording, link.pk])
    pairs.append([f"/initiatives/{{mine.ref}}/edit/", f"/initiatives/{{theirs.ref}}/mark/withdraw/", links])
print(json.dumps([session(one), session(other), pairs]))
"""
)
LINKS = """
import json
from initiatives.models import InitiativeLink
kept = {{link.pk: [link.evidence, link.proposal] for link in InitiativeLink.objects.filter(pk__in={keys})}}
print(json.dumps([kept[key] for key in {keys}]))
"""
SYSTEMS = (
    SCENE
    + """
managers = [session(person("manager", here)) for _ in range(2)]
pairs = [[f"{{side}}{{number}}-{{mark}}" for side in ("upper", "lower")] for number in range({times})]
for code in (code for pair in pairs for code in pair):
    ConflictSystem.objects.create(code=code, name=code)
print(json.dumps([managers, pairs]))
"""
)
PARENTS = """
import json
from initiatives.models import ConflictSystem
print(json.dumps(dict(ConflictSystem.objects.exclude(parent=None).values_list("code", "parent__code"))))
"""


@pytest.fixture
def at_once(site):
    """at_once((session, address, fields), …): posted together. Shape: [(status, address it leads to, text)]."""

    def at_once(*forms):
        start = Barrier(len(forms))

        def send(form):
            session, address, fields = form
            start.wait()
            return site.post(address, fields, session=session)

        with ThreadPoolExecutor(len(forms)) as threads:
            return list(threads.map(send, forms))

    return at_once


@long_or_short(short=4, long=100)
def test_of_two_reviewers_one_wins_and_the_other_is_told(site, at_once, times):
    (approver, returner), refs = json.loads(site.tell(REVIEWS.format(times=times)))
    site.start()
    won = []
    for ref in refs:
        address = f"/initiatives/{ref}/review/"
        approved, returned = at_once(
            (approver, address, {"version": 2, "decision": "approve"}),
            (returner, address, {"version": 2, "decision": "return", "comment": "Which ferry?"}),
        )
        assert sorted(answer[0] == 302 for answer in (approved, returned)) == [False, True], (approved, returned)
        status, _, page = returned if approved[0] == 302 else approved
        assert status == (409 if approved[0] == 302 else 404)  # what was returned is its author's alone
        assert "Nothing of what you sent was done" in page
        won.append("approved" if approved[0] == 302 else "returned")
    state = {"approved": "published", "returned": "draft"}
    assert json.loads(site.tell(STEPS.format(refs=refs))) == [[state[one], 3, ["submitted", one]] for one in won]


@long_or_short(short=4, long=100)
def test_both_sides_of_a_link_answer_while_one_record_is_changed_and_the_other_withdrawn(site, at_once, times):
    """Every other time nothing is withdrawn, and each side gets its answer in."""
    one, other, pairs = json.loads(site.tell(PROPOSALS.format(times=times)))
    site.start()
    expected, keys = [], []
    for number, (edit, withdraw, ((to_other, said_here, _), (to_one, said_there, _))) in enumerate(pairs):
        version = VERSION.search(site.get(edit, session=one)[2])[1]
        forms = [
            (other, to_other, {"answer": "confirm", "wording": said_here}),
            (one, to_one, {"answer": "confirm", "wording": said_there}),
            (one, edit, {"title": "Anew", "action": "save", "version": version}),
        ]
        statuses = [status for status, _, _ in at_once(*forms, *[(other, withdraw, {})][: number % 2])]
        assert set(statuses) <= {200, 302, 404, 409}, statuses
        assert number % 2 or statuses[:2] == [302, 302]
        expected += [["confirmed", ""] if status == 302 else ["claimed", "open"] for status in statuses[:2]]
        keys += [key for _, _, key in pairs[number][2]]
    assert json.loads(site.tell(LINKS.format(keys=keys))) == expected


@long_or_short(short=4, long=100)
def test_no_two_conflict_systems_become_a_part_of_each_other(site, at_once, times):
    managers, pairs = json.loads(site.tell(SYSTEMS.format(times=times)))
    site.start()
    for pair in pairs:
        forms = [
            (manager, f"/conflicts/{part}/edit/", {"name": part, "parent": whole, "version": 1})
            for manager, (part, whole) in zip(managers, (pair, pair[::-1]), strict=True)
        ]
        answers = at_once(*forms)
        assert sorted(status for status, _, _ in answers) == [200, 302]
    assert len(json.loads(site.tell(PARENTS))) == len(pairs)

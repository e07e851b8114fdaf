"""Two worlds that differ by hidden records must look the same, byte by byte, to whoever can't open them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.text import slugify

from initiatives.actions.readings import note_opened
from initiatives.dates import today
from initiatives.models import Grant, InitiativeLink, LogEntry, Organisation, Reading, Sharing
from mtd_tracker.accounts.models import User
from tests.factories import (
    ConflictSystemFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    make_initiative,
)

CANARY = "Xylophonic"
MASKS = (
    re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'),
    re.compile(r'"X-CSRFToken": "[^"]+"'),
    re.compile(r'name="form_token" value="[^"]+"'),
)
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
SEEDS = (
    "/",
    "/initiatives/?q=xyl",
    "/initiatives/?conflict=valley&status=active",
    "/initiatives/?track=media",
    "/initiatives/export.csv",
    "/initiatives/export.json",
    "/conflicts/",
    "/conflicts/valley/coverage.json",
    "/conflicts/valley/coverage.json?from=2015&to=2030&as_of=2024",
    "/conflicts/valley/coverage.csv",
    "/conflicts/compare/?system=valley&system=delta",
    "/organisations/?q=xyl",
    "/organisations/suggest/?q=xyl",
    "/initiatives/similar/?title=Xylophonic%20talks&conflicts=valley",
    "/initiatives/new/?token=5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11",
)
LEFT_OUT = ("/static/", "/admin/", "/accounts/logout", "/accounts/security/")  # the last: secrets, new each time
MOMENT = re.compile(r"<time .*?</time>")  # of a reading: each crawl leaves readings of its own
MOST_PAGES = 60  # a person, beyond which pages repeat each other; 400 in the long form
HIDDEN = {  # what a record of Alice's is like, and from whom that hides it
    "restricted": ({"sharing": "restricted"}, "anonymous colin maria olga otto curator administrator"),
    "organisation": ({"sharing": "organisation"}, "anonymous olga otto curator administrator"),
    "network": ({"sharing": "network"}, "anonymous"),
    "draft": ({"publication": "draft"}, "anonymous colin maria olga otto curator administrator"),
    "withdrawn": ({"publication": "withdrawn"}, "anonymous colin olga otto curator"),
    "in review": ({"publication": "in_review"}, "anonymous colin olga otto curator"),
    "opened to a partner": (
        {"sharing": "organisation", "opened_to": "known-partner"},
        "anonymous olga otto curator administrator",
    ),
    "naming somebody": (
        {"sharing": "restricted", "naming": "nadia@example.org"},
        "anonymous colin maria olga otto curator administrator",
    ),
}


def masked(response):
    text = response.getvalue().decode(errors="backslashreplace")  # pictures too
    for mask in MASKS:
        text = mask.sub("masked", text)
    return response.status_code, response.headers.get("Vary"), text


def crawl(user, most=MOST_PAGES):
    """The seeds, then pages that this person reaches by links, each before its variants.

    Shape: {address: (status, Vary, masked text)}.
    """
    client = Client()
    if user is not None:
        client.force_login(user)
    pages, seeds, plain, variants = {}, list(SEEDS), [], []
    while len(pages) < most and (seeds or plain or variants):
        address = (seeds or plain or variants).pop(0)
        if address in pages or address.startswith(LEFT_OUT):
            continue
        response = client.get(address)
        status, vary, text = masked(response)
        pages[address] = status, vary, MOMENT.sub("masked", text) if "/readings/" in address else text
        if response.headers.get("Content-Type", "").startswith("text/html"):
            found = [address.replace("&amp;", "&") for address in LINK.findall(response.content.decode())]
            variants += [address for address in found if "?" in address]
            plain += [address for address in found if "?" not in address]
    return pages


@pytest.fixture
def world(tracks, principles, activities, valley, alice, olga, bridge):
    """What everybody has: one record of each sharing level in each organisation, in two systems."""
    delta = ConflictSystemFactory(code="delta", name="Delta")
    OrganisationFactory(code="known-funder", name="Known funder")  # confirmed, so public knowledge in both worlds
    partner = OrganisationFactory(code="known-partner", name="Known partner")
    MembershipFactory(user=UserFactory(name="Nadia", email="nadia@example.org"), organisation=partner)
    for author in (alice, olga):
        for sharing in Sharing.values:
            make_initiative(
                title=f"{author} {sharing}",
                by=author,
                sharing=sharing,
                conflicts=[valley, delta],
                tracks=[tracks["business"], tracks["religion"]],
                organisations=[("lead", author.memberships.get().organisation)],
            )
    return {"valley": valley, "delta": delta}


def add_hidden_record(alice, world, tracks, principles, activities, *, opened_to=None, naming=None, **fields):
    """As telling as can be: on a track, in a country and with an organisation, that nothing else has.

    opened_to: code of an organisation. naming: somebody's address.
    """
    typed = f"{CANARY} typed {alice.initiatives.count()}"
    hidden = make_initiative(
        title=f"{CANARY} talks",
        by=alice,
        conflicts=[world["valley"]],
        tracks=[tracks["media"], tracks["business"]],
        organisations=[
            ("lead", Organisation.objects.create(code=slugify(typed), name=typed, made_by=alice)),
            ("funder", Organisation.objects.get(code="known-funder")),
        ],
        ratings=[(principles["trust"], 3, f"{CANARY} evidence")],
        summary=f"{CANARY} summary",
        **fields,
    )
    if opened_to:
        hidden.organisation_grants.create(organisation=Organisation.objects.get(code=opened_to))
    if naming:
        hidden.grants.create(user=User.objects.get(email=naming), access=Grant.Access.WRITE)
    hidden.locations.create(country="KE", place=f"{CANARY} town")
    hidden.activities.add(activities["training"])
    visible = alice.initiatives.get(title=f"{alice} public")
    InitiativeLink.objects.create(source=hidden, target=visible, kind="feeds_into", note=CANARY)
    InitiativeLink.objects.create(source=visible, target=hidden, kind="funds", note=CANARY)
    LogEntry.objects.create(
        initiative=hidden, author=alice, happened_on=today(), kind="meeting", text=CANARY, sharing="network"
    )
    return hidden


@pytest.fixture
def assert_hides(world, alice, tracks, principles, activities):
    """assert_hides([one of HIDDEN], user): records like these change no byte for this person."""

    def assert_hides(kinds, user, most=MOST_PAGES):
        before = crawl(user, most)
        hidden = []
        for kind in kinds:
            fields = {"sharing": "public"} | HIDDEN[kind][0]
            hidden.append(add_hidden_record(alice, world, tracks, principles, activities, **fields))
        Reading.objects.all()._raw_delete("default")  # those that the first crawl left
        for record in hidden:
            note_opened(record, by=alice)
        after = crawl(user, most)
        assert set(after) == set(before)
        for address, page in after.items():
            assert page == before[address], f"a difference at {address}"
        assert CANARY not in "".join(text for address, (_, _, text) in after.items() if "xyl" not in address.lower())
        return hidden

    return assert_hides


def person(request, name):
    return None if name == "anonymous" else request.getfixturevalue(name)


@pytest.mark.parametrize("name", sorted({name for _, names in HIDDEN.values() for name in names.split()}))
def test_hidden_records_change_no_byte_of_any_page(request, assert_hides, alice, name):
    kinds = [kind for kind, (_, names) in HIDDEN.items() if name in names.split()]
    hidden = assert_hides(kinds, person(request, name))
    assert len(hidden) == len(kinds) >= 2
    pages = "".join(text for _, _, text in crawl(alice).values())
    assert all(str(record.ref) in pages for record in hidden), "its author sees each"


@pytest.mark.long
@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in HIDDEN for name in HIDDEN[kind][1].split()])
def test_each_kind_of_hidden_record_alone_changes_no_byte_of_any_page(request, assert_hides, kind, name):
    assert_hides([kind], person(request, name), most=400)


def test_hidden_and_unknown_records_answer_alike(world, alice, olga, tracks, principles, activities):
    hidden = add_hidden_record(alice, world, tracks, principles, activities, sharing="restricted")
    unknown = "00000000-0000-4000-8000-000000000000"
    for user in (None, olga):
        client = Client()
        if user:
            client.force_login(user)
        for name in ("detail", "history", "edit", "delete", "review"):
            for headers in ({}, {"HX-Request": "true", "HX-Target": "diary"}):
                answers = []
                for ref in (str(hidden.ref), unknown):
                    response = client.get(reverse(f"initiatives:{name}", args=[ref]), headers=headers)
                    status, vary, text = masked(response)
                    answers.append(
                        (
                            status,
                            vary,
                            text.replace(ref, "ref"),
                            response.headers.get("Location", "").replace(ref, "ref"),
                        )
                    )
                assert answers[0] == answers[1], name

"""Two worlds that differ by one hidden record must look the same, byte by byte, to whoever can't open it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.actions.readings import note_opened
from initiatives.dates import today
from initiatives.models import InitiativeLink, LogEntry, Organisation, Reading, Sharing
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

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
MOST_PAGES = 40  # a person, beyond which pages repeat each other; 400 in the long form


def masked(response):
    text = response.content.decode(errors="backslashreplace")  # pictures too
    for mask in MASKS:
        text = mask.sub("masked", text)
    return response.status_code, response.headers.get("Vary"), text


def crawl(user, most=MOST_PAGES):
    """The pages that this person reaches by links. Shape: {address: (status, Vary, masked text)}."""
    client = Client()
    if user is not None:
        client.force_login(user)
    pages, waiting = {}, list(SEEDS)
    while waiting and len(pages) < most:
        address = waiting.pop(0)
        if address in pages or address.startswith(LEFT_OUT):
            continue
        response = client.get(address)
        status, vary, text = masked(response)
        pages[address] = status, vary, MOMENT.sub("masked", text) if "/readings/" in address else text
        if response.headers.get("Content-Type", "").startswith("text/html"):
            found = [address.replace("&amp;", "&") for address in LINK.findall(response.content.decode())]
            waiting += [address for address in found if "?" in address]
            waiting[:0] = [address for address in found if "?" not in address]  # each page before its variants
    return pages


@pytest.fixture
def world(tracks, principles, activities, valley, alice, olga, bridge):
    """What everybody has: one record of each sharing level in each organisation, in two systems."""
    delta = ConflictSystemFactory(code="delta", name="Delta")
    OrganisationFactory(code="known-funder", name="Known funder")  # confirmed, so public knowledge in both worlds
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


def add_hidden_record(alice, world, tracks, principles, activities, **fields):
    """As telling as can be: on a track, in a country and with an organisation, that nothing else has."""
    hidden = make_initiative(
        title=f"{CANARY} talks",
        by=alice,
        conflicts=[world["valley"]],
        tracks=[tracks["media"], tracks["business"]],
        organisations=[
            ("lead", Organisation.objects.create(code="xyl-1", name=f"{CANARY} typed", made_by=alice)),
            ("funder", Organisation.objects.get(code="known-funder")),
        ],
        ratings=[(principles["trust"], 3, f"{CANARY} evidence")],
        summary=f"{CANARY} summary",
        **fields,
    )
    hidden.locations.create(country="KE", place=f"{CANARY} town")
    hidden.activities.add(activities["training"])
    visible = alice.initiatives.exclude(pk=hidden.pk).filter(sharing="public").get()
    InitiativeLink.objects.create(source=hidden, target=visible, kind="feeds_into", note=CANARY)
    InitiativeLink.objects.create(source=visible, target=hidden, kind="funds", note=CANARY)
    LogEntry.objects.create(
        initiative=hidden, author=alice, happened_on=today(), kind="meeting", text=CANARY, sharing="network"
    )
    return hidden


@pytest.mark.parametrize(
    "most", [pytest.param(MOST_PAGES, id="short"), pytest.param(400, id="long", marks=pytest.mark.long)]
)
@pytest.mark.parametrize(
    ("fields", "blind"),
    [
        (
            {"sharing": "restricted"},
            ("anonymous", "colin", "maria", "olga", "otto", "curator", "administrator"),
        ),
        ({"sharing": "organisation"}, ("anonymous", "olga", "otto", "curator", "administrator")),
        ({"sharing": "network"}, ("anonymous",)),
        (
            {"sharing": "public", "publication": "draft"},
            ("anonymous", "colin", "maria", "olga", "otto", "curator", "administrator"),
        ),
        ({"sharing": "public", "publication": "withdrawn"}, ("anonymous", "colin", "olga", "otto", "curator")),
        ({"sharing": "public", "publication": "in_review"}, ("anonymous", "colin", "olga", "otto", "curator")),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_hidden_record_changes_no_byte_of_any_page(
    request, world, alice, tracks, principles, activities, fields, blind, most
):
    people = {name: None if name == "anonymous" else request.getfixturevalue(name) for name in blind}
    before = {name: crawl(user, most) for name, user in people.items()}
    hidden = add_hidden_record(alice, world, tracks, principles, activities, **fields)
    Reading.objects.all()._raw_delete("default")  # those that the first crawl left
    note_opened(hidden, by=alice)
    for name, user in people.items():
        after = crawl(user, most)
        assert set(after) == set(before[name]), name
        for address, page in after.items():
            assert page == before[name][address], f"{name} sees a difference at {address}"
        assert CANARY not in "".join(text for address, (_, _, text) in after.items() if "xyl" not in address.lower())
    assert any(str(hidden.ref) in text for _, _, text in crawl(alice).values()), "its author sees it"


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

"""What records leave open: of a system, and gathered for the managers of the organisation that keeps them."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.actions.statements import state_coverage
from initiatives.models import Initiative
from mtd_tracker.history import revisions
from tests.factories import MembershipFactory, make_initiative

SYSTEM, TODO = "/conflicts/valley/open-points/", "/todo/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_day")]


@pytest.fixture
def frozen_day():
    with time_machine.travel("2026-06-30 12:00", tick=False):
        yield


@pytest.fixture
def left_open(valley, tracks, principles, alice, bridge):
    """One record of Alice's for each point, and one that leaves nothing open. Shape: {point: Initiative}."""
    media, trust = tracks["media"], principles["trust"]
    told = {"by": alice, "conflicts": [valley], "sharing": "network", "organisations": [("lead", bridge)]}
    sound = told | {"tracks": [media], "last_confirmed": "2026-06"}
    with time_machine.travel("2026-01-10 12:00"):
        begun = make_initiative("To begin", start="2026-03", tracks=[media], **told)
    make_initiative("In order", ratings=[(trust, 3, "Seen."), (principles["relationship"], 1, "")], **sound)
    return {
        "unconfirmed": make_initiative("Old", tracks=[media], **told),
        "not-begun": begun,
        "no-track": make_initiative("Without track", **sound | {"tracks": []}),
        "no-start": make_initiative("Without start", start=None, **sound),
        "no-evidence": make_initiative("Without evidence", ratings=[(trust, 2, "")], **sound),
    }


def answers(response):
    """{point: titles}"""
    context = response.context
    found = context["page"]["points"] if "window" in context else context["points"]
    return {one.point.slug: [str(initiative) for initiative, _ in one.records] for one in found}


def expected(left_open):
    found = {slug: [initiative.title] for slug, initiative in left_open.items()}
    found["unconfirmed"] = sorted(["Old", "To begin"])
    return found


def test_each_question_finds_its_record(client, left_open, olga):
    client.force_login(olga)
    assert answers(client.get(SYSTEM)) == expected(left_open)


def test_each_number_leads_to_exactly_as_many_records(client, left_open, olga):
    client.force_login(olga)
    page = client.get(SYSTEM)
    found = {one.point.slug: (one.figure.address, one.number) for one in page.context["page"]["points"]}
    for slug, (address, number) in found.items():
        response = client.get(address if address.startswith("/") else SYSTEM + address)
        if slug == "not-begun":  # the list can't ask for it: the page itself tells all of them
            assert [one.number for one in response.context["page"]["points"]] == [number]
        else:
            assert response.context["page"].count == number, slug


def test_confirming_or_changing_after_the_start_answers_whether_it_began(client, left_open, maria):
    client.force_login(maria)
    begun = left_open["not-begun"]
    assert answers(client.get(TODO))["not-begun"] == ["To begin"]
    Initiative.objects.get(pk=begun.pk).save()  # somebody worked on it today
    assert answers(client.get(TODO))["not-begun"] == []


def test_nothing_hidden_is_asked_about(client, left_open, alice, olga):
    for initiative in Initiative.objects.all():
        initiative.sharing = "organisation"
        initiative.save()
    client.force_login(olga)
    page = client.get(SYSTEM)
    assert set(map(tuple, answers(page).values())) == {()}
    assert page.context["page"]["critical"] == ()
    client.force_login(alice)
    page = client.get(SYSTEM)
    assert answers(page)["no-start"] == ["Without start"]
    assert len(page.context["page"]["critical"]) == 1


def test_what_hangs_on_one_and_what_is_dormant_is_told(client, valley, tracks, bridge, olga):
    public = {"conflicts": [valley], "sharing": "public", "organisations": [("lead", bridge)]}
    make_initiative(tracks=[tracks["media"]], **public)
    make_initiative(tracks=[tracks["religion"]], start="1990", end="1995", **public)
    make_initiative(tracks=[tracks["religion"]], start="1990", end="1998-05", **public)
    client.force_login(olga)
    page = client.get(SYSTEM).context["page"]
    assert [(track.code, organisation) for track, organisation in page["critical"]] == [("media", bridge)]
    assert [(one.track.code, one.ended, one.number.value) for one in page["dormant"]] == [
        ("religion", date(1998, 5, 31), 2)
    ]
    assert client.get(f"{SYSTEM}?from=2030&to=2020").context["page"] is None


# ---------------------------------------------------------------- to do


def test_a_manager_finds_those_of_the_organisation_and_no_other(client, left_open, maria, otto):
    client.force_login(maria)
    assert answers(client.get(TODO)) == expected(left_open)
    client.force_login(otto)
    assert set(map(tuple, answers(client.get(TODO)).values())) == {()}


def test_what_a_manager_may_not_change_is_not_among_them(client, left_open, maria):
    Initiative.objects.filter(title="Old").update(sharing="restricted")
    Initiative.objects.filter(title="Without start").update(publication="draft")
    client.force_login(maria)
    found = answers(client.get(TODO))
    assert (found["unconfirmed"], found["no-start"]) == (["To begin"], [])


def test_it_speaks_of_the_organisation_that_one_works_for(client, left_open, maria, harbour):
    MembershipFactory(user=maria, organisation=harbour, role="manager")
    client.force_login(maria)
    client.post("/workspace/", {"organisation": "harbour"})
    assert set(map(tuple, answers(client.get(TODO)).values())) == {()}
    maria.memberships.filter(organisation=harbour).update(role="practitioner")
    assert client.get(TODO).status_code == 403


def test_a_record_is_confirmed_in_place_with_its_history(client, left_open, maria):
    old = left_open["unconfirmed"]
    client.force_login(maria)
    response = client.post(f"{TODO}?point=unconfirmed", {"confirm": old.ref, "version": old.version}, follow=True)
    assert response.redirect_chain == [(f"{TODO}?point=unconfirmed", 302)]
    assert answers(response) == {"unconfirmed": ["To begin"]}
    old.refresh_from_db()
    assert old.last_confirmed.first == date(2026, 6, 30)
    assert revisions(old)[0].note == "Confirmed"


@pytest.mark.parametrize(
    ("sent", "status"),
    [("", 404), ("nothing\0", 404), ("{organisation}", 404), ("{public}", 403)],
    ids=["none", "unreadable", "hidden", "others"],
)
def test_nothing_else_is_confirmed(client, maria, olga, sent, status):
    others = {sharing: make_initiative(by=olga, sharing=sharing).ref for sharing in ("organisation", "public")}
    client.force_login(maria)
    assert client.post(TODO, {"confirm": sent.format(**others)}).status_code == status
    assert not Initiative.objects.exclude(last_confirmed_on=None).exists()


def test_one_that_was_changed_meanwhile_is_not_confirmed_unseen(client, left_open, maria):
    old = left_open["unconfirmed"]
    Initiative.objects.filter(pk=old.pk).update(version=2)
    client.force_login(maria)
    response = client.post(TODO, {"confirm": old.ref, "version": 1}, follow=True)
    assert "was changed in the meantime" in response.content.decode()
    assert Initiative.objects.get(pk=old.pk).last_confirmed is None


def test_the_navigation_asks_for_the_number_by_itself_and_each_record_counts_once(client, left_open, maria, alice):
    client.force_login(maria)
    page = client.get("/taxonomy/").content.decode()
    assert 'hx-get="/todo/count/"' in page
    assert ">5</span>" in client.get("/todo/count/").content.decode()  # of five records, though one is in two lists
    client.force_login(alice)
    assert "/todo/" not in client.get("/taxonomy/").content.decode()


def test_statements_that_lapse_soon_are_to_be_renewed(client, valley, tracks, maria, bridge):
    told = {"by": maria, "organisation": bridge, "kind": "not_invited", "reason": "Nobody asked."}
    for code, day in (("media", date(2025, 8, 29)), ("religion", date(2025, 8, 30))):
        state_coverage(valley, track=tracks[code], day=day, **told)
    client.force_login(maria)
    assert [one.track.code for one in client.get(TODO).context["statements"]] == ["media"]


@pytest.mark.parametrize("address", [SYSTEM, TODO, "/todo/count/"])
def test_queries_do_not_grow_with_records(client, left_open, valley, tracks, alice, maria, address):
    client.force_login(maria)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(7):
        make_initiative(f"More {number}", by=alice, sharing="network", conflicts=[valley], tracks=[tracks["media"]])
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)

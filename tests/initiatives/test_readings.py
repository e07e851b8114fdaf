"""Who opened or exported a record that is not for everyone is written down, once and for all."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from initiatives.actions.log import add_entry
from initiatives.actions.readings import note_opened
from initiatives.dates import today
from initiatives.models import Grant, InitiativeLink, OrganisationGrant, Reading
from initiatives.models.reading import AppendOnly
from mtd_tracker.history import change
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, make_initiative


def asking(user):
    client = Client()
    client.force_login(user)
    return client


def kept():
    return list(Reading.objects.order_by("pk").values_list("reader__name", "initiative__title", "kind"))


def readings_page(user, address):
    return asking(user).get(address)


@pytest.mark.parametrize("publication", ["published", "in_review", "withdrawn"])
@pytest.mark.parametrize("sharing", ["organisation", "restricted"])
def test_opening_is_written_down_of_whatever_is_not_for_everyone(alice, sharing, publication):
    initiative = make_initiative("Talks", by=alice, sharing=sharing, publication=publication)
    response = asking(alice).get(initiative.get_absolute_url())
    assertContains(response, "is written down")
    assert kept() == [("Alice", "Talks", "opened")]
    assert Reading.objects.get().while_restricted == (sharing == "restricted")


@pytest.mark.parametrize(
    "fields", [{"sharing": "public"}, {"sharing": "network"}, {"sharing": "restricted", "publication": "draft"}]
)
def test_of_drafts_and_of_what_the_network_reads_nothing_is_kept(alice, fields):
    initiative = make_initiative(by=alice, **fields)
    assertNotContains(asking(alice).get(initiative.get_absolute_url()), "is written down")
    assert kept() == []


@pytest.mark.parametrize("page", ["log-edit", "log-delete"])
def test_whoever_fetches_an_entry_of_the_diary_is_written_down(alice, page):
    entry = add_entry(
        make_initiative("Talks", by=alice),
        by=alice,
        happened_on=today(),
        kind="meeting",
        text="Met.",
        sharing="organisation",
    )
    assert asking(alice).get(reverse(f"initiatives:{page}", args=[entry.initiative.ref, entry.ref])).status_code == 200
    assert kept() == [("Alice", "Talks", "opened")]


@pytest.mark.parametrize("name", ["detail", "history", "version", "edit", "log-new"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_every_page_that_shows_a_record_counts_whoever_fetches_it_how(alice, name, method):
    initiative = make_initiative(by=alice)
    with change(initiative, by=alice, note="Looked through") as stored:
        stored.save()
    arguments = [initiative.ref, stored.version] if name == "version" else [initiative.ref]
    response = getattr(asking(alice), method)(reverse(f"initiatives:{name}", args=arguments))
    assert (response.status_code, len(kept())) == (200, 1)


def test_who_is_refused_leaves_no_reading(alice, olga, colin):
    initiative = make_initiative(by=alice, sharing="organisation")
    assert asking(olga).get(initiative.get_absolute_url()).status_code == 404
    assert asking(colin).get(reverse("initiatives:history", args=[initiative.ref])).status_code == 403
    assert kept() == []


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_writes_down_each_record_in_it_by_one_statement(alice, form, django_assert_num_queries):
    for title in ("One", "Two"):
        make_initiative(title, by=alice, sharing="organisation")
    make_initiative("Open", by=alice, sharing="public")
    asking(alice).get(reverse(f"initiatives:export-{form}"), {"q": "o"})
    assert sorted(kept()) == [("Alice", "One", "exported"), ("Alice", "Two", "exported")]


FILES = ("sequence-json", "sequence-svg", "known-json", "linkage-json")


@pytest.fixture
def in_valley(alice, valley, tracks):
    """Two for few on the same two tracks, linked; one for the network; a draft."""
    common = {"by": alice, "conflicts": [valley], "tracks": [tracks["media"], tracks["religion"]]}
    one, two, *_ = (
        make_initiative(title, **common | {"sharing": sharing, "publication": publication})
        for title, sharing, publication in (
            ("One", "organisation", "published"),
            ("Two", "restricted", "published"),
            ("Open", "network", "published"),
            ("Draft", "organisation", "draft"),
        )
    )
    InitiativeLink.objects.create(source=one, target=two, kind="feeds_into")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_names_records_writes_each_down_once_and_by_one_statement(alice, in_valley, name):
    client, address = asking(alice), reverse(f"initiatives:{name}", args=["valley"])
    query = {"source": "media", "target": "religion"} if name == "linkage-json" else {}
    client.head(address, query)
    assert kept() == []  # none is sent
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address, query)
    assert response.status_code == 200
    assert "One" in response.text
    assert sorted(kept()) == [("Alice", "One", "exported"), ("Alice", "Two", "exported")]
    assert len([query for query in asked if "initiatives_reading" in query["sql"]]) == 1
    assert not [
        query for query in asked if 'WHERE "initiatives_initiative"."id" = ' in query["sql"]
    ]  # columns at hand


@pytest.mark.parametrize("name", ["sequence", "known", "linkage"])
def test_a_page_that_lists_records_of_a_system_writes_nothing_down(alice, in_valley, name):
    query = {"source": "media", "target": "religion"} if name == "linkage" else {}
    assertContains(asking(alice).get(reverse(f"initiatives:{name}", args=["valley"]), query), "One")
    assert kept() == []


def test_the_list_writes_nothing_down(alice):
    make_initiative(by=alice)
    asking(alice).get(reverse("initiatives:list"), headers={"HX-Request": "true", "HX-Target": "initiative-rows"})
    assert kept() == []


def test_a_reading_costs_one_statement(alice):
    initiative = make_initiative(by=alice)
    with CaptureQueriesContext(connection) as asked:
        note_opened(initiative, by=alice)
    assert len([query for query in asked if "initiatives_reading" in query["sql"]]) == 1


def test_readings_are_neither_changed_nor_deleted(alice):
    note_opened(make_initiative(by=alice), by=alice)
    reading = Reading.objects.get()
    for attempt in (
        reading.save,
        reading.delete,
        Reading.objects.all().delete,
        lambda: Reading.objects.update(reader=None),
        lambda: Reading.objects.bulk_update([reading], ["kind"]),
        lambda: Reading.objects.update_or_create(pk=reading.pk, defaults={"kind": "exported"}),
    ):
        with pytest.raises(AppendOnly), transaction.atomic():
            attempt()
    assert kept() == [("Alice", "A dialogue", "opened")]


def test_managers_see_who_read_records_of_their_organisation_and_no_restricted_ones(alice, maria, otto, bridge):
    note_opened(make_initiative("Bread", by=alice, sharing="organisation"), by=alice)
    note_opened(make_initiative("Secret", by=alice, sharing="restricted"), by=alice)
    note_opened(make_initiative("Harbour's", by=otto, sharing="organisation"), by=otto)
    address = reverse("initiatives:organisation-readings", args=["bridge"])
    page = readings_page(maria, address)
    assertContains(page, "Bread")
    for words in ("Secret", "Harbour&#x27;s", "Otto"):
        assertNotContains(page, words)
    assert readings_page(alice, address).status_code == 403
    assert readings_page(otto, address).status_code == 403


def test_who_read_a_restricted_record_its_people_see_and_no_manager(alice, maria, olga):
    initiative = make_initiative(by=alice, sharing="restricted")
    Grant.objects.create(initiative=initiative, user=olga)
    asking(olga).get(initiative.get_absolute_url())
    address = reverse("initiatives:readings", args=[initiative.ref])
    for user in (alice, olga):
        assertContains(readings_page(user, address), "Olga")
    assert readings_page(maria, address).status_code == 404


def test_who_read_it_while_it_was_restricted_is_told_to_nobody_afterwards(alice, maria, olga):
    initiative = make_initiative(by=alice, sharing="restricted")
    note_opened(initiative, by=olga)
    initiative.sharing = "organisation"
    initiative.save()
    note_opened(initiative, by=alice)
    for address in (
        reverse("initiatives:organisation-readings", args=["bridge"]),
        reverse("initiatives:readings", args=[initiative.ref]),
    ):
        page = readings_page(maria, address)
        assertContains(page, "Alice")
        assertNotContains(page, "Olga")


def test_a_partner_organisation_reads_but_does_not_see_who_read(alice, otto, harbour):
    initiative = make_initiative(by=alice, sharing="organisation")
    OrganisationGrant.objects.create(initiative=initiative, organisation=harbour)
    page = asking(otto).get(initiative.get_absolute_url())
    assertContains(page, "is written down")
    assertNotContains(page, "/readings/")
    assert readings_page(otto, reverse("initiatives:readings", args=[initiative.ref])).status_code == 403
    assert kept() == [("Otto", "A dialogue", "opened")]


def test_the_page_narrows_by_record_and_by_person(alice, colin, maria):
    bread, salt = (make_initiative(title, by=alice) for title in ("Bread", "Salt"))
    for user, initiative in ((alice, bread), (colin, bread), (alice, salt)):
        note_opened(initiative, by=user)
    client, address = asking(maria), reverse("initiatives:organisation-readings", args=["bridge"])

    def found(**query):
        page = client.get(address, query).context["page"]
        return {(reading.reader.name, reading.initiative.title) for reading in page}

    assert found(record=bread.ref) == {("Alice", "Bread"), ("Colin", "Bread")}
    assert found(person=alice.ref) == {("Alice", "Bread"), ("Alice", "Salt")}
    assert found(person=alice.ref, record=salt.ref) == {("Alice", "Salt")}
    for nonsense in ("x", "\x00", "00000000-0000-4000-8000-000000000000"):
        assert found(person=nonsense) == set()


def test_pages_hold_fifty_and_queries_do_not_grow(alice, maria, bridge, django_assert_num_queries):
    client, address = asking(maria), reverse("initiatives:organisation-readings", args=["bridge"])
    note_opened(make_initiative(by=alice), by=alice)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(60):
        reader = UserFactory()
        MembershipFactory(user=reader, organisation=bridge)
        note_opened(make_initiative(by=alice), by=reader)
    with django_assert_num_queries(len(few)):
        page = client.get(address).context["page"]
    assert (len(page), page.paginator.count) == (50, 61)


def test_the_organisation_page_leads_managers_there(alice, maria, bridge):
    assertContains(asking(maria).get(bridge.get_absolute_url()), "Who read what")
    assertNotContains(asking(alice).get(bridge.get_absolute_url()), "Who read what")


def test_an_organisation_that_one_may_not_know_of_has_no_such_page(maria, harbour):
    OrganisationFactory(name="Hidden friends", code="hidden", confirmed=False, made_in=harbour)
    browser = Client()
    browser.force_login(maria)
    assert browser.get("/organisations/hidden/readings/").status_code == 404


def test_readings_of_a_restricted_record_are_for_those_who_may_open_it(alice, maria):
    restricted = make_initiative(by=alice, sharing="restricted")
    note_opened(restricted, by=alice)
    assert Reading.objects.visible_to(alice).count() == 1
    assert not Reading.objects.visible_to(maria).exists()

"""Every field of a record and of what hangs on it: a word of its own in each, looked for on every page.

A new field, or a new table that hangs on records, fails here until somebody decides who is told.
"""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.derived import KINDS
from initiatives.models import (
    Autosave,
    Engagement,
    ExternalId,
    Grant,
    Initiative,
    InitiativeLink,
    KeeperNaming,
    Location,
    LogEntry,
    OrganisationGrant,
    Participation,
    PrincipleRating,
    Reading,
    ReviewStep,
    Suspension,
    TrackTag,
)
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, make_initiative

READERS = ("public", "curator", "elsewhere", "partner", "named", "colleague", "sharer")
EVERYBODY = frozenset(READERS)
MEMBERS = EVERYBODY - {"public"}  # curators among them
DIARY = frozenset({"named", "colleague", "sharer"})  # who reads an entry for the organisation
SHARERS = frozenset({"sharer"})
NOBODY = frozenset()
INSIDE = frozenset({"colleague", "sharer"})  # for other pages to decide; nobody else anyhow
PLAIN = None  # a code, a number, a key or a precision: it is told wherever the record is, or says nothing

KEYS = {"id": PLAIN, "initiative": PLAIN}
TOLD = {
    Initiative: {
        **dict.fromkeys(("title", "summary", "description", "sources"), EVERYBODY),
        **dict.fromkeys(("start_on", "end_on", "last_confirmed_on", "cancelled_on"), EVERYBODY),
        **dict.fromkeys(("author", "updated_by", "updated_at"), MEMBERS),
        **dict.fromkeys(("created_at", "withdrawn_on"), NOBODY),
        **dict.fromkeys(("id", "ref", "version", "language", "owner", "sharing", "publication"), PLAIN),
        **dict.fromkeys(("start_precision", "end_precision", "last_confirmed_precision"), PLAIN),
        **dict.fromkeys(("officiality", "level", "dimension", "shown_dates", "shown_places"), PLAIN),
        **dict.fromkeys(("activities", "conflict_systems", "organisations", "tracks"), PLAIN),
    },
    Engagement: KEYS
    | dict.fromkeys(("start_on", "end_on"), EVERYBODY)
    | dict.fromkeys(("conflict_system", "start_precision", "end_precision"), PLAIN),
    Participation: KEYS | {"organisation": EVERYBODY, "role": PLAIN},
    TrackTag: KEYS | {"track": PLAIN, "emphasis": PLAIN, "rationale": EVERYBODY},
    PrincipleRating: KEYS | {"principle": PLAIN, "rating": PLAIN, "rated_on": EVERYBODY, "evidence": MEMBERS},
    Location: KEYS | {"country": PLAIN, "place": EVERYBODY},
    Suspension: KEYS | {"from_on": EVERYBODY, "until_on": EVERYBODY},
    ExternalId: KEYS | {"scheme": MEMBERS, "identifier": MEMBERS},
    Grant: KEYS | {"user": SHARERS, "access": PLAIN, "until_on": SHARERS},
    OrganisationGrant: KEYS | {"organisation": SHARERS, "until_on": SHARERS},
    InitiativeLink: {
        "id": PLAIN,
        "source": PLAIN,
        "target": PLAIN,
        "kind": PLAIN,
        "evidence": PLAIN,
        "note": EVERYBODY,
        "proposal": PLAIN,
    },
    LogEntry: KEYS
    | dict.fromkeys(("happened_on", "text", "author"), DIARY)
    | dict.fromkeys(("version", "ref", "kind", "sharing"), PLAIN)
    | {"created_at": NOBODY},
    KeeperNaming: KEYS
    | dict.fromkeys(("keeper", "reason", "proposed_by", "agreed_by"), NOBODY)
    | dict.fromkeys(("ref", "organisation", "proposed_at", "agreed_at"), PLAIN),
    ReviewStep: KEYS | {"kind": PLAIN, "comment": INSIDE, "by": INSIDE, "at": PLAIN},
    Reading: KEYS | {"reader": INSIDE, "kind": PLAIN, "at": PLAIN, "while_restricted": PLAIN, "owner": PLAIN},
    Autosave: KEYS | {"user": PLAIN, "token": PLAIN, "sent": INSIDE, "version": PLAIN, "saved_at": PLAIN},
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OWN = {"named": (Grant, "user"), "partner": (OrganisationGrant, "organisation")}  # one knows one's own name


def word(model, field):
    """What stands in a field that is looked for: a word or, of a day, its year."""
    if not any(kind in model._meta.get_field(field).get_internal_type() for kind in ("DateField", "DateTimeField")):
        return f"qx{model.__name__}{field}q".replace("_", "").lower()
    dated = [(one, name) for one, fields in TOLD.items() for name, told in fields.items() if told is not PLAIN]
    return str(1600 + dated.index((model, field)))


def day(model, field):
    return date(int(word(model, field)), 5, 6)


def moment(model, field):
    return datetime(int(word(model, field)), 5, 6, tzinfo=UTC)


def named(model, field):
    return UserFactory(name=word(model, field))


@pytest.fixture
def record(bridge, harbour, valley, tracks, principles):
    """Public, and full. Harbour, its partner, is named by its word."""
    author = MembershipFactory(organisation=bridge, user__name=word(Initiative, "author")).user
    texts = {name: word(Initiative, name) for name in ("title", "summary", "description", "sources")}
    initiative = make_initiative(
        by=author, sharing="public", start=None, updated_by=named(Initiative, "updated_by"), **texts
    )
    days = ("start_on", "end_on", "last_confirmed_on", "cancelled_on", "withdrawn_on")
    moments = {name: moment(Initiative, name) for name in ("created_at", "updated_at")}
    precisions = dict.fromkeys(("start_precision", "end_precision", "last_confirmed_precision"), "day")
    Initiative.objects.update(**{name: day(Initiative, name) for name in days}, **moments, **precisions)
    hang_parts_on(initiative, valley, tracks, principles)
    hang_people_on(initiative, harbour)
    return initiative


def hang_parts_on(initiative, valley, tracks, principles):
    own = {name: day(Engagement, name) for name in ("start_on", "end_on")}
    initiative.engagements.create(conflict_system=valley, start_precision="day", end_precision="day", **own)
    taking_part = OrganisationFactory(code="taking-part", name=word(Participation, "organisation"))
    initiative.participations.create(organisation=taking_part, role="lead")
    initiative.track_tags.create(track=tracks["media"], emphasis="lead", rationale=word(TrackTag, "rationale"))
    initiative.principle_ratings.create(
        principle=principles["trust"],
        rating=3,
        rated_on=day(PrincipleRating, "rated_on"),
        evidence=word(PrincipleRating, "evidence"),
    )
    initiative.locations.create(country="KE", place=word(Location, "place"))
    initiative.suspensions.create(from_on=day(Suspension, "from_on"), until_on=day(Suspension, "until_on"))
    initiative.external_ids.create(scheme=word(ExternalId, "scheme"), identifier=word(ExternalId, "identifier"))
    other = make_initiative("Another", sharing="public", conflicts=[valley], tracks=[tracks["media"]])
    initiative.links_out.create(target=other, kind="feeds_into", note=word(InitiativeLink, "note"))


def hang_people_on(initiative, harbour):
    """Two are named: Nadia reads, and the one whose word is looked for."""
    last = date.today().replace(year=9999, month=5, day=6)
    initiative.grants.create(user=named(Grant, "user"), until_on=last)
    harbour.name = word(OrganisationGrant, "organisation")
    harbour.save()
    initiative.organisation_grants.create(organisation=harbour, until_on=last)
    entry = initiative.log_entries.create(
        author=named(LogEntry, "author"),
        happened_on=day(LogEntry, "happened_on"),
        kind="meeting",
        text=word(LogEntry, "text"),
        sharing="organisation",
    )
    LogEntry.objects.filter(pk=entry.pk).update(created_at=moment(LogEntry, "created_at"))
    initiative.keeper_namings.create(
        organisation=initiative.owner,
        keeper=named(KeeperNaming, "keeper"),
        reason=word(KeeperNaming, "reason"),
        proposed_by=named(KeeperNaming, "proposed_by"),
        agreed_by=named(KeeperNaming, "agreed_by"),
        agreed_at=datetime.now(tz=UTC),
    )
    initiative.review_steps.create(kind="returned", comment=word(ReviewStep, "comment"), by=named(ReviewStep, "by"))
    initiative.readings.create(reader=named(Reading, "reader"), kind=Reading.Kind.values[0], owner=initiative.owner)
    initiative.autosaves.create(user=initiative.author, sent={"title": word(Autosave, "sent")})


@pytest.fixture
def readers(record, bridge, harbour, curator):
    def person(name, organisation):
        return MembershipFactory(organisation=organisation, user__name=name).user

    elsewhere = OrganisationFactory(code="elsewhere")
    nadia = person("Nadia", elsewhere)
    record.grants.create(user=nadia)
    return {
        "public": None,
        "curator": curator,
        "elsewhere": person("Elsa", elsewhere),
        "partner": person("Paul", harbour),
        "named": nadia,
        "colleague": person("Colin", bridge),
        "sharer": record.author,
    }


def pages_of(user, record):
    """What this person is answered on every page that draws on records. Shape: {address: text, without any ref}."""
    client = Client()
    own = []
    if user:
        client.force_login(user)
        own = [make_initiative("My own", by=user, sharing="organisation")] if user.memberships.exists() else []
    addresses = [
        record.get_absolute_url(),
        reverse("initiatives:history", args=[record.ref]),
        *("/", "/initiatives/", "/initiatives/export.csv", "/initiatives/export.json", "/conflicts/"),
        *("/conflicts/valley/", "/conflicts/valley/coverage.json", "/conflicts/valley/coverage.csv"),
        *("/conflicts/compare/?system=valley", "/organisations/", "/organisations/bridge/"),
        *("/organisations/taking-part/", "/initiatives/new/?token=5f0c3b0e-4d4b-4c57-9d55-0d9f5f1c2a11"),
        f"/initiatives/similar/?title={word(Initiative, 'title')}&conflicts=valley",
        *(f"{reverse('initiatives:link-new', args=[one.ref])}?link_q={word(Initiative, 'title')}" for one in own),
    ]
    return {address: UUID.sub("ref", client.get(address).getvalue().decode()) for address in addresses}


def markers():
    return [
        (model, name, told) for model, fields in TOLD.items() for name, told in fields.items() if told is not PLAIN
    ]


def test_of_every_field_is_decided_who_is_told():
    hanging = {relation.related_model for relation in Initiative._meta.related_objects}
    derived = {kind.MODEL for kind in KINDS}  # they say what their sources say
    assert set(TOLD) == {Initiative} | hanging - derived
    for model, fields in TOLD.items():
        own = (*model._meta.fields, *model._meta.many_to_many)
        assert set(fields) == {field.name for field in own}, model


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_finds_what_is_for_them_and_nothing_else(record, readers, reader):
    pages = pages_of(readers[reader], record)
    for model, name, told in markers():
        sought = re.compile(rf"\b{'9999' if name == 'until_on' and model is not Suspension else word(model, name)}\b")
        if OWN.get(reader) == (model, name):
            continue
        if reader not in told:
            leaks = [address for address, text in pages.items() if sought.search(text)]
            if (model, name) == (OrganisationGrant, "organisation"):  # that Harbour exists is known to everybody
                leaks = [one for one in leaks if not one.startswith(("/organisations/", "/initiatives/new/"))]
            assert leaks == [], f"{reader} finds {model.__name__}.{name}"
        elif told is not INSIDE:
            assert sought.search(pages[record.get_absolute_url()]), f"{reader} misses {model.__name__}.{name}"


@pytest.mark.parametrize("reader", READERS)
def test_no_search_finds_a_record_by_what_is_not_for_everybody(record, readers, reader):
    client = Client()
    if readers[reader]:
        client.force_login(readers[reader])
    assert client.get("/initiatives/export.json", {"q": word(Initiative, "summary")}).getvalue() != b"[]"
    for model, name, told in markers():
        if told is not EVERYBODY:
            found = client.get("/initiatives/export.json", {"q": word(model, name)})
            assert str(record.ref) not in found.getvalue().decode(), f"{reader} finds it by {model.__name__}.{name}"

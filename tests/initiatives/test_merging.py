"""Two entries that mean the same organisation become one, and nobody learns more by it than before."""

import re

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.actions.merging import merge_organisations
from initiatives.dates import today
from initiatives.forms.directory import Directory
from initiatives.models import CoverageStatement, Localness, Membership, Organisation, OrganisationGrant
from mtd_tracker.history import StaleSave, change
from tests.answers import json_of
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative
from tests.proving import sign_in_and_prove

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"')
MERGE = "/organisations/twin/merge/"


@pytest.fixture
def twin(db):
    """The second entry of the Water Circle."""
    names = {"name": "Watercircle", "acronym": "WC", "aliases": ["Cercle de l'eau", "water circle"]}
    return OrganisationFactory(code="twin", **names)


@pytest.fixture
def circle(db):
    return OrganisationFactory(code="circle", name="Water Circle", aliases=["Wasserkreis"])


@pytest.fixture
def as_curator(client, curator):
    sign_in_and_prove(client, curator)
    return client


def roles_of(initiative):
    return sorted((part.role, part.organisation.code) for part in initiative.participations.all())


def notes_of(record):
    return [version.revision.comment for version in Version.objects.get_for_object(record)]


# ---------------------------------------------------------------- what becomes of it


def test_parts_move_and_doubled_ones_drop_in_every_initiative(twin, circle, alice, curator):
    plain = make_initiative(by=alice, sharing="public", organisations=[("lead", twin), ("funder", twin)])
    doubled = make_initiative(by=alice, sharing="public", organisations=[("lead", twin), ("lead", circle)])
    hidden = make_initiative(by=alice, sharing="restricted", organisations=[("host", twin)])
    draft = make_initiative(by=alice, publication="draft", organisations=[("party", twin), ("party", circle)])
    other = make_initiative(by=alice, organisations=[("lead", circle)])
    merge_organisations(twin, circle, by=curator)
    assert roles_of(plain) == [("funder", "circle"), ("lead", "circle")]
    assert roles_of(doubled) == [("lead", "circle")]
    assert roles_of(hidden) == [("host", "circle")]
    assert roles_of(draft) == [("party", "circle")]
    for initiative in (plain, doubled, hidden, draft):
        before = initiative.updated_at
        initiative.refresh_from_db()
        assert (initiative.version, initiative.updated_at) == (2, before)
        assert notes_of(initiative) == ["Watercircle was merged into Water Circle"]
        assert Version.objects.get_for_object(initiative).get().revision.user == curator
    other.refresh_from_db()
    assert other.version == 1


def test_each_initiative_has_a_revision_of_its_own(twin, circle, alice, curator):
    several = [make_initiative(by=alice, organisations=[("lead", twin)]) for _ in range(2)]
    merge_organisations(twin, circle, by=curator)
    assert len({Version.objects.get_for_object(one).get().revision_id for one in several}) == 2


def test_its_names_become_other_names_each_once(twin, circle, curator):
    merge_organisations(twin, circle, by=curator)
    circle.refresh_from_db()
    assert circle.aliases == ["Wasserkreis", "Watercircle", "WC", "Cercle de l'eau"]
    twin.refresh_from_db()
    assert twin.merged_into == circle
    assert "Watercircle was merged into Water Circle" in notes_of(circle)


def test_what_is_known_of_the_other_already_holds(twin, circle, curator, valley, maria, tracks):
    delta = ConflictSystemFactory()
    Localness.objects.create(organisation=twin, conflict_system=valley, is_local=True)
    Localness.objects.create(organisation=twin, conflict_system=delta, is_local=True)
    Localness.objects.create(organisation=circle, conflict_system=valley, is_local=False)
    statement = CoverageStatement.objects.create(
        conflict_system=valley,
        track=tracks["media"],
        kind="reviewed_none_found",
        reason="Looked.",
        organisation=twin,
        stated_on=today(),
        lapses_on=today().replace(year=today().year + 1),
    )
    merge_organisations(twin, circle, by=curator)
    assert {(row.conflict_system, row.is_local) for row in circle.localness.all()} == {(valley, False), (delta, True)}
    assert not twin.localness.exists()
    statement.refresh_from_db()
    assert statement.organisation == circle


def test_a_record_opened_to_it_is_opened_to_nobody_by_a_merge(twin, harbour, olga, alice, curator):
    secret = make_initiative(by=alice, sharing="organisation")
    OrganisationGrant.objects.create(initiative=secret, organisation=twin)
    merge_organisations(twin, harbour, by=curator)
    assert not secret.organisation_grants.exists()
    assert not type(secret).objects.visible_to(olga).filter(pk=secret.pk).exists()
    assert notes_of(secret) == ["Watercircle was merged into Harbour"]


def test_chains_lead_to_the_end(twin, circle, curator, client):
    last = OrganisationFactory(code="last", name="Last")
    merge_organisations(twin, circle, by=curator)
    merge_organisations(circle, last, by=curator)
    for code in ("twin", "circle"):
        assertRedirects(client.get(f"/organisations/{code}/"), "/organisations/last/", status_code=301)


# ---------------------------------------------------------------- refused


def test_one_that_is_at_work_is_refused_whatever_the_reason_in_the_same_words(circle, curator, alice, as_curator):
    with_member, with_record, invited = (OrganisationFactory(code=f"busy-{n}") for n in range(3))
    Membership.objects.create(user=alice, organisation=with_member, active=False)
    make_initiative(owner=with_record, sharing="restricted")
    invited.invitations.create(email="new@example.org", expires_at="2100-01-01T00:00Z")
    pages = set()
    for organisation in (with_member, with_record, invited):
        with pytest.raises(ValidationError, match="at work on this site"):
            merge_organisations(organisation, circle, by=curator)
        page = as_curator.get(f"/organisations/{organisation.code}/merge/?into=circle").content.decode()
        assert "Merge them" not in page
        pages.add(page.split('<p class="note')[1].split("</p>")[0])
    assert len(pages) == 1


def test_neither_into_itself_nor_into_an_unconfirmed_or_a_merged_one(twin, circle, curator):
    unconfirmed = OrganisationFactory(confirmed=False)
    for target in (twin, unconfirmed):
        with pytest.raises(ValidationError):
            merge_organisations(twin, target, by=curator)
    merge_organisations(twin, circle, by=curator)
    other = OrganisationFactory()
    with pytest.raises(ValidationError):
        merge_organisations(other, twin, by=curator)
    with pytest.raises(ValidationError):
        merge_organisations(twin, other, by=curator)


def test_a_stale_question_is_asked_again_and_nothing_is_written(twin, circle, curator):
    with pytest.raises(StaleSave):
        merge_organisations(twin, circle, by=curator, version=7)
    circle.refresh_from_db()
    assert (circle.aliases, circle.version) == (["Wasserkreis"], 1)


# ---------------------------------------------------------------- the page


def test_merging_asks_once_more_who_one_is(client, curator, twin, circle):
    client.force_login(curator)
    response = client.post(MERGE, {"into": "Water Circle (circle)", "version": 1})
    assert response.url.startswith("/accounts/reauthenticate/")
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_a_curator_looks_for_the_other_sees_what_happens_and_merges(as_curator, twin, circle, alice):
    hidden = make_initiative("Canary", by=alice, sharing="restricted", organisations=[("host", twin)])
    assertContains(as_curator.get(MERGE), "?into=circle")  # of much the same name
    assertContains(as_curator.get(MERGE, {"into": "wat"}), "?into=circle")
    question = as_curator.get(MERGE, {"into": "circle"})
    assertContains(question, "There is no way back")
    assertNotContains(question, "Canary")
    response = as_curator.post(MERGE, {"into": "Water Circle (circle)", "version": 1}, follow=True)
    assertContains(response, "Watercircle was merged into Water Circle.")
    assertContains(response, "Cercle de l&#x27;eau")
    assert roles_of(hidden) == [("host", "circle")]


def test_the_pages_are_the_same_whether_hidden_records_name_it_or_not(as_curator, twin, circle, alice):
    def seen():
        pages = [as_curator.get(MERGE, query).content for query in ({}, {"into": "circle"})]
        return [TOKEN.sub(b"", page) for page in pages]

    before = seen()
    make_initiative(by=alice, sharing="restricted", organisations=[("host", twin)])
    OrganisationGrant.objects.create(initiative=make_initiative(by=alice), organisation=twin)
    assert seen() == before


@pytest.mark.parametrize("into", ["", "\0", "nothing", "twin", "Watercircle", "x" * 400])
def test_what_names_no_other_is_told(as_curator, twin, circle, into):
    assertContains(as_curator.get(MERGE, {"into": into}), "error-summary")
    as_curator.post(MERGE, {"into": into, "version": 1, "organisation": "circle", "merged_into": circle.pk})
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_a_part_of_a_name_offers_those_that_have_it_and_is_no_mistake(as_curator, twin, circle):
    page = as_curator.get(MERGE, {"into": circle.name[:4]})
    assertContains(page, f"?into={circle.code}")
    assertContains(page, f'value="{circle.name[:4]}"')
    assertNotContains(page, "error-summary")


def test_an_unconfirmed_one_that_a_curator_cannot_see_is_not_there(as_curator, circle, alice):
    typed = OrganisationFactory(code="typed", confirmed=False, made_by=alice)
    make_initiative(by=alice, sharing="restricted", organisations=[("host", typed)])
    assert as_curator.get("/organisations/typed/merge/").status_code == 404
    assert as_curator.post("/organisations/typed/merge/", {"into": "circle"}).status_code == 404


# ---------------------------------------------------------------- afterwards


@pytest.fixture
def merged(twin, circle, alice, curator):
    initiative = make_initiative(by=alice, sharing="public", organisations=[("lead", twin)])
    merge_organisations(twin, circle, by=curator)
    return initiative


def test_the_old_address_leads_to_the_new_one_for_everyone(client, merged, alice):
    for user in (None, alice):
        if user:
            client.force_login(user)
        assertRedirects(client.get("/organisations/twin/"), "/organisations/circle/", status_code=301)


@pytest.mark.parametrize("page", ["portfolio/", "portfolio.json", "portfolio.csv", "principles/", "principles.json"])
def test_so_do_the_addresses_of_its_work_and_of_its_data(client, merged, page):
    response = client.get(f"/organisations/twin/{page}?from=2000")
    assertRedirects(response, f"/organisations/circle/{page}?from=2000", status_code=301)


def test_no_list_shows_it_any_more_and_its_other_pages_are_gone(client, merged, curator):
    client.force_login(curator)
    assertNotContains(client.get("/organisations/"), ">Watercircle<")
    for page in ("edit", "history", "confirm", "merge", "members"):
        assert client.get(f"/organisations/twin/{page}/").status_code == 404


@pytest.mark.parametrize("text", ["Watercircle", "wc", "twin", "Watercircle (twin)", "cercle de l'eau"])
def test_forms_that_name_the_old_one_find_the_one_that_stays(merged, alice, text):
    assert Directory(alice).find(text).code == "circle"


def test_a_filter_by_the_old_code_answers_for_the_one_that_stays(client, merged):
    response = client.get("/initiatives/?organisation=twin")
    assertContains(response, merged.get_absolute_url())
    assertContains(response, "Water Circle")
    assert json_of(client.get("/initiatives/export.json?organisation=twin")) == json_of(
        client.get("/initiatives/export.json?organisation=circle")
    )


def test_its_name_is_free_for_the_one_that_stays(client, merged, curator):
    client.force_login(curator)
    page = "/organisations/circle/edit/"
    client.post(page, {"name": "Watercircle", "acronym": "", "aliases": "", "kind": "", "country": "", "version": 2})
    assert Organisation.objects.get(code="circle").name == "Watercircle"


def test_the_history_of_an_initiative_still_tells_the_old_name(client, twin, circle, alice, curator):
    initiative = make_initiative(by=alice, organisations=[("lead", twin)])
    with change(initiative, by=alice, note="Edited") as record:
        record.save()
    merge_organisations(twin, circle, by=curator)
    client.force_login(alice)
    response = client.get(f"{initiative.get_absolute_url()}history/")
    assertContains(response, "<del>Watercircle</del>")
    assertContains(response, "<ins>Water Circle</ins>")

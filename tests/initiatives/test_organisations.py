"""Organisations: who learns of them, who keeps them in order, and how."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Revision, Version

from initiatives.actions.content import Content
from initiatives.actions.erasing import erase_record
from initiatives.actions.initiatives import log_initiative
from initiatives.dates import PartialDate
from initiatives.models import Localness, Membership, Organisation, Participation
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

LIST = "/organisations/"
NEW = "/organisations/new/"


def filled(name="Water Circle", **more):
    return {"name": name, "acronym": "", "aliases": "", "kind": "", "country": ""} | more


@pytest.fixture
def unconfirmed(bridge, maria):
    """Added by Maria for Bridge."""
    return OrganisationFactory(
        code="quiet-a1", name="Quiet House", confirmed=False, made_by=maria, made_in=bridge, kind="Hidden kind"
    )


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# ---------------------------------------------------------------- the list


def test_everyone_reads_the_confirmed_ones(client, bridge):
    assertContains(client.get(LIST), "Bridge")


def test_an_unconfirmed_one_leaves_no_trace_for_others(client, unconfirmed, otto, maria):
    before = {}
    for user in (None, otto):
        if user:
            client.force_login(user)
        before[user] = client.get(LIST, {"q": "house"}).content + client.get(LIST).content
        assert b"Quiet" not in before[user]
        assert b"Hidden kind" not in before[user]
        assert client.get(unconfirmed.get_absolute_url()).status_code == 404
    client.force_login(maria)
    assertContains(client.get(LIST), "unconfirmed")
    assertContains(client.get(unconfirmed.get_absolute_url()), "Quiet House")


def test_the_search_finds_names_acronyms_and_aliases_whatever_the_accents(client, db):
    OrganisationFactory(name="Círculo del Agua", acronym="CDA")
    OrganisationFactory(name="Other", aliases=["Wasserkreis Zürich"])
    OrganisationFactory(name="Nothing alike")
    for words, expected in (("circulo", "Agua"), ("cda", "Agua"), ("ZURICH", "Other")):
        response = client.get(LIST, {"q": words})
        assertContains(response, expected)
        assertContains(response, "1 organisation found")


def test_kind_and_country_narrow_together(client, db):
    OrganisationFactory(name="Alpha", kind="NGO", country="KE")
    OrganisationFactory(name="Beta", kind="NGO", country="NO")
    OrganisationFactory(name="Gamma", kind="donor", country="NO")
    response = client.get(LIST, {"kind": "NGO", "country": "NO"})
    assertContains(response, "Beta")
    assertNotContains(response, ">Alpha<")
    assertNotContains(response, ">Gamma<")


@pytest.mark.parametrize("query", [{"country": "XX"}, {"kind": "nonsense"}, {"q": "a\0b"}, {"kind": "\0"}])
def test_an_unreadable_search_shows_an_error_and_no_rows(client, bridge, query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    assertContains(response, "error-summary")
    assertNotContains(response, ">Bridge<")


@pytest.mark.parametrize("page", ["0", "99", "x", "\0"])
def test_an_odd_page_number_is_no_error(client, bridge, page):
    assertContains(client.get(LIST, {"page": page}), "Bridge")


def test_twenty_five_a_page_and_the_address_is_kept(client, db):
    OrganisationFactory.create_batch(30, kind="NGO")
    response = client.get(LIST, {"kind": "NGO"})
    assert len(response.context["page"].object_list) == 25
    assertContains(response, "?kind=NGO&amp;page=2")


def test_the_count_is_of_what_this_viewer_may_open(client, alice, olga, harbour):
    make_initiative(by=alice, sharing="public", organisations=[("lead", harbour), ("funder", harbour)])
    make_initiative(by=alice, sharing="network", organisations=[("partner", harbour)])
    make_initiative(by=alice, sharing="restricted", organisations=[("host", harbour)])

    def seen():
        page = client.get(LIST, {"q": "harbour"}).context["page"]
        return page.object_list[0].initiatives_seen

    assert seen() == 1
    client.force_login(olga)
    assert seen() == 2
    client.force_login(alice)
    assert seen() == 3


def test_the_lists_queries_do_not_grow(client, alice):
    client.force_login(alice)
    make_initiative(by=alice, organisations=[("lead", OrganisationFactory())])
    few = queries_of(client, LIST)
    for _ in range(8):
        make_initiative(by=alice, organisations=[("lead", OrganisationFactory(country="KE", kind="NGO"))])
    assert queries_of(client, LIST) == few


# ---------------------------------------------------------------- the page of one


def test_its_page_tells_roles_places_and_tracks_of_what_one_may_open(client, alice, harbour, valley, tracks):
    make_initiative(
        "Open dialogue",
        by=alice,
        sharing="public",
        conflicts=[valley],
        tracks=[tracks["media"]],
        organisations=[("lead", harbour), ("funder", harbour)],
    )
    hidden = ConflictSystemFactory(name="Faraway")
    make_initiative(
        "Silent talk", by=alice, conflicts=[hidden], tracks=[tracks["business"]], organisations=[("lead", harbour)]
    )
    Localness.objects.create(organisation=harbour, conflict_system=valley, is_local=False)
    response = client.get(harbour.get_absolute_url())
    for words in ("Open dialogue", "As lead", "As funder", "since 2020", "Valley", "Media", "not local"):
        assertContains(response, words)
    assertContains(response, "1 initiative<", count=2)
    for words in ("Silent talk", "Faraway", "Business"):
        assertNotContains(response, words)


def test_its_page_says_that_it_counts_whatever_the_status_and_leads_to_what_has_begun(client, alice, harbour, valley):
    for start in ("2020", "2999"):
        make_initiative(by=alice, sharing="public", conflicts=[valley], start=start, organisations=[("lead", harbour)])
    response = client.get(harbour.get_absolute_url())
    assertContains(response, "2 initiatives<")
    assertContains(response, "Counted are all initiatives that you may open, whatever their status")
    portfolio = reverse("initiatives:portfolio", args=["harbour"])
    assertContains(response, f'What has begun, <a href="{portfolio}">by conflict system and track</a>')


def test_a_retired_track_stands_as_its_replacement(client, alice, harbour, tracks):
    tracks["media"].status, tracks["media"].replaced_by = "retired", tracks["activism"]
    tracks["media"].save()
    make_initiative(
        by=alice, sharing="public", tracks=[tracks["media"], tracks["activism"]], organisations=[("lead", harbour)]
    )
    assert client.get(harbour.get_absolute_url()).context["tracks"] == [(tracks["activism"], 1)]


def test_its_parts_that_began_equally_early_are_in_the_order_in_which_they_were_logged(client, harbour):
    first = make_initiative("Logged first", sharing="public")
    make_initiative("Logged second", organisations=[("lead", harbour)], sharing="public")
    Participation.objects.create(initiative=first, organisation=harbour, role="lead")
    html = client.get(harbour.get_absolute_url()).content.decode()
    assert html.index("Logged first") < html.index("Logged second")


def test_what_is_not_local_and_what_is_unknown_are_told_apart(client, harbour, valley):
    assertContains(client.get(harbour.get_absolute_url()), "Unknown: not recorded")
    Localness.objects.create(organisation=harbour, conflict_system=valley, is_local=True)
    assertContains(client.get(harbour.get_absolute_url()), "Elsewhere: unknown")


def test_its_pages_queries_do_not_grow(client, alice, harbour, tracks):
    client.force_login(alice)

    def make():
        system = ConflictSystemFactory()
        Localness.objects.create(organisation=harbour, conflict_system=system, is_local=True)
        make_initiative(by=alice, conflicts=[system], tracks=tracks.values(), organisations=[("lead", harbour)])

    make()
    few = queries_of(client, harbour.get_absolute_url())
    for _ in range(6):
        make()
    assert queries_of(client, harbour.get_absolute_url()) == few


# ---------------------------------------------------------------- adding


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("alice", 403), ("maria", 200), ("otto", 200), ("curator", 200), ("administrator", 200)],
)
def test_who_may_add(client, request, db, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get(NEW).status_code == status
    if status != 200:
        client.post(NEW, filled())
        assert not Organisation.objects.filter(name="Water Circle").exists()


def test_a_curators_is_confirmed_at_once(client, curator):
    client.force_login(curator)
    assertRedirects(client.post(NEW, filled()), "/organisations/water-circle/")
    made = Organisation.objects.get()
    assert (made.confirmed, made.made_by, made.made_in) == (True, curator, None)


@pytest.mark.parametrize("name", ["New", "Suggest", "水の輪"])
def test_no_name_leads_to_an_address_of_the_sites_own(client, curator, name):
    client.force_login(curator)
    client.post(NEW, filled(name))
    assert client.get(Organisation.objects.get().get_absolute_url()).status_code == 200


def test_a_managers_waits_for_a_curator_and_shows_to_the_own_organisation(client, maria, bridge, colin, olga):
    client.force_login(maria)
    client.post(NEW, filled())
    made = Organisation.objects.get(name="Water Circle")
    assert (made.confirmed, made.made_in) == (False, bridge)
    assert made.code.startswith("water-circle-")
    assert made in Organisation.objects.visible_to(colin)
    assert made not in Organisation.objects.visible_to(olga)


def test_a_manager_of_two_says_for_which_one_and_only_of_those(client, maria, bridge, harbour):
    Membership.objects.create(user=maria, organisation=harbour, role="manager")
    client.force_login(maria)
    assertContains(client.post(NEW, filled()), "field-errors")
    other = OrganisationFactory(code="other")
    assertContains(client.post(NEW, filled(made_in=other.code)), "field-errors")
    client.post(NEW, filled(made_in="harbour"))
    assert Organisation.objects.get(name="Water Circle").made_in == harbour


def test_a_similar_one_is_pointed_out_and_may_be_a_different_one(client, curator):
    OrganisationFactory(code="circle", name="Water Circles", aliases=["Wasserkreis"])
    client.force_login(curator)
    response = client.post(NEW, filled())
    assertContains(response, 'href="/organisations/circle/"')
    assert Organisation.objects.count() == 1
    client.post(NEW, filled(different="on"))
    assert Organisation.objects.count() == 2


def test_an_alias_like_a_name_is_pointed_out_too(client, curator):
    OrganisationFactory(code="circle", name="Wasserkreis")
    client.force_login(curator)
    assertContains(client.post(NEW, filled(aliases="Wasserkreise")), 'href="/organisations/circle/"')


def test_one_that_is_not_seen_is_never_hinted_at(client, unconfirmed, otto):
    client.force_login(otto)
    response = client.post(NEW, filled("Quiet House"))
    assertRedirects(response, Organisation.objects.get(made_by=otto).get_absolute_url())


@pytest.mark.parametrize(
    "fault",
    [
        {"name": ""},
        {"name": "a\0b"},
        {"name": "x" * 201},
        {"country": "XX"},
        {"aliases": "y" * 501},
        {"localness_system": "nowhere", "localness_is": "local"},
        {"localness_system": "", "localness_is": "local"},
        {"localness_system": "\0", "localness_is": "local"},
    ],
)
def test_bad_input_is_told_and_kept_and_nothing_is_saved(client, curator, fault):
    client.force_login(curator)
    response = client.post(NEW, filled(kind="choir") | fault)
    assertContains(response, "field-errors")
    assertContains(response, "choir")
    assert not Organisation.objects.exists()


def test_localness_has_three_states_and_one_word_a_system(client, curator, valley):
    hill = ConflictSystemFactory(code="hill", name="Hill")
    ConflictSystemFactory(code="unsaid", name="Unsaid")
    client.force_login(curator)
    rows = {"localness_system": ["valley", "hill", ""], "localness_is": ["local", "not-local", ""]}
    client.post(NEW, filled(**rows))
    assert set(Localness.objects.values_list("conflict_system", "is_local")) == {(valley.pk, True), (hill.pk, False)}
    rows["localness_system"] = ["valley", "valley", ""]
    assertContains(client.post(NEW, filled("Other name", **rows)), "earlier row already")


# ---------------------------------------------------------------- editing, confirming, history


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("alice", 403), ("maria", 200), ("otto", 403), ("curator", 200), ("administrator", 200)],
)
def test_who_may_edit_bridge(client, request, bridge, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))
    for name in ("organisation-edit", "organisation-history"):
        assert client.get(reverse(f"initiatives:{name}", args=["bridge"])).status_code == status


def test_a_manager_edits_what_the_own_organisation_added_until_it_is_confirmed(client, maria, otto, unconfirmed):
    url = reverse("initiatives:organisation-edit", args=[unconfirmed.code])
    client.force_login(otto)
    assert client.get(url).status_code == 404
    client.force_login(maria)
    client.post(url, filled("Quiet Home", version=1))
    unconfirmed.refresh_from_db()
    assert (unconfirmed.name, unconfirmed.code, unconfirmed.confirmed) == ("Quiet Home", "quiet-a1", False)
    Organisation.objects.filter(pk=unconfirmed.pk).update(confirmed=True)
    assert client.get(url).status_code == 403


def test_editing_changes_localness_and_keeps_the_rest(client, curator, harbour, valley):
    hill = ConflictSystemFactory(code="hill")
    Localness.objects.create(organisation=harbour, conflict_system=valley, is_local=True)
    client.force_login(curator)
    url = reverse("initiatives:organisation-edit", args=["harbour"])
    assertContains(client.get(url), '<option value="valley" selected')
    client.post(url, filled("Harbour", localness_system="hill", localness_is="not-local", version=1))
    assert list(harbour.localness.values_list("conflict_system", "is_local")) == [(hill.pk, False)]


def test_a_stale_save_is_refused_and_nobodys_words_are_lost(client, curator, harbour):
    client.force_login(curator)
    url = reverse("initiatives:organisation-edit", args=["harbour"])
    client.post(url, filled("Harbour", kind="from the first tab", version=1))
    response = client.post(url, filled("Harbour", kind="from the second tab", version=1))
    assert response.status_code == 409
    assertContains(response, "from the first tab", status_code=409)
    assertContains(response, "from the second tab", status_code=409)
    harbour.refresh_from_db()
    assert harbour.kind == "from the first tab"
    assertContains(response, 'name="version" value="2"', status_code=409)
    client.post(url, filled("Harbour", kind="from the second tab", version=2))
    harbour.refresh_from_db()
    assert harbour.kind == "from the second tab"


def test_a_confirmed_name_is_taken_for_other_confirmed_ones(client, curator, harbour, bridge):
    client.force_login(curator)
    url = reverse("initiatives:organisation-edit", args=["harbour"])
    response = client.post(url, filled("BRIDGE", different="on", version=1))
    assertContains(response, "Another organisation of this name is confirmed")
    harbour.refresh_from_db()
    assert harbour.name == "Harbour"


@pytest.mark.parametrize(("who", "status"), [(None, 302), ("maria", 403), ("otto", 404), ("curator", 200)])
def test_confirming_is_for_curators_who_see_it(client, request, unconfirmed, alice, who, status):
    make_initiative(by=alice, sharing="network", organisations=[("partner", unconfirmed)])
    if who == "otto":
        alice.initiatives.update(sharing="organisation")
    if who:
        client.force_login(request.getfixturevalue(who))
    url = reverse("initiatives:organisation-confirm", args=[unconfirmed.code])
    assert client.get(url).status_code == status
    client.post(url, {"version": 1})
    unconfirmed.refresh_from_db()
    assert unconfirmed.confirmed is (who == "curator")


def test_only_a_post_confirms_and_a_taken_name_says_what_to_do(client, curator, alice, unconfirmed):
    make_initiative(by=alice, sharing="network", organisations=[("partner", unconfirmed)])
    OrganisationFactory(name="QUIET house")
    client.force_login(curator)
    url = reverse("initiatives:organisation-confirm", args=[unconfirmed.code])
    client.get(url)
    response = client.post(url, {"version": 1})
    assertContains(response, "give this one a name that tells them apart")
    unconfirmed.refresh_from_db()
    assert not unconfirmed.confirmed


def test_one_that_was_renamed_meanwhile_is_asked_about_again(client, curator, alice, unconfirmed):
    make_initiative(by=alice, sharing="network", organisations=[("partner", unconfirmed)])
    Organisation.objects.filter(pk=unconfirmed.pk).update(name="Loud House", version=2)
    client.force_login(curator)
    response = client.post(reverse("initiatives:organisation-confirm", args=[unconfirmed.code]), {"version": 1})
    assertContains(response, "Loud House", status_code=409)


def test_each_change_is_one_revision_that_names_its_author(client, curator, harbour):
    client.force_login(curator)
    url = reverse("initiatives:organisation-edit", args=["harbour"])
    client.post(url, filled("Harbour", kind="choir", version=1))
    client.post(url, filled("Harbour", kind="orchestra", version=2))
    assert Version.objects.get_for_object(harbour).count() == 2
    response = client.get(reverse("initiatives:organisation-history", args=["harbour"]))
    for words in ("by Cura", "choir", "orchestra"):
        assertContains(response, words)


def test_names_are_never_read_as_html(client, curator):
    client.force_login(curator)
    client.post(NEW, filled("<b>Bold</b>", aliases="<i>x</i>", kind="<u>y</u>"))
    made = Organisation.objects.get()
    for url in (
        LIST,
        made.get_absolute_url(),
        f"{made.get_absolute_url()}edit/",
        f"{made.get_absolute_url()}history/",
    ):
        body = client.get(url).content.decode()
        assert "<b>Bold" not in body
        assert "<i>x" not in body
        assert "<u>y" not in body


# ---------------------------------------------------------------- typed into a record that its editors may not open


@pytest.fixture
def typed(alice, bridge, valley, tracks):
    """An organisation that Alice typed into a record of hers, and which a public record names by now.
    Shape: (the hidden record, it)."""

    def log(title, sharing, host):
        content = Content(
            title=title,
            sharing=sharing,
            start=PartialDate.parse("1993"),
            engagements=[(valley, None, None)],
            participations=[("lead", bridge), ("host", host)],
            lead_track=tracks["business"],
        )
        return log_initiative(content, by=alice, owner=bridge, publish=True, agreed=True)

    hidden = log("Secret channel", "restricted", "Typed elders")
    Revision.objects.update(date_created=datetime(2025, 3, 4, 5, 6, tzinfo=UTC))
    elders = Organisation.objects.get(name="Typed elders")
    log("Open talks", "public", elders)
    return hidden, elders


@pytest.mark.parametrize("erased", [False, True])
def test_its_history_says_nothing_of_who_typed_it_when_and_for_what(client, curator, typed, erased):
    hidden, elders = typed
    if erased:
        erase_record(hidden)
    client.force_login(curator)
    client.post(
        reverse("initiatives:organisation-edit", args=[elders.code]), filled("Typed elders", kind="council", version=1)
    )
    response = client.get(reverse("initiatives:organisation-history", args=[elders.code]))
    assertContains(response, "by Cura")
    assertContains(response, "as it was typed in")
    for words in ("Alice", "2025", "Logged"):
        assertNotContains(response, words)

"""Two people at one record: who changed what is told apart, and what doesn't collide is put together."""

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from initiatives.actions import lifecycle
from initiatives.models import Grant, Initiative, LogEntry, Organisation, Reading
from initiatives.pages.past import past_initiative
from initiatives.views import editing, log
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative
from tests.initiatives.form_pages import COMPLETE, as_sent, edit_page, errors
from tests.initiatives.test_conflict_editing import filled as conflict
from tests.initiatives.test_organisations import filled as organisation
from tests.proving import sign_in_and_prove
from tests.taxonomy.test_curation import words_of

CHOSEN = "Save with what is chosen, and take over their other changes"


@pytest.fixture
def delta(db):
    return ConflictSystemFactory(code="delta", name="Delta")


@pytest.fixture
def draft(form, delta):
    """Alice's draft, with its history."""
    form("draft", title="First", summary="As it began", sources="One", conflicts=["valley"])
    return Initiative.objects.get()


@pytest.fixture
def two(client, draft):
    """two(theirs, mine): the answer to the second of two who opened the same form."""

    def send(theirs, mine, **also):
        page = edit_page(client, draft)
        assert client.post(page.request["PATH_INFO"], as_sent(page, action="draft", **theirs)).status_code == 302
        return client.post(page.request["PATH_INFO"], as_sent(page, action="draft", **mine) | also)

    return send


def again(client, refused, **said):
    """The form that came back, sent once more by one of the buttons of the three-way view."""
    merge = refused.context["merge"]
    base = {} if merge.started_from is None else {"base": merge.started_from}
    return client.post(refused.request["PATH_INFO"], as_sent(refused, **base) | said)


def names(sides):
    return [side.name for side in sides]


def test_what_each_side_changed_is_told_apart(two):
    refused = two(
        {"title": "Theirs", "summary": "They said more", "level": "top"},
        {"title": "Mine", "sources": "One\r\nTwo", "level": "top"},
    )
    assert refused.status_code == 409
    merge = refused.context["merge"]
    (title,) = merge.collisions
    assert (title.base, title.theirs, title.yours) == ("First", "Theirs", "Mine")
    assert names(merge.theirs_only) == ["summary"]
    assert names(merge.yours_only) == ["sources"]
    for text in ("As you found it", "Theirs", "Yours", "They said more", 'name="take-title"'):
        assertContains(refused, text, status_code=409)


def test_one_click_keeps_what_both_changed_where_nothing_collides(client, two, draft):
    refused = two({"summary": "They said more", "start": "1993-07"}, {"title": "Mine", "level": "top"})
    assert refused.context["merge"].collisions == ()
    assertContains(refused, "Take over their changes and keep mine", count=2, status_code=409)
    assert again(client, refused, merge="both").status_code == 302
    draft.refresh_from_db()
    said = (draft.title, draft.summary, draft.start.iso, draft.level, draft.version)
    assert said == ("Mine", "They said more", "1993-07", "top", 3)


def test_a_collision_is_decided_by_the_person(client, two, draft):
    refused = two({"title": "Theirs", "summary": "They said more"}, {"title": "Mine"})
    assertNotContains(refused, "Not saved yet", status_code=409)
    assertContains(refused, CHOSEN, count=2, status_code=409)
    asked = again(client, refused, merge="both")
    assertContains(asked, "Not saved yet: choose whose text stays", status_code=409)
    assert asked.context["form"]["summary"].value() == "They said more"
    assert asked.context["form"]["title"].value() == "Mine"
    assert names(asked.context["merge"].collisions) == ["title"]
    draft.refresh_from_db()
    assert draft.version == 2
    assert again(client, asked, merge="both", **{"take-title": "theirs"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ("Theirs", "They said more")


def test_ones_own_side_of_a_collision_can_be_chosen_at_once(client, two, draft):
    refused = two({"title": "Theirs", "summary": "They said more"}, {"title": "Mine"})
    assert again(client, refused, merge="both", **{"take-title": "yours"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ("Mine", "They said more")


def test_replacing_theirs_is_still_possible(client, two, draft):
    refused = two({"title": "Theirs", "summary": "They said more"}, {"title": "Mine"})
    assert again(client, refused, merge="mine").status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ("Mine", "As it began")


def test_lists_are_joined_by_what_was_added_and_taken_out(client, two, draft):
    for code in ("funder", "host"):
        OrganisationFactory(name=code.title(), code=code)
    lead = "Bridge (bridge)"
    refused = two(
        {"conflicts": ["valley", "delta"], "roles": ["lead", "funder"], "organisations": [lead, "funder"]},
        {"conflicts": [], "roles": ["lead", "host"], "organisations": [lead, "host"]},
    )
    assert names(refused.context["merge"].joined) == ["conflicts", "organisations"]
    assert again(client, refused, merge="both").status_code == 302
    assert [system.code for system in draft.conflict_systems.all()] == ["delta"]
    parts = {(part.role, part.organisation.code) for part in draft.participations.all()}
    assert parts == {("lead", "bridge"), ("funder", "funder"), ("host", "host")}


def test_rows_that_both_added_are_both_kept(client, two, draft):
    refused = two(
        {"locations": ["KE"], "places": ["Mombasa"]}, {"locations": ["UG", "TZ"], "places": ["Gulu", "Arusha"]}
    )
    (places,) = refused.context["merge"].joined
    assert (places.base, places.theirs, places.yours) == ("", "Kenya, Mombasa", "Tanzania, Arusha\nUganda, Gulu")
    assert again(client, refused, merge="both").status_code == 302
    assert {(row.country.code, row.place) for row in draft.locations.all()} == {
        ("KE", "Mombasa"),
        ("UG", "Gulu"),
        ("TZ", "Arusha"),
    }


def test_two_changes_of_one_row_collide(client, two, draft, olga):
    page = edit_page(client, draft)
    named = as_sent(page, action="draft", grant_people="olga@example.org", grant_access="read")
    assert client.post(page.request["PATH_INFO"], named).status_code == 302
    refused = two({"grant_access": "write"}, {"grant_people": "", "grant_access": ""})
    (sides,) = refused.context["merge"].collisions
    assert (sides.name, sides.base, sides.theirs, sides.yours) == (
        "grants",
        "olga@example.org, may read",
        "olga@example.org, may read and write",
        "",
    )
    assert again(client, refused, merge="both", **{"take-grants": "theirs"}).status_code == 302
    assert draft.grants.get().access == "write"


def test_a_third_save_in_between_is_noticed_too(client, two, draft):
    refused = two({"summary": "Second"}, {"title": "Mine"})
    page = edit_page(client, draft)
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", summary="Third"))
    assert again(client, refused, merge="both").status_code == 302, "put together with what is stored by then"
    draft.refresh_from_db()
    assert (draft.title, draft.summary, draft.version) == ("Mine", "Third", 4)


def test_without_a_history_of_that_version_both_texts_are_shown_and_it_is_said(client, alice, tracks, principles):
    client.force_login(alice)
    old = make_initiative("First", by=alice, publication="draft")
    page = edit_page(client, old)
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Theirs"))
    refused = client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Mine"))
    assertContains(refused, "is no longer known", status_code=409)
    assertNotContains(refused, "As you found it", status_code=409)
    assert again(client, refused, merge="both", **{"take-title": "theirs"}).status_code == 302
    old.refresh_from_db()
    assert old.title == "Theirs"


@pytest.mark.parametrize("base", ["", "0", "999999999999", "x", "-1", "١", "1\0"])
def test_a_base_that_is_no_version_is_as_if_it_were_unknown(client, two, base):
    refused = two({"title": "Theirs"}, {"title": "Mine"})
    response = client.post(refused.request["PATH_INFO"], as_sent(refused, merge="both", base=base))
    assert response.status_code == 409
    assert response.context["merge"].base_known is False


def test_a_form_without_its_version_is_refused_and_keeps_what_was_typed(client, draft):
    page = edit_page(client, draft)
    for version in ("", "x"):
        response = client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Mine", version=version))
        assert "open the form afresh" in errors(response)["version"][0]
        assertContains(response, "open the form afresh")
        assertContains(response, 'value="Mine"')
    draft.refresh_from_db()
    assert draft.title == "First"


# ---------------------------------------------------------------- what a person may not read


def test_the_version_that_one_started_from_is_not_told_from_before_it_was_shared(client, form, alice, maria, valley):
    form(
        "publish",
        title="Secret title",
        summary="The secret",
        conflicts=["valley"],
        start="2021",
        lead_track="business",
        sharing="restricted",
    )
    record = Initiative.objects.get()
    page = edit_page(client, record)
    opened = as_sent(page, action="publish", title="Open title", summary="", sharing="organisation")
    client.post(page.request["PATH_INFO"], opened)
    Initiative.objects.filter(pk=record.pk).update(sharing="organisation", title="Open title", summary="")
    client.force_login(maria)
    page = edit_page(client, record)
    assert page.status_code == 200
    forged = client.post(page.request["PATH_INFO"], as_sent(page, action="publish", title="Hers", version=1))
    assert forged.status_code == 409
    assert forged.context["merge"].base_known is False
    assertNotContains(forged, "secret", status_code=409)
    assertNotContains(forged, "Secret", status_code=409)
    forged = client.post(
        page.request["PATH_INFO"], as_sent(page, action="publish", title="Hers", merge="both", base=1)
    )
    assertNotContains(forged, "ecret", status_code=409)


def test_who_is_named_is_not_told_to_somebody_who_is_only_named(client, draft, alice, olga, otto):
    Grant.objects.create(initiative=draft, user=olga, access="write")
    mine = edit_page(client, draft)
    theirs = Client()
    theirs.force_login(olga)
    hers = edit_page(theirs, draft)
    named = {"grant_people": ["olga@example.org", "otto@example.org"], "grant_access": ["write", "read"]}
    sent = as_sent(mine, action="draft", title="Alice's", **named, grant_until=["", ""])
    assert client.post(mine.request["PATH_INFO"], sent).status_code == 302
    refused = theirs.post(hers.request["PATH_INFO"], as_sent(hers, action="draft", title="Olga's"))
    assertNotContains(refused, "otto@example.org", status_code=409)
    assert names(refused.context["merge"].collisions) == ["title"]
    assert again(theirs, refused, merge="both", **{"take-title": "yours"}).status_code == 302
    assert draft.grants.count() == 2


def test_an_organisation_that_one_no_longer_knows_of_is_left_out_of_the_past(client, draft, olga):
    Grant.objects.create(initiative=draft, user=olga, access="write")
    page = edit_page(client, draft)
    rows = {"roles": ["lead", "host"], "organisations": ["Bridge (bridge)", "Quiet House"]}
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", **rows))
    page = edit_page(client, draft)
    gone = {"roles": ["lead"], "organisations": ["Bridge (bridge)"]}
    client.post(page.request["PATH_INFO"], as_sent(page, action="draft", **gone))
    assert Organisation.objects.filter(name="Quiet House", confirmed=False).exists()
    client.force_login(olga)
    page = edit_page(client, draft)
    refused = client.post(page.request["PATH_INFO"], as_sent(page, action="draft", title="Hers", version=2))
    assert refused.context["merge"].base_known is True
    assertNotContains(refused, "Quiet House", status_code=409)
    named = {
        person: [part.organisation.name for part in past_initiative(draft, 2, user=person).participations.all()]
        for person in (draft.author, olga)
    }
    assert named == {draft.author: ["Bridge", "Quiet House"], olga: ["Bridge"]}


# ---------------------------------------------------------------- the same for what else is edited


def test_two_who_keep_the_diary(client, draft, alice, maria):
    Initiative.objects.filter(pk=draft.pk).update(
        publication="published", start_on="2021-01-01", start_precision="year"
    )
    entry = {"happened_on": "2024-05-01", "kind": "meeting", "text": "Met.", "sharing": "organisation"}
    client.post(reverse("initiatives:log-new", args=[draft.ref]), entry)
    stored = LogEntry.objects.get()
    address = reverse("initiatives:log-edit", args=[draft.ref, stored.ref])
    client.post(address, entry | {"kind": "outcome", "version": 1})
    client.force_login(maria)
    refused = client.post(address, entry | {"text": "Met and agreed.", "version": 1})
    assert names(refused.context["merge"].theirs_only) == ["kind"]
    sent = entry | {"text": "Met and agreed.", "version": 2, "base": 1, "merge": "both"}
    assert client.post(address, sent).status_code == 302
    stored.refresh_from_db()
    assert (stored.kind, stored.text, stored.version) == ("outcome", "Met and agreed.", 3)


def test_what_an_entry_said_while_it_was_narrower_is_its_authors_alone(client, draft, alice, maria):
    Initiative.objects.filter(pk=draft.pk).update(
        publication="published", start_on="2021-01-01", start_precision="year"
    )
    entry = {"happened_on": "2024-05-01", "kind": "meeting", "text": "A name.", "sharing": "restricted"}
    client.post(reverse("initiatives:log-new", args=[draft.ref]), entry)
    stored = LogEntry.objects.get()
    address = reverse("initiatives:log-edit", args=[draft.ref, stored.ref])
    sign_in_and_prove(client, alice)
    client.post(address, entry | {"text": "No name.", "sharing": "organisation", "version": 1})
    sign_in_and_prove(client, maria)
    refused = client.post(address, entry | {"text": "Hers.", "sharing": "organisation", "version": 1})
    assert refused.context["merge"].base_known is False
    assertNotContains(refused, "A name.", status_code=409)


def test_two_who_keep_a_conflict_system(client, maria, valley):
    client.force_login(maria)
    address = reverse("initiatives:conflict-edit", args=["valley"])
    client.post(address, conflict("Valley", aliases="Dale", phase_kind=["latent"], phase_start=["1990"], version=1))
    start = {"aliases": "Dale", "phase_kind": ["latent"], "phase_start": ["1990"], "version": 2}
    client.post(address, conflict("Valley", **(start | {"countries": ["KE"]})))
    mine = start | {"phase_kind": ["latent", "escalation"], "phase_start": ["1990", "1993"]}
    refused = client.post(address, conflict("Valley", **mine))
    merge = refused.context["outcome"].merge
    assert (names(merge.theirs_only), names(merge.yours_only), merge.collisions) == (["countries"], ["phases"], ())
    assert client.post(address, conflict("Valley", **mine, merge="both", base=2)).status_code == 302
    valley.refresh_from_db()
    assert ([country.code for country in valley.countries], valley.phases.count()) == (["KE"], 2)


def test_two_who_keep_an_organisation(client, curator, harbour, valley):
    client.force_login(curator)
    address = reverse("initiatives:organisation-edit", args=["harbour"])
    local = {"localness_system": "valley", "localness_is": "local"}
    client.post(address, organisation("Harbour", **local, version=1))
    client.post(address, organisation("Harbour", **local, kind="NGO", version=2))
    refused = client.post(address, organisation("Harbour", **local, acronym="HD", version=2))
    merge = refused.context["outcome"].merge
    assert (names(merge.theirs_only), names(merge.yours_only), merge.collisions) == (["kind"], ["acronym"], ())
    sent = organisation("Harbour", **local, acronym="HD", version=3, base=2, merge="both")
    assert client.post(address, sent).status_code == 302
    harbour.refresh_from_db()
    assert (harbour.kind, harbour.acronym, harbour.localness.count()) == ("NGO", "HD", 1)


def test_where_texts_collide_both_buttons_of_such_a_page_say_that_the_chosen_one_stays(
    client, curator, harbour, valley
):
    client.force_login(curator)
    for name, record, sent in (("organisation", harbour, organisation), ("conflict", valley, conflict)):
        address = reverse(f"initiatives:{name}-edit", args=[record.code])
        client.post(address, sent("Theirs", version=1))
        assertContains(client.post(address, sent("Mine", version=1)), CHOSEN, count=2, status_code=409)


def test_two_who_keep_a_term(client, curator, tracks):
    client.force_login(curator)
    address = reverse("taxonomy:term-edit", args=["tracks", "media"])
    client.post(address, words_of(tracks["media"], scope="Reporting"))
    tracks["media"].refresh_from_db()
    opened = words_of(tracks["media"])
    client.post(address, opened | {"scope": "Reporting, and more"})
    refused = client.post(address, opened | {"synonyms": "Press"})
    merge = refused.context["merge"]
    assert (names(merge.theirs_only), names(merge.yours_only), merge.collisions) == (["scope"], ["synonyms"], ())
    client.post(address, opened | {"synonyms": "Press", "version": 3, "base": 2, "merge": "both"})
    tracks["media"].refresh_from_db()
    assert (tracks["media"].scope, tracks["media"].synonyms) == ("Reporting, and more", ["Press"])


# ---------------------------------------------------------------- the quicker one closed it to the other


@pytest.fixture
def closed_meanwhile(alice, colin, monkeypatch):
    """closed_meanwhile(module, name, …): before that action, Alice takes Colin off and writes anew."""

    def prepare(module, name, publication):
        record = make_initiative("Talks", by=alice, sharing="restricted", publication=publication)
        Grant.objects.create(initiative=record, user=colin, access="write")
        act = getattr(module, name)

        def after_alice(*args, **kwargs):
            record.grants.all().delete()
            Initiative.objects.filter(pk=record.pk).update(summary="For herself alone", version=F("version") + 1)
            return act(*args, **kwargs)

        monkeypatch.setattr(module, name, after_alice)
        return record

    return prepare


def test_who_was_taken_off_meanwhile_is_shown_nothing_that_was_saved(client, closed_meanwhile, colin):
    record = closed_meanwhile(editing, "edit_initiative", "draft")
    client.force_login(colin)
    page = edit_page(client, record)
    response = client.post(page.request["PATH_INFO"], as_sent(page, title="Mine", action="draft"))
    assert response.status_code == 404
    assertNotContains(response, "For herself alone", status_code=404)


def test_nor_by_a_mark(client, closed_meanwhile, colin):
    record = closed_meanwhile(lifecycle, "change", "published")
    client.force_login(colin)
    sent = {"day": "2024", "version": record.version}
    response = client.post(reverse("initiatives:mark", args=[record.ref, "end"]), sent)
    assert response.status_code == 404
    assertNotContains(response, "For herself alone", status_code=404)


def test_nor_of_an_entry_of_the_diary(client, closed_meanwhile, alice, colin):
    record = closed_meanwhile(log, "edit_entry", "published")
    entry = LogEntry.objects.create(
        initiative=record, author=colin, happened_on="2024-05-01", kind="meeting", text="Met.", sharing="restricted"
    )
    client.force_login(colin)
    sent = {"happened_on": "2024-05-02", "kind": "meeting", "text": "Mine.", "sharing": "restricted", "version": 0}
    response = client.post(reverse("initiatives:log-edit", args=[record.ref, entry.ref]), sent)
    assert response.status_code == 404
    assertNotContains(response, "Met.", status_code=404)


def test_what_somebody_is_shown_of_a_quicker_save_is_written_down(client, alice, colin):
    record = make_initiative("Talks", by=alice, sharing="restricted", publication="withdrawn")
    Grant.objects.create(initiative=record, user=colin, access="write")
    client.force_login(colin)
    page = edit_page(client, record)
    Initiative.objects.filter(pk=record.pk).update(summary="By Alice", version=F("version") + 1)
    before = Reading.objects.count()
    response = client.post(page.request["PATH_INFO"], as_sent(page, title="Mine", action="save"))
    assertContains(response, "By Alice", status_code=409)
    assert Reading.objects.count() == before + 1


def test_so_is_what_they_are_shown_where_both_are_put_together_and_that_is_refused(client, form, maria):
    form("publish", **COMPLETE)
    record = Initiative.objects.get()
    page, theirs = edit_page(client, record), {"summary": "By Alice", "action": "publish"}
    assert client.post(page.request["PATH_INFO"], as_sent(page, **theirs)).status_code == 302
    client.force_login(maria)
    before = Reading.objects.filter(reader=maria).count()
    mine = {"title": "x" * 300, "merge": "both", "base": record.version}
    response = client.post(page.request["PATH_INFO"], as_sent(page, **mine))
    assert "title" in errors(response)
    assertContains(response, "By Alice")
    assert Reading.objects.filter(reader=maria).count() == before + 1

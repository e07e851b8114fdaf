"""Conflict systems are kept in order by managers and curators, with the same care as initiatives."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from reversion.models import Version

from initiatives.dates import today
from initiatives.models import ConflictSystem
from tests.factories import ConflictSystemFactory

NEW = "/conflicts/new/"
EDIT = "/conflicts/valley/edit/"


def filled(name="Upper River", **more):
    return {"name": name, "aliases": "", "boundary": "", "parent": ""} | more


@pytest.fixture
def managing(client, maria):
    client.force_login(maria)
    return client


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("alice", 403), ("maria", 200), ("otto", 200), ("curator", 200), ("administrator", 200)],
)
def test_who_may_add_and_edit(client, request, valley, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))
    for url in (NEW, EDIT, "/conflicts/valley/history/"):
        assert client.get(url).status_code == status
    client.post(EDIT, filled("Changed", version=1))
    valley.refresh_from_db()
    assert valley.name == ("Changed" if status == 200 else "Valley")


def test_one_that_is_not_there_is_not_found(managing):
    assert managing.get("/conflicts/nowhere/edit/").status_code == 404


def test_everything_typed_is_kept(managing, maria, valley):
    hill = ConflictSystemFactory(code="hill")
    managing.post(
        NEW,
        filled(
            aliases="River War\nLiberation of the River",
            boundary="From the spring to the ford.",
            parent="valley",
            related="hill",
            countries=["KE", "", "NO"],
            phase_kind=["latent", "escalation", ""],
            phase_start=["1990", "1993-07", ""],
            external_scheme=["ucdp-conflict"],
            external_identifier=["234"],
            external_release=["23.1"],
        ),
    )
    made = ConflictSystem.objects.get(code="upper-river")
    assert made.aliases == ["River War", "Liberation of the River"]
    assert (made.boundary, made.boundary_by, made.boundary_on) == ("From the spring to the ford.", maria, today())
    assert (made.parent, list(made.related.all()), list(hill.related.all())) == (valley, [hill], [made])
    assert [country.code for country in made.countries] == ["KE", "NO"]
    assert [(phase.kind, phase.start.iso) for phase in made.phases.all()] == [
        ("latent", "1990"),
        ("escalation", "1993-07"),
    ]
    assert list(made.external_ids.values_list("scheme", "identifier", "release")) == [("ucdp-conflict", "234", "23.1")]


def test_the_edit_page_holds_what_is_stored_and_sending_it_back_changes_nothing(managing, valley):
    managing.post(
        EDIT,
        filled("Valley", countries=["KE"], phase_kind=["stalemate"], phase_start=["1994-02"], version=1),
    )
    page = managing.get(EDIT)
    for words in ('<option value="KE" selected', '<option value="stalemate" selected', 'value="1994-02"'):
        assertContains(page, words)
    rows = list(valley.phases.values_list("pk", flat=True))
    managing.post(
        EDIT,
        filled("Valley", countries=["KE"], phase_kind=["stalemate"], phase_start=["1994-02"], version=2),
    )
    assert list(valley.phases.values_list("pk", flat=True)) == rows


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("River", "valley", "The code “valley” belongs to"),
        ("Compare", "", "kept for an address of the site"),
        ("وادي", "", "No code can be made from this name"),
        ("River", "a--b", "Use small letters"),
    ],
)
def test_a_code_that_can_not_be_is_refused_with_the_remedy(managing, valley, name, typed, message):
    assertContains(managing.post(NEW, filled(name, code=typed)), message)
    assert ConflictSystem.objects.count() == 1


def test_a_code_made_from_a_name_has_single_hyphens(managing):
    managing.post(NEW, filled("Upper_ - river_"))
    assert ConflictSystem.objects.get().code == "upper-river"


def test_the_code_may_be_typed_and_never_changes(managing, valley):
    assertRedirects(managing.post(NEW, filled(code="river")), "/conflicts/river/", fetch_redirect_response=False)
    assertNotContains(managing.get(EDIT), 'name="code"')
    managing.post(EDIT, filled("Valley", code="other", version=1))
    assert ConflictSystem.objects.filter(code="valley").exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"name": ""},
        {"name": "VALLEY"},
        {"name": "a\0b"},
        {"name": "水"},
        {"name": "New"},
        {"code": "compare"},
        {"code": "valley"},
        {"code": "Not A Code"},
        {"parent": "nowhere"},
        {"parent": "\0"},
        {"related": "nowhere"},
        {"countries": ["XX"]},
        {"countries": ["KE", "KE"]},
        {"phase_kind": ["latent"], "phase_start": [""]},
        {"phase_kind": [""], "phase_start": ["1990"]},
        {"phase_kind": ["latent"], "phase_start": ["soon"]},
        {"phase_kind": ["latent", "escalation"], "phase_start": ["1990", "1990-01-01"]},
        {"external_scheme": ["ucdp"], "external_identifier": [""]},
        {"external_scheme": ["ucdp", "ucdp"], "external_identifier": ["1", "1"]},
        {"aliases": "x" * 501},
    ],
)
def test_bad_input_is_told_and_kept_and_nothing_is_saved(managing, valley, fault):
    response = managing.post(NEW, filled(boundary="Kept as typed.") | fault)
    assert response.status_code == 200
    assertContains(response, "field-errors")
    assertContains(response, "Kept as typed.")
    assert ConflictSystem.objects.get() == valley


def test_a_similar_name_or_alias_is_pointed_out_and_may_be_a_different_one(managing):
    ConflictSystemFactory(code="river", name="Great River", aliases=["Upper Rivers"])
    response = managing.post(NEW, filled())
    assertContains(response, 'href="/conflicts/river/"')
    assertContains(response, "It is a different one")
    assert ConflictSystem.objects.count() == 1
    managing.post(NEW, filled(different="on"))
    assert ConflictSystem.objects.count() == 2


def test_an_edit_that_leaves_the_names_alone_asks_nothing(managing, valley):
    ConflictSystemFactory(name="Valleys")
    managing.post(EDIT, filled("Valley", boundary="All of it.", version=1))
    valley.refresh_from_db()
    assert valley.boundary == "All of it."


def test_the_boundary_is_signed_only_when_its_text_changes(client, valley, maria, otto):
    client.force_login(maria)
    client.post(EDIT, filled("Valley", boundary="Line one.\r\nLine two.", version=1))
    client.force_login(otto)
    client.post(EDIT, filled("Valley", boundary="Line one.\r\nLine two.", aliases="Dale", version=2))
    valley.refresh_from_db()
    assert (valley.aliases, valley.boundary_by) == (["Dale"], maria)
    client.post(EDIT, filled("Valley", boundary="Otherwise.", version=3))
    valley.refresh_from_db()
    assert valley.boundary_by == otto


def test_who_signed_the_boundary_is_told_to_members_and_the_day_to_everyone(client, valley, maria, olga):
    ConflictSystem.objects.update(boundary="To the ford.", boundary_by=maria, boundary_on=date(2026, 5, 4))
    for user, told in ((None, "as stated on 4 May 2026"), (olga, "as stated by Maria on 4 May 2026")):
        if user:
            client.force_login(user)
        assertContains(client.get(valley.get_absolute_url()), told)


@pytest.mark.parametrize("parent", ["valley", "child", "grandchild"])
def test_nothing_is_a_part_of_itself(managing, valley, parent):
    child = ConflictSystemFactory(code="child", parent=valley)
    ConflictSystemFactory(code="grandchild", parent=child)
    response = managing.post(EDIT, filled("Valley", parent=parent, version=1))
    assertContains(response, "field-errors")
    valley.refresh_from_db()
    assert valley.parent is None


def test_a_stale_save_is_refused_and_nobodys_words_are_lost(managing, valley):
    managing.post(EDIT, filled("Valley", boundary="From the first tab.", countries=["KE"], version=1))
    response = managing.post(EDIT, filled("Valley", boundary="From the second tab.", version=1))
    for words in ("From the first tab.", "From the second tab.", 'name="version" value="2"'):
        assertContains(response, words, status_code=409)
    valley.refresh_from_db()
    assert valley.boundary == "From the first tab."
    managing.post(EDIT, filled("Valley", boundary="From the second tab.", version=2))
    valley.refresh_from_db()
    assert (valley.boundary, list(valley.countries)) == ("From the second tab.", [])


def test_the_past_tells_who_changed_what_rows_included(managing, valley):
    managing.post(
        EDIT, filled("Valley", boundary="First text.", phase_kind=["latent"], phase_start=["1990"], version=1)
    )
    managing.post(
        EDIT, filled("Valley", boundary="Second text.", phase_kind=["escalation"], phase_start=["1993"], version=2)
    )
    assert Version.objects.get_for_object(valley).count() == 2
    response = managing.get(reverse("initiatives:conflict-history", args=["valley"]))
    for words in ("by Maria", "First text.", "Second text.", "Latent from 1990", "Escalation from 1993"):
        assertContains(response, words)


def test_the_past_tells_phases_in_order_of_time(managing, valley):
    managing.post(EDIT, filled("Valley", version=1))
    phases = {"phase_kind": ["escalation", "latent", "de-escalation"], "phase_start": ["1993", "1990", "1999"]}
    managing.post(EDIT, filled("Valley", **phases, version=2))
    (change,) = managing.get(reverse("initiatives:conflict-history", args=["valley"])).context["revisions"][0].changes
    assert change.new == "Latent from 1990\nEscalation from 1993\nDe-escalation from 1999"


def test_names_are_never_read_as_html(managing):
    managing.post(NEW, filled("<b>Bold</b>", code="bold", aliases="<i>x</i>", boundary="<u>y</u>"))
    managing.post("/conflicts/bold/edit/", filled("<b>Bolder</b>", boundary="<u>z</u>", version=1))
    for url in ("/conflicts/bold/edit/", "/conflicts/bold/history/"):
        body = managing.get(url).content.decode()
        for tag in ("<b>", "<i>", "<u>"):
            assert tag not in body

"""Curators keep the words in order, and never take away what others recorded."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from mtd_tracker.history import StaleSave, revisions
from taxonomy.actions import add_term, edit_term, order_terms, restore_term, retire_term
from taxonomy.models import ActivityType, Principle, Track
from tests.factories import make_initiative

PAGES = [
    "/taxonomy/tracks/new/",
    "/taxonomy/principles/order/",
    "/taxonomy/tracks/media/edit/",
    "/taxonomy/tracks/media/retire/",
    "/taxonomy/tracks/media/restore/",
    "/taxonomy/tracks/media/history/",
]
HOSTILE = "<script>alert('x')</script> & “more”"


@pytest.fixture
def as_curator(client, curator):
    client.force_login(curator)
    return client


def words_of(track, **changed):
    """What the edit form sends for a track."""
    typed = {
        "name": track.name,
        "peacemaking_through": track.peacemaking_through,
        "scope": track.scope,
        "actors": "\n".join(track.actors),
        "synonyms": "\n".join(track.synonyms),
        "version": track.version,
    }
    return typed | changed


def order_of(model):
    return list(model.objects.values_list("code", flat=True))


def places(model, **moved):
    """What the order form sends: every term where it is, but for those moved. Codes with _ for -."""
    codes = order_of(model)
    sent = {f"place-{code}": place for place, code in enumerate(codes, start=1)}
    return (
        sent | {f"place-{code.replace('_', '-')}": place for code, place in moved.items()} | {"seen": " ".join(codes)}
    )


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("path", PAGES)
def test_curation_is_for_curators_and_administrators(
    client, tracks, principles, alice, maria, curator, administrator, path
):
    assertRedirects(client.get(path), f"{reverse('account_login')}?next={path}")
    for person, status in ((alice, 403), (maria, 403), (curator, 200), (administrator, 200)):
        client.force_login(person)
        assert client.get(path).status_code == status


def test_a_term_added_twice_in_the_same_moment_is_there_once(as_curator, tracks, curator, monkeypatch):
    def overtaken(term, *, by):
        Track.objects.create(code=term.code, name=term.name)
        return add_term(term, by=by)

    monkeypatch.setattr("taxonomy.views.curation.add_term", overtaken)
    response = as_curator.post("/taxonomy/tracks/new/", {"name": "Sport"})
    assertContains(response, "in the same moment")
    assert Track.objects.filter(name="Sport").count() == 1


def test_others_change_nothing(client, tracks, maria):
    client.force_login(maria)
    for path, sent in (
        ("new/", {"name": "Sport"}),
        ("order/", places(Track, media=1)),
        ("media/edit/", words_of(tracks["media"], name="Press")),
        ("media/retire/", {"version": 1}),
    ):
        assert client.post(f"/taxonomy/tracks/{path}", sent).status_code == 403
    assert order_of(Track)[0] == "government"
    assert Track.objects.get(code="media").name == "Media"
    assert Track.objects.in_use().count() == 9


# ---------------------------------------------------------------- editing


def test_a_curator_edits_every_word_and_history_keeps_the_old_ones(as_curator, curator, tracks):
    sent = words_of(tracks["media"], name="Press", scope="Newspapers.", actors="editors\n\nprinters", code="press")
    assertRedirects(as_curator.post("/taxonomy/tracks/media/edit/", sent), "/taxonomy/tracks/media/")
    media = Track.objects.get(pk=tracks["media"].pk)
    assert (media.code, media.name, media.actors, media.version) == ("media", "Press", ["editors", "printers"], 2)
    as_curator.post("/taxonomy/tracks/media/edit/", words_of(media, name="Broadcasting"))
    latest, first = revisions(media)
    assert [(change.label, change.old, change.new) for change in latest.changes] == [("Name", "Press", "Broadcasting")]
    assert (latest.who, latest.note, first.changes) == (curator, "Edited", ())
    page = as_curator.get("/taxonomy/tracks/media/history/")
    assertContains(page, "<del>Press</del>")
    assertContains(page, "<ins>Broadcasting</ins>")
    assertContains(page, "Cura")


def test_a_stale_save_is_refused_and_shows_both_texts(as_curator, curator, tracks):
    opened = words_of(tracks["media"], name="Mine")
    edit_term(tracks["media"], {"name": "Theirs"}, by=curator)
    refused = as_curator.post("/taxonomy/tracks/media/edit/", opened)
    assertContains(refused, "It was saved elsewhere", status_code=409)
    sides = refused.context["merge"].collisions[0]
    assert (sides.label, sides.theirs, sides.yours) == ("Name", "Theirs", "Mine")
    assertContains(refused, '<input type="hidden" name="version" value="2"', status_code=409)
    assert Track.objects.get(code="media").name == "Theirs"
    again = as_curator.post("/taxonomy/tracks/media/edit/", opened | {"version": 2})
    assertRedirects(again, "/taxonomy/tracks/media/")
    assert Track.objects.get(code="media").name == "Mine"


def test_each_kind_has_its_own_words(as_curator, tracks, principles, activities):
    as_curator.post("/taxonomy/principles/trust/edit/", {"name": "Trust", "prompts": "Who?\nWhen?", "version": 1})
    as_curator.post(
        "/taxonomy/activities/training/edit/", {"name": "Training", "description": "Skills.", "version": 1}
    )
    assert Principle.objects.get(code="trust").prompts == ["Who?", "When?"]
    assert ActivityType.objects.get(code="training").description == "Skills."


@pytest.mark.parametrize("field", ["name", "scope", "actors", "synonyms"])
def test_a_null_character_is_an_error_beside_the_field(as_curator, tracks, field):
    response = as_curator.post("/taxonomy/tracks/media/edit/", words_of(tracks["media"], **{field: "a\x00b"}))
    assertContains(response, "Null characters are not allowed.")


def test_hostile_words_come_back_escaped_everywhere(as_curator, tracks):
    media = tracks["media"]
    sent = words_of(media, name=HOSTILE, scope=HOSTILE, actors=HOSTILE, synonyms=HOSTILE + " 2")
    assert as_curator.post("/taxonomy/tracks/media/edit/", sent).status_code == 302
    for page in ("edit/", "history/", "retire/", ""):
        assertNotContains(as_curator.get(f"/taxonomy/tracks/media/{page}"), "<script>alert")
    clash = as_curator.post("/taxonomy/tracks/new/", {"name": HOSTILE, "code": "hostile"})
    assertContains(clash, "stands for")
    assertNotContains(clash, "<script>alert")


# ---------------------------------------------------------------- adding


def test_a_new_term_gets_a_code_from_its_name_and_the_last_place(as_curator, curator, tracks):
    response = as_curator.post("/taxonomy/tracks/new/", {"name": "Sport & Games", "scope": "Play."})
    assertRedirects(response, "/taxonomy/tracks/sport-games/")
    assert order_of(Track)[-1] == "sport-games"
    assert [(past.note, past.who) for past in revisions(Track.objects.get(code="sport-games"))] == [("Added", curator)]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "Sport", "code": "Sport"}, "Use small letters"),
        ({"name": "Sport", "code": "a/b"}, "Use small letters"),
        ({"name": "Sport", "code": "media"}, "The code “media” belongs to"),
        ({"name": "رياضة"}, "No code can be made from this name"),
        ({"name": "New"}, "kept for an address of the site"),
        ({"name": "Order", "code": "order"}, "kept for an address of the site"),
        ({"name": "MEDIA", "code": "press"}, "“MEDIA” stands for"),
        ({"name": "Press", "synonyms": "papers\nMeDia"}, "“MeDia” stands for"),
        ({"name": "wireless"}, "“wireless” stands for"),
        ({"name": "x" * 121}, "at most 120 characters"),
    ],
)
def test_a_new_term_that_can_not_be_is_refused_with_the_remedy(as_curator, tracks, sent, message):
    Track.objects.filter(code="media").update(synonyms=["Wireless"])
    assertContains(as_curator.post("/taxonomy/tracks/new/", sent), message)
    assert Track.objects.count() == 9


def test_a_duplicate_leads_to_the_term_that_is_there(as_curator, tracks):
    page = as_curator.post("/taxonomy/tracks/new/", {"name": "religion", "code": "faith"})
    assertContains(page, '<a href="/taxonomy/tracks/religion/">Religion</a>')
    retire_term(tracks["religion"], by=None)
    page = as_curator.post("/taxonomy/tracks/new/", {"name": "religion", "code": "faith"})
    assertContains(page, "Bring that one back into use instead.")


def test_the_same_word_may_stand_in_another_kind(as_curator, tracks, principles):
    assert as_curator.post("/taxonomy/activities/new/", {"name": "Trust"}).status_code == 302


def test_a_replacement_may_take_over_the_words_of_what_it_replaces(as_curator, curator, tracks):
    retire_term(tracks["media"], by=curator, replaced_by=tracks["activism"])
    response = as_curator.post("/taxonomy/tracks/activism/edit/", words_of(tracks["activism"], synonyms="media"))
    assertRedirects(response, "/taxonomy/tracks/activism/")


def test_the_first_release_repeats_no_word(as_curator, first_release):
    for track in Track.objects.all():
        assert as_curator.post(f"/taxonomy/tracks/{track.code}/edit/", words_of(track)).status_code == 302


# ---------------------------------------------------------------- order


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ({"mediation": 1}, ["mediation", "training", "camp", "fund"]),
        ({"training": 4}, ["mediation", "camp", "fund", "training"]),
        ({"fund": 2}, ["training", "fund", "mediation", "camp"]),
        ({"training": 3, "fund": 1}, ["fund", "mediation", "camp", "training"]),
        ({"camp": ""}, ["training", "mediation", "camp", "fund"]),
    ],
)
def test_what_is_moved_gets_the_place_typed_and_the_others_make_room(as_curator, activities, moved, expected):
    for code in ("camp", "fund"):
        add_term(ActivityType(code=code, name=code), by=None)
    assert as_curator.post("/taxonomy/activities/order/", places(ActivityType, **moved)).status_code == 302
    assert order_of(ActivityType) == expected


def test_an_order_is_one_revision_for_all_that_moved(as_curator, curator, tracks):
    as_curator.post("/taxonomy/tracks/order/", places(Track, conflict_resolution=1))
    assert order_of(Track)[:3] == ["conflict-resolution", "government", "business"]
    first, second = (revisions(tracks[code]) for code in ("government", "conflict-resolution"))
    assert first[0].note == "Moved"
    assert first[0].when == second[0].when
    assert revisions(tracks["business"]) == []


def test_a_stale_order_is_refused(as_curator, curator, tracks):
    sent = places(Track, media=1)
    order_terms(Track, order_of(Track)[::-1], by=curator, seen=order_of(Track))
    refused = as_curator.post("/taxonomy/tracks/order/", sent)
    assertContains(refused, "It was saved elsewhere", status_code=409)
    assert order_of(Track)[-1] == "government"
    assertContains(refused, 'name="seen" value="media funding', status_code=409)


def test_a_term_added_meanwhile_makes_an_order_stale(as_curator, curator, tracks):
    sent = places(Track, media=1)
    add_term(Track(code="sport", name="Sport"), by=curator)
    assert as_curator.post("/taxonomy/tracks/order/", sent).status_code == 409


@pytest.mark.parametrize("place", ["0", "10", "-1", "x", "1\x00"])
def test_a_place_that_is_none_is_refused(as_curator, tracks, place):
    response = as_curator.post("/taxonomy/tracks/order/", places(Track, media=place))
    assertContains(response, "field-errors")
    assert order_of(Track)[-1] == "media"


# ---------------------------------------------------------------- retiring


def test_retiring_asks_first_and_leaves_every_tag(as_curator, tracks):
    initiative = make_initiative(tracks=[tracks["media"]])
    assertContains(as_curator.get("/taxonomy/tracks/media/retire/"), "Nothing that was recorded is lost")
    assert not Track.objects.get(code="media").is_retired
    response = as_curator.post("/taxonomy/tracks/media/retire/", {"replaced_by": "activism", "version": 1})
    assertRedirects(response, "/taxonomy/tracks/media/")
    media = Track.objects.get(code="media")
    assert (media.is_retired, media.replaced_by) == (True, tracks["activism"])
    assert [tag.track for tag in initiative.track_tags.all()] == [media]


def test_before_retiring_it_says_how_many_records_that_one_may_open_carry_it(
    as_curator, curator, alice, tracks, principles, activities
):
    media, trust, training = tracks["media"], principles["trust"], activities["training"]
    seen = make_initiative("Seen", sharing="network", tracks=[tracks["business"], media], ratings=[(trust, 2, "")])
    seen.principle_ratings.create(principle=trust, rating=1, rated_on="2020-01-01")
    make_initiative("Seen too", sharing="public", tracks=[media])
    hidden = make_initiative("Hidden", by=alice, sharing="organisation", tracks=[media], ratings=[(trust, 2, "")])
    for initiative in (seen, hidden):
        initiative.activities.add(training)
    for term, told in (
        (media, "2 carry it; there may be others."),
        (trust, "1 carries it; there may be others."),
        (training, "1 carries it; there may be others."),
        (tracks["religion"], "none carry it; there may be others."),
    ):
        assertContains(as_curator.get(f"{term.get_absolute_url()}retire/"), f"Of those that you may open, {told}")


def test_a_retired_term_comes_back_and_counts_under_itself(as_curator, curator, tracks):
    media = retire_term(tracks["media"], by=curator, replaced_by=tracks["activism"])
    assertContains(as_curator.get("/taxonomy/tracks/media/restore/"), "no longer under “Activism”")
    response = as_curator.post("/taxonomy/tracks/media/restore/", {"version": media.version})
    assertRedirects(response, "/taxonomy/tracks/media/")
    assert Track.objects.counted_under()[media.pk] == Track.objects.in_use().get(code="media")
    latest = revisions(media)[0]
    assert [(change.label, change.old, change.new) for change in latest.changes] == [
        ("Status", "Retired", "In use"),
        ("Replaced by", "Activism", ""),
    ]


@pytest.mark.parametrize("replacement", ["media", "religion", "no-such", "media\x00"])
def test_a_replacement_is_another_term_in_use(as_curator, curator, tracks, replacement):
    retire_term(tracks["religion"], by=curator)
    response = as_curator.post("/taxonomy/tracks/media/retire/", {"replaced_by": replacement, "version": 1})
    assertContains(response, "field-errors")
    assert not Track.objects.get(code="media").is_retired


def test_no_chain_of_replacements_comes_round(curator, tracks):
    media, funding, religion = (tracks[code] for code in ("media", "funding", "religion"))
    with pytest.raises(ValidationError):
        retire_term(media, by=curator, replaced_by=media)
    retire_term(media, by=curator, replaced_by=funding)
    retire_term(funding, by=curator, replaced_by=religion)
    with pytest.raises(ValidationError):
        retire_term(religion, by=curator, replaced_by=media)
    restore_term(media, by=curator)
    retire_term(religion, by=curator, replaced_by=media)
    assert {Track.objects.counted_under()[term.pk].code for term in (funding, religion)} == {"media"}


def test_what_is_retired_is_not_retired_again_nor_what_is_in_use_restored(curator, tracks):
    with pytest.raises(ValidationError):
        restore_term(tracks["media"], by=curator)
    retire_term(tracks["media"], by=curator)
    with pytest.raises(ValidationError):
        retire_term(tracks["media"], by=curator, replaced_by=tracks["funding"])


def test_retiring_what_somebody_just_edited_is_refused(as_curator, curator, tracks):
    edit_term(tracks["media"], {"name": "Press"}, by=curator)
    refused = as_curator.post("/taxonomy/tracks/media/retire/", {"version": 1})
    assertContains(refused, "It was saved elsewhere", status_code=409)
    assert not Track.objects.get(code="media").is_retired
    with pytest.raises(StaleSave):
        retire_term(tracks["media"], by=curator, version=1)


def test_nothing_on_the_site_deletes_a_term(as_curator, tracks):
    assert as_curator.post("/taxonomy/tracks/media/", {"action": "delete"}).status_code == 405
    assert as_curator.post("/taxonomy/tracks/media/delete/").status_code == 404
    assert Track.objects.count() == 9


# ---------------------------------------------------------------- history


def test_the_history_costs_the_same_however_long_it_is(as_curator, curator, tracks, django_assert_max_num_queries):
    page = "/taxonomy/tracks/media/history/"
    for replacement in ("funding", "religion"):
        retire_term(tracks["media"], by=curator, replaced_by=tracks[replacement])
        restore_term(tracks["media"], by=curator)
    with django_assert_max_num_queries(20) as few:
        as_curator.get(page)
    for number in range(8):
        edit_term(tracks["media"], {"name": f"Media {number}"}, by=curator)
    with django_assert_max_num_queries(len(few)):
        assert len(as_curator.get(page).context["revisions"]) == 12

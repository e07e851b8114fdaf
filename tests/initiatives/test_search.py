"""What words find, and what they must not tell. The same on both databases."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from initiatives import search as searching
from initiatives.actions.conflicts import edit_conflict
from initiatives.actions.organisations import edit_organisation
from initiatives.derived import batches, faults
from initiatives.folding import folded
from initiatives.models import Initiative, Location, Participation
from initiatives.search import search
from tests.factories import make_initiative

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[10_000, 0], ids=["rare", "common"])
def _however_often(request, monkeypatch):
    """Words that are found often are looked for in another way."""
    monkeypatch.setattr(searching, "COMMON", request.param)


def found(words, user):
    return search(Initiative.objects.visible_to(user), words, reader=user).count()


@pytest.mark.parametrize(
    ("said", "words", "times"),
    [
        ("Négociation", "negociation", 1),
        ("Negociation", "NÉGO", 1),
        ("Dialogue", "alog", 1),
        ("Dialogue", "gue", 1),
        ("Dialogue", "ue", 1),
        ("Dialogue", "e", 1),
        ("Dialogue", "dialogues", 0),
        ("والحوار", "حوار", 1),  # "and the dialogue"
        ("حِوَارٌ", "حوار", 1),
        ("حـــوار", "حوار", 1),
        ("أحمد إلى آخر", "احمد الي اخر", 1),
        ("المدرسة", "المدرسه", 1),
        ("٢٠٢٤", "2024", 1),
        ("Łódź", "lodz", 1),
        ("100% [open] *now*?", "100%", 1),
        ("100% [open] *now*?", "[open]", 1),
        ("100% [open] *now*?", "*now*?", 1),
        ("a_b\\c 'd' \"e\"", "a_b\\c 'd' \"e\"", 1),
        ("axb", "a_b", 0),
        ("axb", "a*b", 0),
        ("one two", "two one", 1),
        ("one two", "one three", 0),
    ],
)
@pytest.mark.usefixtures("_however_often")
def test_words_are_found_however_they_are_written(said, words, times):
    make_initiative(said, sharing="public")
    assert found(words, AnonymousUser()) == times


@pytest.mark.usefixtures("_however_often")
def test_what_holds_other_words_is_left_out():
    for title in ("Boat race", "Boat repair", "Market"):
        make_initiative(title, sharing="public")
    assert [found(words, AnonymousUser()) for words in ("boat", "boat race", "e")] == [2, 1, 3]
    assert found("boat market", AnonymousUser()) == 0


@pytest.mark.usefixtures("_however_often")
def test_a_place_that_is_not_shown_is_found_by_those_alone_who_are_shown_it(alice, olga):
    camp = make_initiative("Camp", by=alice, sharing="network")
    Location.objects.create(initiative=camp, country="KE", place="Wajir")
    assert (found("waj", alice), found("waj", olga)) == (1, 1)
    Initiative.objects.update(shown_places="country")
    assert (found("waj", alice), found("waj", olga)) == (1, 0)
    assert (found("camp waj", alice), found("camp waj", olga)) == (1, 0)


@pytest.mark.usefixtures("_however_often")
def test_a_hidden_record_is_not_found(alice, olga):
    make_initiative("Secret talk", by=alice, sharing="restricted")
    assert (found("ecr", alice), found("ecr", olga), found("ecr", AnonymousUser())) == (1, 0, 0)


@pytest.mark.usefixtures("derived_by_actions_alone")
def test_another_name_is_found_at_once_and_the_former_no_longer(alice, harbour, valley, curator):
    camp = make_initiative("Camp", by=alice, sharing="network", conflicts=[valley])
    Participation.objects.create(initiative=camp, organisation=harbour, role="host")
    call_command("rebuild_derived")
    values = {"acronym": "HD", "aliases": [], "kind": "", "country": "", "localness": {}}
    edit_organisation(harbour, values | {"name": "Lighthouse"}, by=curator)
    system = {"aliases": ["Hondo"], "countries": [], "parent": None, "boundary": "", "related": []}
    edit_conflict(valley, system | {"name": "Plain", "phases": [], "external_ids": []}, by=curator)
    assert [found(word, alice) for word in ("lighth", "hd", "hondo", "plain")] == [1, 1, 1, 1]
    assert [found(word, alice) for word in ("harbour", "valley")] == [0, 0]
    assert [fault for keys in batches() for fault in faults(keys)] == []


def test_nothing_reaches_from_one_text_into_the_next():
    make_initiative("One", summary="two", sharing="public")
    assert found("onetwo", AnonymousUser()) == found("one\ntwothree", AnonymousUser()) == 0


def test_folding_twice_changes_nothing():
    for text in ("Négociation", "ﬁne ẞ İstanbul", "أَلِف", "Ⅻ ½"):
        assert folded(folded(text)) == folded(text)

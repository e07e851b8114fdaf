"""What a newcomer reads: public, complete, and safe to open."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from taxonomy.models import ActivityType, Principle, Track

INDEX = "/taxonomy/"
HOSTILE = "<script>alert('x')</script> & “more”"


def test_the_first_page_explains_every_word_to_anyone(client, first_release):
    page = client.get(INDEX)
    for model in (Track, Principle, ActivityType):
        for term in model.objects.all():
            assertContains(page, term.get_absolute_url())
    assertContains(page, "Peacemaking through faith in action")
    assertContains(page, "Tag by the function performed")
    assertContains(page, "Never derive a track from an activity type")
    assertContains(page, "This is not 0")
    assertContains(page, "The nine tracks")
    assertContains(page, "The twelve principles")


def test_track_one_and_a_half_and_levels_are_explained_and_are_no_tracks(client, first_release):
    page = client.get(INDEX)
    assertContains(page, 'id="track-1-5"')
    assertContains(page, "Lederach (1997)")
    assertContains(page, '<article class="track-card"', count=9)
    assertContains(page, 'class="circle-node"', count=9)


def test_an_empty_taxonomy_says_so(client, db):
    assertContains(client.get(INDEX), "No track has been recorded yet.")
    assert client.get("/taxonomy/schemes/").status_code == 200
    assert client.get("/taxonomy/lens/").status_code == 200


def test_the_circle_has_no_end(client, first_release):
    page = client.get("/taxonomy/tracks/media/")
    assertContains(page, '<a href="/taxonomy/tracks/funding/" rel="prev">')
    assertContains(page, '<a href="/taxonomy/tracks/government/" rel="next">')


def test_a_track_tells_all_its_words_and_what_others_call_it(client, first_release):
    page = client.get("/taxonomy/tracks/private-citizen/")
    for words in ("personal involvement", "diaspora groups", "citizen diplomacy", "People-to-people", "broader than"):
        assertContains(page, words)
    assertContains(page, reverse("initiatives:list") + "?track=private-citizen")


def test_a_principle_asks_its_questions(client, first_release):
    page = client.get("/taxonomy/principles/invitation/")
    assertContains(page, "Who invited us, and when?")
    assertContains(page, reverse("initiatives:list") + "?principle=invitation")


def test_an_activity_type_links_to_its_initiatives(client, first_release):
    page = client.get("/taxonomy/activities/youth-camp/")
    assertContains(page, reverse("initiatives:list") + "?activity=youth-camp")


def test_a_retired_track_stays_and_leads_to_what_it_counts_under(client, tracks):
    Track.objects.filter(code="media").update(status="retired", replaced_by=tracks["funding"])
    Track.objects.filter(code="funding").update(status="retired", replaced_by=tracks["religion"])
    page = client.get("/taxonomy/tracks/media/")
    assertContains(page, "This track is retired.")
    assertContains(page, 'count under <a href="/taxonomy/tracks/religion/">')
    assertContains(page, 'replaced by <a href="/taxonomy/tracks/funding/">')
    assertNotContains(page, "Neighbours in the circle")
    assertContains(client.get("/taxonomy/tracks/funding/"), "Stands for retired words too")
    index = client.get(INDEX)
    assertContains(index, "Retired words")
    assertContains(index, '<article class="track-card"', count=7)


@pytest.mark.parametrize(
    "path", ["tracks/no-such/", "principles/media/", "activities/no-such/", "people/x/", "x/new/"]
)
def test_what_is_not_there_is_not_found(client, tracks, alice, path):
    client.force_login(alice)
    assert client.get(INDEX + path).status_code == 404


def test_hostile_words_are_shown_and_not_obeyed(client, tracks, principles, activities):
    Track.objects.filter(code="media").update(
        name=HOSTILE, scope=HOSTILE, peacemaking_through=HOSTILE, actors=[HOSTILE], synonyms=[HOSTILE]
    )
    Principle.objects.filter(code="trust").update(name=HOSTILE, meaning=HOSTILE, prompts=[HOSTILE])
    ActivityType.objects.filter(code="training").update(name=HOSTILE, description=HOSTILE)
    for path in ("", "tracks/media/", "principles/trust/", "activities/training/", "schemes/", "lens/"):
        assertNotContains(client.get(INDEX + path), "<script>alert")


def test_only_curators_are_offered_changes(client, tracks, alice, curator):
    for person, offered in ((None, False), (alice, False), (curator, True)):
        if person:
            client.force_login(person)
        for path in (INDEX, INDEX + "tracks/media/"):
            page = client.get(path).content.decode()
            assert ("/taxonomy/tracks/new/" in page or "/taxonomy/tracks/media/edit/" in page) is offered


@pytest.mark.parametrize("path", [INDEX, INDEX + "tracks/track-1/"])
def test_a_page_costs_the_same_however_many_terms_there_are(client, db, path, django_assert_max_num_queries):
    def add(numbers):
        for number in numbers:
            for model in (Track, Principle, ActivityType):
                model.objects.create(code=f"track-{number}", name=f"Term {number}", position=number)

    add(range(1, 3))
    with django_assert_max_num_queries(20) as few:
        client.get(path)
    add(range(3, 15))
    with django_assert_max_num_queries(len(few)):
        client.get(path)


@pytest.mark.parametrize("path", ["", "schemes/", "tracks/media/", "principles/trust/", "activities/training/"])
def test_reading_pages_take_no_post(client, tracks, principles, activities, path):
    assert client.post(INDEX + path).status_code == 405

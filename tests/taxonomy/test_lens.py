"""Which number a track carries under which scheme. Expectations are copied by hand from the sources."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from taxonomy.lens import COOKIE, Lens
from taxonomy.models import Scheme, SchemeTerm, Track
from tests.conftest import TRACKS

LENS = "/taxonomy/lens/"


def number(scheme, track):
    return Lens(scheme).label(Track.objects.get(code=track))


@pytest.mark.parametrize(
    ("scheme", "track", "expected"),
    [
        ("imtd-9", "media", "9"),
        ("montville-2", "government", "One"),
        ("montville-2", "private-citizen", "Two"),
        ("montville-2", "business", ""),
        ("mcdonald-5", "media", "5"),
        ("lesson-sectors", "business", "business"),
        ("lesson-sectors", "research-training-education", "academic"),
        ("lesson-sectors", "activism", "two"),
        ("diplo-9", "private-citizen", "III"),
        ("diplo-9", "business", "IV"),
        ("diplo-9", "research-training-education", "V"),
        ("with-1.5", "government", "1"),
        ("with-1.5", "religion", ""),
        ("five-of-nine", "private-citizen", "Four"),
        ("five-of-nine", "research-training-education", ""),
        ("five-of-nine", "conflict-resolution", "Two"),
    ],
)
def test_a_track_carries_the_number_of_the_scheme(first_release, scheme, track, expected):
    assert number(scheme, track) == expected


def test_levels_number_no_track(first_release):
    assert {number("lederach-levels", track) for track in TRACKS} == {""}


@pytest.mark.parametrize("code", ["no-such", "", "imtd-9\x00", None])
def test_an_unknown_scheme_in_the_cookie_means_the_canonical_one(first_release, code):
    assert number(code, "media") == "9"


def test_of_equal_matches_the_first_in_the_scheme_counts(tracks):
    scheme = Scheme.objects.create(code="twins", name="Twins")
    for label, position in (("b", 2), ("a", 1), ("c", 3)):
        term = SchemeTerm.objects.create(scheme=scheme, label=label, name=label, position=position)
        term.mappings.create(track=tracks["business"], match="close")
    assert number("twins", "business") == "a"
    scheme.terms.get(label="c").mappings.update(match="exact")
    assert number("twins", "business") == "c"


def test_the_chosen_scheme_numbers_the_tracks_from_then_on(client, first_release):
    assertContains(client.get(reverse("taxonomy:index")), '<span class="track-number">4</span> Private Citizen')
    response = client.post(LENS, {"scheme": "diplo-9", "next": "/taxonomy/schemes/"})
    assertRedirects(response, "/taxonomy/schemes/")
    page = client.get(reverse("taxonomy:index"))
    assertContains(page, '<span class="track-number">III</span> Private Citizen')
    assertNotContains(page, '<span class="track-number">4</span> Private Citizen')


def test_where_the_scheme_has_no_term_the_name_stands_alone(client, first_release):
    client.cookies[COOKIE] = "five-of-nine"
    assertContains(client.get(reverse("taxonomy:index")), '<span class="track-label">Religion</span>')


def test_the_cookie_is_kept_a_year_and_from_scripts_and_other_sites(client, first_release):
    cookie = client.post(LENS, {"scheme": "with-1.5"}).cookies[COOKIE]
    assert cookie.value == "with-1.5"
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (365 * 24 * 3600, "Lax", True)
    assert not cookie["secure"]
    assert client.post(LENS, {"scheme": "with-1.5"}, secure=True).cookies[COOKIE]["secure"]


def test_the_cookie_travels_encrypted_wherever_the_session_does(client, first_release, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert client.post(LENS, {"scheme": "imtd-9"}).cookies[COOKIE]["secure"]


@pytest.mark.parametrize("scheme", ["no-such", "", "imtd-9\x00", "<script>"])
def test_an_unknown_scheme_is_refused_with_a_word(client, first_release, scheme):
    response = client.post(LENS, {"scheme": scheme, "next": "/"})
    assertContains(response, "field-errors")
    assertNotContains(response, "<script>alert")
    assert COOKIE not in response.cookies


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "\x00",
        "",
        "word",
    ],
)
def test_nobody_is_led_to_another_site(client, first_release, target):
    response = client.post(LENS, {"scheme": "imtd-9", "next": target})
    assertRedirects(response, reverse("taxonomy:index"))


def test_the_page_that_asks_keeps_where_the_reader_was(client, first_release):
    page = client.get(LENS, {"next": "/taxonomy/schemes/?a=1&b=2"})
    assertContains(page, 'name="next" value="/taxonomy/schemes/?a=1&amp;b=2"')
    assertContains(page, "checked", count=1)
    assertContains(client.get(LENS, {"next": "https://elsewhere.example/"}), 'name="next" value="/taxonomy/"')


def test_a_choice_from_another_site_is_refused(first_release):
    assert Client(enforce_csrf_checks=True).post(LENS, {"scheme": "imtd-9"}).status_code == 403


@pytest.mark.parametrize("path", ["/taxonomy/", "/taxonomy/schemes/", "/taxonomy/tracks/media/", LENS])
def test_no_cache_hands_one_readers_numbers_to_another(client, first_release, path):
    assert "Cookie" in client.get(path)["Vary"]

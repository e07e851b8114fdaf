import pytest
from django.core.management import CommandError, call_command

from taxonomy.models import ActivityType, Mapping, Principle, Scheme, SchemeTerm, Track

pytestmark = pytest.mark.django_db

COUNTS = {Track: 9, Principle: 12, ActivityType: 26, Scheme: 9, SchemeTerm: 58, Mapping: 67}  # counted in the file

FAULTY = """
[release]
number = "one"

[[track]]
code = "government"
number = 1
name = 7
scop = "Treaties."

[[track]]
code = "Not a slug"
number = 1
name = "Business"
scope = "Trade."

[[principle]]
code = "trust"
position = 1
name = ""
meaning = "Care."

[[principle]]
code = "trust"
position = 2
name = "Trust"
meaning = "Care."

[activity_types]
codes = [["training", "Training"], ["camp"]]

[[scheme]]
code = "two"
name = "Two tracks"
source = "A book"
terms = [
  { label = "One", name = "Official", maps = [["goverment", "exact"], ["government", "similar"]], level = "low" },
]
"""

FAULTS = (
    "release.number: should be a whole number.",
    'track[1] "government".name: should be text in quotes.',
    'track[1] "government".scope: is missing.',
    'track[1] "government".scop: is unknown here. Is it “scope”?',
    'track[2] "Not a slug".number: 1 is the place of “government” already.',
    'track[2] "Not a slug".code: Enter a valid “slug”',
    'principle[1] "trust".name: is empty.',
    'principle[2] "trust".code: is used twice.',
    "activity_types.codes[2]: should be a list of 2: code, name.",
    'scheme[1] "two".terms[1] "One".maps[1] "goverment".track: “goverment” is unknown. Is it “government”?',
    'scheme[1] "two".terms[1] "One".maps[2] "government".match: “similar” is unknown.',
    'scheme[1] "two".terms[1] "One".level: “low” is unknown.',
)


def counts():
    return {model: model.objects.count() for model in COUNTS}


def load(path=None, capsys=None):
    call_command("load_taxonomy", *([path] if path else []))
    return capsys.readouterr().out if capsys else None


@pytest.fixture
def file(tmp_path):
    """Writes a data file. Shape: text -> path."""

    def write(text):
        path = tmp_path / "taxonomy.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_first_release_is_loaded_as_it_was_counted_by_hand():
    load()
    assert counts() == COUNTS


def test_tracks_stand_in_the_places_of_the_canonical_scheme():
    load()
    labels = Mapping.objects.filter(term__scheme__canonical=True).values_list("track__position", "term__label")
    assert sorted(labels) == [(number, str(number)) for number in range(1, 10)]


def test_track_one_and_a_half_is_an_officiality_and_levels_map_to_no_track():
    load()
    assert {term.officiality for term in SchemeTerm.objects.filter(label="1.5")} == {"mixed"}
    levels = SchemeTerm.objects.filter(scheme__code="lederach-levels")
    assert [term.level for term in levels] == ["top", "middle", "grassroots"]
    assert not Mapping.objects.filter(term__in=levels).exists()


def test_loading_again_changes_nothing_and_says_so(capsys):
    load()
    assert "Nothing was changed." in load(capsys=capsys).splitlines()
    assert counts() == COUNTS


def test_what_a_curator_edited_is_left_alone():
    load()
    Track.objects.filter(code="media").update(name="Press", status="retired")
    Scheme.objects.get(code="diplo-9").terms.all().delete()
    load()
    assert Track.objects.get(code="media").name == "Press"
    assert Scheme.objects.get(code="diplo-9").terms.count() == 0


def test_what_is_missing_is_added():
    load()
    Principle.objects.filter(code="trust").delete()
    load()
    assert Principle.objects.filter(code="trust").exists()


def test_every_fault_is_listed_with_its_place_and_nothing_is_written(file):
    with pytest.raises(CommandError) as refusal:
        load(file(FAULTY))
    for fault in FAULTS:
        assert fault in str(refusal.value)
    assert f"{len(FAULTS)} faults" in str(refusal.value)
    assert not any(counts().values())


@pytest.mark.parametrize("text", ["[[track", "release = 3\ntrack = 3", '[release]\nnumber = 1\nnote = "\\u0000"'])
def test_a_file_of_another_form_is_refused(file, text):
    with pytest.raises(CommandError, match="nothing was loaded"):
        load(file(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_a_second_canonical_scheme_is_refused(file):
    load()
    text = '[release]\nnumber = 2\n[[scheme]]\ncode = "x"\nname = "X"\nsource = "S"\ncanonical = true\n'
    with pytest.raises(CommandError, match="only one scheme is canonical"):
        load(file(text))

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from reversion.models import Version

from initiatives.exchange.cases import case_ref
from initiatives.models import (
    ConflictExternalId,
    ConflictSystem,
    DisputedClaim,
    Engagement,
    Initiative,
    InitiativeLink,
    Localness,
    Organisation,
    Participation,
    Phase,
    PrincipleRating,
    TrackTag,
)
from tests.building import built_once
from tests.factories import make_initiative

pytestmark = pytest.mark.django_db

COUNTS = {  # counted in the file, the organisations with the Case Library
    ConflictSystem: 11,
    Phase: 10,
    ConflictExternalId: 9,
    Organisation: 32,
    Localness: 13,
    Initiative: 21,
    Engagement: 22,
    TrackTag: 46,
    Participation: 36,
    PrincipleRating: 42,
    InitiativeLink: 7,
    DisputedClaim: 2,
}

FAULTY = """
[[conflict]]
code = "compare"
name = "Valley"
boundary = "The valley."
countries = ["XX"]
phases = [{ phase = "war", from = "1990" }]

[[organisation]]
code = "ngo"
name = "NGO"
local_to = ["nowhere"]

[[initiative]]
code = "talks"
title = "Talks"
conflicts = ["cyprus", "israel-palestin"]
engagements = [{ conflict = "burundi", from = "1993" }]
start = "1993-13"
end = 1993-08-20
lead_track = "government"
tracks = ["government", "radio"]
activities = ["mediation", "mediation"]
organisations = [["fafo", "boss"]]
principles = [["trust", 5, "Much."], ["truth", 1, ""]]
sharing = "restricted"
colour = "blue"

[[initiative]]
code = "talks"
title = "Talks again"
start = "1993"
end = "1992-12-31"

[[link]]
from = "talks"
to = "talks"
kind = "feeds"
evidence = "hearsay"
"""

FAULTS = (
    'conflict[1] "compare".code: “compare” is an address of the site',
    'conflict[1] "compare".countries: “XX” is unknown.',
    'conflict[1] "compare".phases[1].phase: “war” is unknown.',
    'organisation[1] "ngo".local_to: “nowhere” is unknown.',
    'initiative[1] "talks".conflicts: “israel-palestin” is unknown. Is it “israel-palestine”?',
    'initiative[1] "talks".engagements[1] "burundi".conflict: “burundi” is not among',
    'initiative[1] "talks".start: “1993-13”: There is no month 13',
    'initiative[1] "talks".end: should be text in quotes.',
    'initiative[1] "talks".tracks: “radio” is unknown.',
    'initiative[1] "talks".tracks: “government” is the lead track already.',
    'initiative[1] "talks".activities: “mediation” is listed twice.',
    'initiative[1] "talks".organisations[1].role: “boss” is unknown.',
    'initiative[1] "talks".principles[1] "trust".rating: is 5; ratings go from 0 to 3.',
    'initiative[1] "talks".principles[2] "truth".principle: “truth” is unknown. Is it “trust”?',
    'initiative[1] "talks".sharing: a documented case is public',
    'initiative[1] "talks".colour: is unknown here.',
    'initiative[2] "talks".code: is used twice.',
    'initiative[2] "talks".conflicts: Choose at least one conflict system.',
    'initiative[2] "talks".lead_track: Choose one lead track.',
    'initiative[2] "talks".organisations: Name an organisation in charge',
    'initiative[2] "talks".end: The end lies before the start (1993).',
    "link[1].to: an initiative can't be linked to itself.",
    "link[1].kind: “feeds” is unknown. Is it “feeds into”?",
    "link[1].evidence: “hearsay” is unknown.",
)


def counts():
    return {model: model.objects.count() for model in COUNTS}


@pytest.fixture(scope="module", autouse=True)
def _cases(django_db_setup, django_db_blocker):
    with built_once(django_db_blocker):
        call_command("load_taxonomy", verbosity=0)
        call_command("load_cases", verbosity=0)
        yield


@pytest.fixture
def refuse(tmp_path):
    """Loads a file that must be refused. Shape: text -> message."""

    def load(text):
        path = tmp_path / "cases.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CommandError) as refusal:
            call_command("load_cases", path)
        return str(refusal.value)

    return load


def test_the_cases_are_loaded_as_they_were_counted_by_hand():
    assert counts() == COUNTS


def test_every_case_is_published_by_the_case_library_and_open_to_anyone():
    library = Organisation.objects.get(code="case-library")
    open_to_all = Initiative.objects.visible_to(AnonymousUser())
    assert open_to_all.filter(owner=library, author=None, publication="published").count() == 21
    assert library.confirmed
    assert not library.memberships.exists()
    assert not Organisation.objects.filter(confirmed=False).exists()


def test_a_case_is_read_whole():
    oslo = Initiative.objects.get(ref=case_ref("oslo-channel"))
    assert (oslo.start.iso, oslo.end.iso, oslo.officiality, oslo.level) == ("1992-12", "1993-08-20", "mixed", "top")
    assert [tag.track.code for tag in oslo.track_tags.all()] == [
        "conflict-resolution",
        "government",
        "research-training-education",
    ]
    assert oslo.track_tags.get(emphasis="lead").track.code == "conflict-resolution"
    assert [(part.organisation.code, part.role) for part in oslo.participations.all()] == [
        ("fafo", "lead"),
        ("norway-mfa", "host"),
        ("plo", "party"),
        ("government-israel", "party"),
    ]
    assert {str(rating.principle) for rating in oslo.principle_ratings.filter(rated_on=None)} == {
        "Facilitation",
        "Trust",
    }
    assert len(oslo.source_lines) == 3
    assert not any(".txt" in line for line in oslo.source_lines)


def test_an_engagement_keeps_dates_of_its_own():
    seeds = Engagement.objects.filter(initiative__ref=case_ref("seeds-of-peace"))
    assert {row.conflict_system.code: row.start and row.start.iso for row in seeds} == {
        "israel-palestine": None,
        "india-pakistan": "2001",
    }


def test_localness_is_known_only_where_the_file_says_so():
    imtd = Organisation.objects.get(code="imtd")
    assert not imtd.localness.exists()
    assert Organisation.objects.get(code="crtg-cyprus").localness.get().is_local


def test_disputed_claims_stand_with_their_conflict_system():
    claims = DisputedClaim.objects.values_list("conflict_system__code", flat=True)
    assert list(claims) == ["israel-palestine", "south-africa"]


def test_a_revision_holds_the_case_with_its_parts():
    first = Version.objects.get_for_object(Initiative.objects.get(ref=case_ref("oslo-channel"))).last()
    held = {version.content_type.model for version in first.revision.version_set.all()}
    assert {"initiative", "engagement", "tracktag", "participation", "principlerating", "location"} <= held


def test_nobody_signed_the_boundaries():
    assert not ConflictSystem.objects.exclude(boundary_by=None, boundary_on=None).exists()


def test_loading_again_changes_nothing_and_says_so(capsys):
    versions = Version.objects.count()
    call_command("load_cases")
    assert "Nothing was changed." in capsys.readouterr().out
    assert counts() == COUNTS
    assert Version.objects.count() == versions


def test_what_somebody_edited_or_added_is_left_alone(alice):
    own = make_initiative("My own", by=alice)
    Initiative.objects.filter(ref=case_ref("oslo-channel")).update(title="Edited", publication="withdrawn")
    ConflictSystem.objects.filter(code="cyprus").update(name="The island")
    Organisation.objects.filter(code="imtd").update(name="IMTD, renamed")
    InitiativeLink.objects.filter(target__ref=case_ref("accra-talks")).delete()
    call_command("load_cases")
    assert Initiative.objects.get(ref=case_ref("oslo-channel")).title == "Edited"
    assert ConflictSystem.objects.get(code="cyprus").name == "The island"
    assert Organisation.objects.get(code="imtd").name == "IMTD, renamed"
    assert InitiativeLink.objects.count() == 6
    assert Initiative.objects.filter(pk=own.pk).exists()


def test_every_fault_is_listed_with_its_place_and_nothing_is_written(refuse):
    message = refuse(FAULTY)
    for fault in FAULTS:
        assert fault in message
    assert f"{len(FAULTS)} faults" in message
    assert counts() == COUNTS


def test_a_new_record_under_the_name_of_another_is_refused(refuse):
    message = refuse('[[conflict]]\ncode = "island"\nname = "CYPRUS"\nboundary = "The island."\n')
    assert 'conflict[1] "island": A conflict system of this name is there already.' in message


def test_two_records_of_one_name_are_refused(refuse):
    entry = '[[organisation]]\ncode = "{}"\nname = "{}"\n'
    assert 'organisation[2] "b".name' in refuse(entry.format("a", "Boat") + entry.format("b", "BOAT"))
    assert counts() == COUNTS


def test_a_case_has_the_same_ref_on_every_site():
    assert case_ref("oslo-channel") == uuid.UUID("37ec39dc-2501-5880-b654-ae4e167c27f9")

"""What the actions write, and what they refuse."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from reversion.models import Version

from initiatives.actions.content import Content, check_dates, missing_for_publication
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.dates import PartialDate
from initiatives.models import Grant, Initiative, Organisation, PrincipleRating
from mtd_tracker.history import StaleSave
from tests.factories import MembershipFactory, make_initiative


def dated(text):
    return PartialDate.parse(text)


@pytest.fixture
def complete(valley, tracks, bridge):
    """What may be published."""
    return Content(
        title="Market talks",
        start=dated("2020"),
        end=dated("2022"),
        engagements=[(valley, None, None)],
        lead_track=tracks["business"],
        tracks=[tracks["media"], tracks["business"]],
        rationales={tracks["business"]: "Traders", tracks["religion"]: "not on it"},
        participations=[("lead", bridge)],
        locations=[("KE", "Wajir"), ("KE", "Wajir")],
    )


def parts(initiative):
    return {(tag.track.code, tag.emphasis, tag.rationale) for tag in initiative.track_tags.all()}


def test_a_draft_and_a_published_record_differ_in_their_state_alone(alice, bridge, complete):
    draft = log_initiative(complete, by=alice, owner=bridge)
    published = log_initiative(complete, by=alice, owner=bridge, publish=True)
    assert (draft.publication, published.publication) == ("draft", "published")
    assert draft.author == published.updated_by == alice
    assert parts(draft) == parts(published) == {("business", "lead", "Traders"), ("media", "contributing", "")}
    assert published.locations.count() == 1


def test_each_save_is_one_revision_by_the_person(alice, colin, bridge, complete):
    initiative = log_initiative(complete, by=alice, owner=bridge, publish=True)
    complete.title = "Fair talks"
    edit_initiative(initiative, complete, by=colin, version=1)
    latest, first = Version.objects.get_for_object(initiative)
    assert (latest.revision.user, latest.revision.comment) == (colin, "Edited")
    assert (first.revision.user, first.revision.comment) == (alice, "Logged and published")
    assert {v.content_type.model for v in latest.revision.version_set.all()} == {
        "initiative",
        "engagement",
        "tracktag",
        "participation",
        "location",
    }


def test_publishing_a_draft_says_so_in_its_history(alice, bridge, complete):
    initiative = log_initiative(complete, by=alice, owner=bridge)
    edited = edit_initiative(initiative, complete, by=alice, version=1, publish=True)
    assert edited.is_published
    assert Version.objects.get_for_object(initiative).first().revision.comment == "Published"


def test_an_incomplete_record_is_not_published_and_a_published_one_not_made_incomplete(alice, bridge, complete):
    with pytest.raises(ValidationError) as refused:
        log_initiative(Content(title="Talks"), by=alice, owner=bridge, publish=True)
    assert set(refused.value.message_dict) == {"conflicts", "start", "lead_track", "organisations"}
    assert not Initiative.objects.exists()
    initiative = log_initiative(complete, by=alice, owner=bridge, publish=True)
    complete.lead_track = None
    with pytest.raises(ValidationError):
        edit_initiative(initiative, complete, by=alice)
    initiative.refresh_from_db()
    assert initiative.version == 1
    assert Version.objects.get_for_object(initiative).count() == 1


def test_a_stale_save_writes_nothing(alice, bridge, complete):
    initiative = log_initiative(complete, by=alice, owner=bridge)
    complete.title = "Theirs"
    edit_initiative(initiative, complete, by=alice, version=1)
    complete.title = "Mine"
    with pytest.raises(StaleSave) as refused:
        edit_initiative(initiative, complete, by=alice, version=1)
    assert refused.value.stored.title == "Theirs"
    initiative.refresh_from_db()
    assert (initiative.title, initiative.version) == ("Theirs", 2)


def test_the_lead_can_change_places_with_a_contributing_track(alice, bridge, complete, tracks):
    initiative = log_initiative(complete, by=alice, owner=bridge)
    complete.lead_track, complete.tracks = tracks["media"], [tracks["business"]]
    edit_initiative(initiative, complete, by=alice)
    assert parts(initiative) == {("media", "lead", ""), ("business", "contributing", "Traders")}
    complete.lead_track, complete.tracks = None, [tracks["media"]]
    edit_initiative(initiative, complete, by=alice)
    assert parts(initiative) == {("media", "contributing", "")}


def test_what_is_left_out_is_taken_away_and_what_stays_keeps_its_row(alice, bridge, complete, valley):
    initiative = log_initiative(complete, by=alice, owner=bridge)
    engagement = initiative.engagements.get()
    complete.engagements = [(valley, dated("2021"), None)]
    complete.locations = []
    edit_initiative(initiative, complete, by=alice)
    changed = initiative.engagements.get()
    assert (changed.pk, changed.start.iso) == (engagement.pk, "2021")
    assert not initiative.locations.exists()


def test_grants_stay_where_nothing_is_said_of_them(alice, olga, bridge, complete):
    initiative = log_initiative(complete, by=alice, owner=bridge)
    Grant.objects.create(initiative=initiative, user=olga, access="read")
    edit_initiative(initiative, complete, by=alice)
    assert initiative.grants.count() == 1
    complete.grants = [(olga, "write", date(2030, 1, 1))]
    edit_initiative(initiative, complete, by=alice)
    grant = initiative.grants.get()
    assert (grant.access, grant.until_on) == ("write", date(2030, 1, 1))
    complete.grants = []
    edit_initiative(initiative, complete, by=alice)
    assert not initiative.grants.exists()


def test_a_record_is_handed_to_another_organisation_only_when_asked(alice, bridge, harbour, complete):
    initiative = log_initiative(complete, by=alice, owner=bridge)
    assert edit_initiative(initiative, complete, by=alice).owner == bridge
    MembershipFactory(user=alice, organisation=harbour)
    assert edit_initiative(initiative, complete, by=alice, owner=harbour).owner == harbour


def test_a_new_organisation_is_unconfirmed_and_made_once(alice, bridge, complete):
    complete.participations = [("lead", "Élders"), ("partner", "éLDERS"), ("funder", bridge)]
    log_initiative(complete, by=alice, owner=bridge)
    made = Organisation.objects.exclude(pk=bridge.pk).get()
    assert (made.name, made.confirmed, made.made_by, made.made_in) == ("Élders", False, alice, None)
    assert made.participations.count() == 2


# ---------------------------------------------------------------- ratings


def ratings(initiative):
    return {(r.principle.code, r.rating, r.evidence, str(r.rated_on)) for r in initiative.principle_ratings.all()}


def test_a_rating_that_did_not_change_keeps_its_day(alice, bridge, complete, principles):
    complete.ratings, complete.rated_on = {principles["trust"]: (2, "Seen")}, date(2020, 1, 1)
    initiative = log_initiative(complete, by=alice, owner=bridge)
    complete.rated_on = date(2021, 1, 1)
    edit_initiative(initiative, complete, by=alice)
    assert ratings(initiative) == {("trust", 2, "Seen", "2020-01-01")}


def test_a_changed_rating_gets_its_own_day_and_leaves_the_earlier_one(alice, bridge, complete, principles):
    complete.ratings, complete.rated_on = {principles["trust"]: (2, "Seen")}, date(2020, 1, 1)
    initiative = log_initiative(complete, by=alice, owner=bridge)
    complete.ratings, complete.rated_on = {principles["trust"]: (3, "Seen")}, date(2021, 1, 1)
    edit_initiative(initiative, complete, by=alice)
    assert ratings(initiative) == {("trust", 2, "Seen", "2020-01-01"), ("trust", 3, "Seen", "2021-01-01")}


def test_a_second_assessment_on_one_day_replaces_the_first(alice, bridge, complete, principles):
    complete.ratings, complete.rated_on = {principles["trust"]: (2, "")}, date(2020, 1, 1)
    initiative = log_initiative(complete, by=alice, owner=bridge)
    complete.ratings = {principles["trust"]: (1, "")}
    edit_initiative(initiative, complete, by=alice)
    assert ratings(initiative) == {("trust", 1, "", "2020-01-01")}


def test_an_undated_rating_is_followed_by_a_dated_one(alice, bridge, complete, principles):
    complete.ratings, complete.rated_on = {principles["trust"]: (2, "")}, None
    initiative = log_initiative(complete, by=alice, owner=bridge)
    complete.ratings, complete.rated_on = {principles["trust"]: (1, "")}, date(2020, 1, 1)
    edit_initiative(initiative, complete, by=alice)
    assert ratings(initiative) == {("trust", 2, "", "None"), ("trust", 1, "", "2020-01-01")}


def test_a_rating_taken_back_is_not_assessed_again(alice, bridge, complete, principles):
    initiative = log_initiative(complete, by=alice, owner=bridge)
    for day in ("2020-01-01", "2021-01-01"):
        PrincipleRating.objects.create(initiative=initiative, principle=principles["trust"], rating=1, rated_on=day)
    edit_initiative(initiative, complete, by=alice)
    assert not initiative.principle_ratings.exists()


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("start", "end", "own", "field"),
    [
        (None, None, (None, None), None),
        ("2020", "2020-03", (None, None), None),
        ("2020-05", "2020", (None, None), None),
        ("2021", "2020", (None, None), "end"),
        (None, "2020", (None, None), "start"),
        ("2020", "2022", ("2021", "2021-06"), None),
        ("2020", None, ("2021", None), None),
        ("2020", "2022", ("2021", "2020"), "engagement_dates"),
        ("2020", "2022", ("2019", None), "engagement_dates"),
        ("2020", "2022", (None, "2023"), "engagement_dates"),
        ("2020", "2022", ("2023", None), "engagement_dates"),
        ("2020", "2022", (None, "2019"), "engagement_dates"),
    ],
)
def test_dates_that_contradict_each_other_are_refused_at_the_field(valley, start, end, own, field):
    start, end, first, last = (text and dated(text) for text in (start, end, *own))
    content = Content(title="Talks", start=start, end=end, engagements=[(valley, first, last)])
    if field is None:
        check_dates(content)
        return
    with pytest.raises(ValidationError) as refused:
        check_dates(content)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("suspensions", "said"),
    [
        ([(date(2020, 1, 1), None), (date(2021, 1, 1), None)], "Only one suspension can be open"),
        ([(date(2020, 1, 2), date(2020, 1, 1))], "ends before it begins"),
    ],
)
def test_impossible_pauses_are_refused(suspensions, said):
    with pytest.raises(ValidationError, match=said):
        check_dates(Content(title="Talks", suspensions=suspensions))


@pytest.mark.parametrize("role", ["lead", "mediator", "party"])
def test_one_organisation_in_charge_is_enough(complete, bridge, role):
    complete.participations = [("funder", bridge), (role, bridge)]
    assert missing_for_publication(complete) == {}


@pytest.mark.parametrize("role", ["implementer", "partner", "funder", "host"])
def test_other_roles_are_not_in_charge(complete, bridge, role):
    complete.participations = [(role, bridge)]
    assert list(missing_for_publication(complete)) == ["organisations"]


def test_a_withdrawn_record_stays_withdrawn_unless_published(alice, complete):
    initiative = make_initiative(by=alice, publication="withdrawn")
    assert edit_initiative(initiative, complete, by=alice).publication == "withdrawn"
    assert edit_initiative(initiative, complete, by=alice, publish=True).publication == "published"


def test_saving_what_is_there_already_takes_no_more_queries_for_more_parts(alice, bridge):
    def queries(number):
        content = Content(
            title="Market talks",
            locations=[("KE", f"Town {place}") for place in range(number)],
            external_ids=[("iati", str(place)) for place in range(number)],
            suspensions=[(date(2020 + place, 1, 1), date(2020 + place, 2, 1)) for place in range(number)],
        )
        stored = Initiative.objects.get(pk=log_initiative(content, by=alice, owner=bridge).pk)
        with CaptureQueriesContext(connection) as asked:
            edit_initiative(stored, content, by=alice)
        return len(asked)

    queries(1)  # what is remembered once is asked here
    assert queries(9) == queries(2)

"""What each parameter of the query string finds. Every expected list was worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django_countries import countries

from initiatives.dates import PartialDate
from initiatives.filters import InitiativeFilter
from initiatives.models import Engagement, Initiative, Location, Participation, PrincipleRating
from taxonomy.lens import Lens
from taxonomy.models import Track
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_20_june_2024")]


@pytest.fixture
def on_20_june_2024(time_machine):
    time_machine.move_to(datetime(2024, 6, 20, 12, tzinfo=UTC))


@pytest.fixture
def find(alice):
    """A function: query string -> titles found for Alice, in alphabetical order."""

    def titles(query, user=alice):
        filterset = filter_for(query, user)
        assert not filterset.errors
        return sorted(filterset.qs.values_list("title", flat=True))

    return titles


def filter_for(query, user):
    return InitiativeFilter(QueryDict(query), Initiative.objects.visible_to(user), user=user, lens=Lens())


def errors_of(query, user=None):
    """Parameters with an error; an invalid filter finds nothing, in any way of asking."""
    filterset = filter_for(query, user or AnonymousUser())
    if filterset.errors:
        assert not filterset.qs.exists()
        assert not filterset.narrowed().exists()
        assert not filterset.period.given
    return set(filterset.errors)


# ---------------------------------------------------------------- dates and status


@pytest.fixture
def dated(alice):
    """One record of each status on 20 June 2024."""
    make_initiative("active", by=alice, start="2020", last_confirmed="2024")
    make_initiative("ended", by=alice, start="2010", end="2012")
    make_initiative("planned", by=alice, start="2025-03")
    make_initiative("undated", by=alice, start=None)
    make_initiative("draft", by=alice, publication="draft")
    make_initiative("in review", by=alice, publication="in_review")
    make_initiative("withdrawn", by=alice, publication="withdrawn")
    make_initiative("cancelled", by=alice, start="2020", cancelled_on=date(2023, 1, 1))
    make_initiative("suspended", by=alice, start="2019").suspensions.create(from_on=date(2024, 1, 1))


ALL = ["active", "cancelled", "draft", "ended", "in review", "planned", "suspended", "undated", "withdrawn"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("unheard_of=1&page=9", ALL),
        ("status=active", ["active"]),
        ("status=suspended", ["suspended"]),
        ("status=planned", ["planned"]),
        ("status=ended", ["ended"]),
        ("status=cancelled", ["cancelled"]),
        ("status=undated", ["undated"]),
        ("status=draft", ["draft"]),
        ("status=in_review", ["in review"]),
        ("status=withdrawn", ["withdrawn"]),
        ("status=draft&status=ended", ["draft", "ended"]),
        # a period and no status: the population of coverage
        ("as_of=2024-06-20", ["active", "ended", "suspended"]),
        ("from=2013", ["active", "suspended"]),
        ("from=2012", ["active", "ended", "suspended"]),
        ("from=2012-12-31", ["active", "ended", "suspended"]),
        ("from=2013-01-01", ["active", "suspended"]),
        ("to=2019", ["ended", "suspended"]),
        ("to=2019-01-01", ["ended", "suspended"]),
        ("to=2018-12-31", ["ended"]),
        ("to=2009", []),
        # as-of is the earlier of today and `to`
        ("to=2011&status=active", ["ended"]),
        ("to=2023-12-31&status=active", ["active", "suspended"]),
        ("as_of=2023-12-31&status=active", ["active", "suspended"]),
        ("as_of=2022-12-31&status=cancelled", []),
        ("as_of=2022-12-31&status=active", ["active", "cancelled", "suspended"]),
        # the window holds for what has begun …
        ("status=ended&from=2013", []),
        ("status=ended&from=2012", ["ended"]),
        ("status=active&status=suspended&to=2019&as_of=2024", ["suspended"]),
        # … reaches the planned only where it goes beyond the as-of day …
        ("status=planned&from=2030", ["planned"]),
        ("status=planned&to=2025-02", []),
        ("status=planned&to=2025-03-01", ["planned"]),
        ("status=planned&to=2024-06-20", ["planned"]),
        ("status=planned&to=2022&as_of=2021", []),
        # … and says nothing about the rest
        ("status=undated&from=2013&to=2014", ["undated"]),
        ("status=draft&from=2030", ["draft"]),
        ("status=cancelled&from=2030", ["cancelled"]),
    ],
)
def test_status_and_period(dated, find, query, found):
    assert find(query) == found


def test_a_suspension_holds_on_both_its_days(alice, find):
    make_initiative("paused", by=alice).suspensions.create(from_on=date(2023, 3, 1), until_on=date(2023, 3, 31))
    suspended = {
        day: find(f"as_of={day}&status=suspended") for day in ("2023-02-28", "2023-03-01", "2023-03-31", "2023-04-01")
    }
    assert suspended == {"2023-02-28": [], "2023-03-01": ["paused"], "2023-03-31": ["paused"], "2023-04-01": []}


def test_a_month_and_a_year_stand_for_the_whole_of_it(alice, find):
    make_initiative("to the month", by=alice, start="2015-06", end="2015-08")
    assert find("from=2015-08-31") == ["to the month"]
    assert find("from=2015-09-01") == []
    assert find("from=2015-08") == ["to the month"]
    assert find("to=2015-06-01") == ["to the month"]
    assert find("to=2015-05") == []
    assert find("to=2015") == ["to the month"]


def test_unconfirmed_is_what_runs_openly_without_a_word_for_twelve_months(dated, alice, find):
    make_initiative("never confirmed", by=alice)
    make_initiative("just in time", by=alice, last_confirmed="2023-06-20")
    make_initiative("a day too late", by=alice, last_confirmed="2023-06-19")
    make_initiative("with an end", by=alice, end="2030")
    assert find("unconfirmed=on") == ["a day too late", "never confirmed"]
    assert find("unconfirmed=on&as_of=2023-06-20") == ["cancelled", "never confirmed", "suspended"][1:]
    assert find("unconfirmed=on&status=ended") == []
    assert find("unconfirmed=on&to=2019&as_of=2024-06-20") == []


# ---------------------------------------------------------------- conflict systems


@pytest.fixture
def camp(alice, valley):
    """Runs 2000 to 2020; in the delta from 2010 to 2012 only."""
    camp = make_initiative("camp", by=alice, start="2000", end="2020", conflicts=[valley])
    delta = ConflictSystemFactory(code="delta", name="Delta", aliases=["Río Hondo"])
    engagement = Engagement(initiative=camp, conflict_system=delta)
    engagement.start, engagement.end = PartialDate.parse("2010"), PartialDate.parse("2012")
    engagement.save()
    return camp


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("conflict=delta", True),
        ("conflict=delta&status=active&as_of=2011", True),
        ("conflict=delta&status=ended&as_of=2015", True),
        ("conflict=delta&status=active&as_of=2015", False),
        ("conflict=valley&status=active&as_of=2015", True),
        ("conflict=delta&status=planned&as_of=2009", True),
        ("conflict=delta&to=2009", False),
        ("conflict=delta&from=2013", False),
        ("conflict=valley&from=2013", True),
        ("from=2013", True),
        ("conflict=delta&conflict=valley&from=2013", True),
    ],
)
def test_in_a_conflict_system_the_engagements_dates_count(camp, find, query, found):
    assert find(query) == (["camp"] if found else [])


def test_conflict_status_and_window_hold_for_the_same_engagement(alice, valley, find):
    """Ended in the one, planned in the other: never "planned, within a window that only the other one meets"."""
    split = make_initiative("split", by=alice, start="2000", conflicts=[])
    delta = ConflictSystemFactory(code="delta")
    for system, start, end in ((valley, "2000", "2005"), (delta, "2030", None)):
        engagement = Engagement(initiative=split, conflict_system=system)
        engagement.start, engagement.end = PartialDate.parse(start), end and PartialDate.parse(end)
        engagement.save()
    assert find("conflict=valley&status=planned") == []
    assert find("conflict=valley&conflict=delta&status=active") == []
    assert find("conflict=valley&conflict=delta&status=planned&from=2000&to=2026") == []
    assert find("conflict=valley&conflict=delta&status=planned&from=2000&to=2030") == ["split"]


def test_a_row_shows_the_status_in_the_chosen_system(camp, alice):
    assert filter_for("as_of=2015", alice).qs.get().status_then == "active"
    assert filter_for("as_of=2015&conflict=valley", alice).qs.get().status_then == "active"
    assert filter_for("as_of=2015&conflict=delta", alice).qs.get().status_then == "ended"


def test_a_systems_children_are_not_meant(alice, valley, find):
    child = ConflictSystemFactory(code="side-valley", parent=valley)
    make_initiative("in the child", by=alice, conflicts=[child])
    assert find("conflict=valley") == []


# ---------------------------------------------------------------- tracks and principles


@pytest.fixture
def tagged(alice, tracks):
    make_initiative("media", by=alice, tracks=[tracks["media"]])
    make_initiative("media, business", by=alice, tracks=[tracks["media"], tracks["business"]])
    make_initiative("business, religion", by=alice, tracks=[tracks["business"], tracks["religion"]])
    make_initiative("untagged", by=alice)
    return tracks


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("track=media", ["media", "media, business"]),
        ("track=business", ["business, religion", "media, business"]),
        ("track=business&lead_only=on", ["business, religion"]),
        ("track=media&track=religion", ["business, religion", "media", "media, business"]),
        ("track=media&track=business&match=all", ["media, business"]),
        ("track=media&track=business&match=any", ["business, religion", "media", "media, business"]),
        ("track=media&track=business&match=all&lead_only=on", []),
        ("track=any", ["business, religion", "media", "media, business"]),
        ("track=none", ["untagged"]),
        ("track=none&track=religion", ["business, religion", "untagged"]),
        ("track=funding", []),
        ("match=all", ["business, religion", "media", "media, business", "untagged"]),
    ],
)
def test_tracks(tagged, find, query, found):
    assert find(query) == found


def test_lead_only_takes_contributing_tracks_for_none(alice, tracks, find):
    contributing = make_initiative("contributing", by=alice)
    contributing.track_tags.create(track=tracks["media"], emphasis="contributing")
    assert find("track=any") == ["contributing"]
    assert find("track=any&lead_only=on") == []
    assert find("track=none&lead_only=on") == ["contributing"]


def test_a_retired_track_counts_under_its_replacement(tagged, alice, find):
    Track.objects.create(code="press", name="Press", status="retired", replaced_by=tagged["media"])
    make_initiative("press", by=alice, tracks=[Track.objects.get(code="press")])
    assert find("track=media") == find("track=press") == ["media", "media, business", "press"]


def test_a_track_retired_without_replacement_is_still_found_by_an_old_link(tagged, alice, find):
    lost = Track.objects.create(code="lost", name="Lost", status="retired")
    make_initiative("lost", by=alice, tracks=[lost])
    assert find("track=lost") == ["lost"]


@pytest.fixture
def rated(alice, principles):
    trust, relationship = principles["trust"], principles["relationship"]
    make_initiative("practised once", by=alice)
    once = Initiative.objects.get(title="practised once")
    once.principle_ratings.create(principle=trust, rating=3, evidence="Letters.", rated_on=date(2020, 1, 1))
    once.principle_ratings.create(principle=trust, rating=1, rated_on=date(2022, 1, 1))
    make_initiative("practised", by=alice, ratings=[(trust, 2, "")])
    make_initiative("evidenced", by=alice, ratings=[(relationship, 0, "Minutes.")])
    make_initiative("not assessed", by=alice)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("principle=trust", ["practised", "practised once"]),
        ("principle=trust&principle=relationship", ["evidenced", "practised", "practised once"]),
        ("principle=trust&rated=practised", ["practised"]),
        ("principle=trust&rated=evidenced", []),
        ("principle=trust&rated=evidenced&as_of=2021-12-31", ["practised once"]),
        ("principle=trust&rated=practised&as_of=2021-12-31", ["practised", "practised once"]),
        ("principle=trust&as_of=2020", ["practised", "practised once"]),
        ("principle=relationship&rated=practised", []),
        ("rated=practised", ["practised"]),
        ("rated=evidenced", ["evidenced"]),
    ],
)
def test_the_rating_that_counts_is_the_latest_by_the_as_of_day(rated, find, query, found):
    assert find(query) == found


def test_an_undated_rating_counts_always_until_a_dated_one_follows(alice, principles, find):
    record = make_initiative("rated twice", by=alice, start="2000", ratings=[(principles["trust"], 3, "")])
    assert find("rated=practised&as_of=2001") == ["rated twice"]
    PrincipleRating.objects.create(
        initiative=record, principle=principles["trust"], rating=0, rated_on=date(2010, 5, 1)
    )
    assert find("rated=practised&as_of=2010-04-30") == ["rated twice"]
    assert find("rated=practised&as_of=2010-05-01") == []


# ---------------------------------------------------------------- organisations, countries, activities, words


def test_mine_is_what_whoever_asks_recorded_themselves(alice, olga, find):
    """One address, another answer for each; a colleague's record, also one last changed by them, is not among it."""
    make_initiative("Alice's", by=alice, sharing="public")
    make_initiative("a draft", by=alice, publication="draft")
    make_initiative("Olga's", by=olga, sharing="public", updated_by=alice)
    make_initiative("of an erased account", sharing="public")
    assert find("mine=on") == ["Alice's", "a draft"]
    assert find("mine=on", olga) == ["Olga's"]
    assert find("mine=on", AnonymousUser()) == []
    assert find("mine=off") == ["Alice's", "Olga's", "a draft", "of an erased account"]
    assert [chip.label for chip in filter_for("mine=on", alice).chips()] == ["Recorded by me"]
    assert errors_of("mine=perhaps", alice) == {"mine"}


def test_organisation_country_and_activity(alice, harbour, activities, find):
    first = make_initiative("first", by=alice, organisations=[("funder", harbour)])
    second = make_initiative("second", by=alice)
    for record, country in ((first, "CY"), (second, "CO"), (second, "EC")):
        Location.objects.create(initiative=record, country=country)
    second.activities.set(activities.values())
    assert find("organisation=harbour") == ["first"]
    assert find("organisation=bridge") == []
    assert find("country=CY") == ["first"]
    assert find("country=CO&country=CY") == ["first", "second"]
    assert find("country=CO&organisation=harbour") == []
    assert find("activity=training") == ["second"]
    assert find("activity=training&activity=mediation") == ["second"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("RIVER", True),
        ("river camp", True),
        ("river absent", False),
        ("evening", True),
        ("ropes", True),
        ("larnaca", True),
        ("delta", True),
        ("hondo", True),
        ("RÍO", True),
        ("harbour", True),
        ("100%", True),
        ("100_", False),
        ("%", True),
        ("  ", True),
    ],
)
def test_every_word_of_a_search_occurs_somewhere(camp, alice, harbour, find, words, found):
    camp.title, camp.summary, camp.description = "River camp", "In the evening, 100% outdoors", "Knots and *ropes*"
    camp.save()
    Location.objects.create(initiative=camp, country="CY", place="Larnaca")
    Participation.objects.create(initiative=camp, organisation=harbour, role="host")
    query = QueryDict(mutable=True)
    query["q"] = words
    assert find(query.urlencode()) == (["River camp"] if found else [])


def test_a_record_is_found_once_however_often_it_matches(camp, alice, harbour, bridge, find):
    for organisation in (harbour, bridge):
        for role in ("lead", "host"):
            Participation.objects.create(initiative=camp, organisation=organisation, role=role)
    assert find("q=a&organisation=harbour&organisation=bridge&conflict=valley&conflict=delta") == ["camp"]


# ---------------------------------------------------------------- order


def test_every_sort_is_an_order_of_its_own(alice):
    for place, (title, start) in enumerate([("B", "2001"), ("a", "2003"), ("c", None)]):
        record = make_initiative(title, by=alice, start=start)
        moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=place)
        Initiative.objects.filter(pk=record.pk).update(updated_at=moment)
    orders = {
        sort: "".join(filter_for(f"sort={sort}", alice).qs.values_list("title", flat=True))
        for sort in ("", "updated", "-updated", "title", "-title", "start", "-start")
    }
    assert orders == {
        "": "caB",
        "updated": "caB",
        "-updated": "Bac",
        "title": "aBc",
        "-title": "cBa",
        "start": "Bac",
        "-start": "aBc",
    }


# ---------------------------------------------------------------- what is invalid


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("conflict=nowhere", "conflict"),
        ("track=tenth", "track"),
        ("track=media&track=tenth", "track"),
        ("principle=wealth", "principle"),
        ("organisation=nobody", "organisation"),
        ("country=XX", "country"),
        ("country=cy", "country"),
        ("activity=dancing", "activity"),
        ("status=thriving", "status"),
        ("sort=money", "sort"),
        ("match=some", "match"),
        ("rated=well", "rated"),
        ("from=yesterday", "from"),
        ("to=2023-02-30", "to"),
        ("as_of=0", "as_of"),
        ("from=2020&to=2019", "to"),
        ("q=" + "a" * 101, "q"),
        *((f"{name}=a%00b", name) for name in ("q", "conflict", "track", "principle", "organisation", "country")),
        *((f"{name}=a%00b", name) for name in ("activity", "status", "from", "to", "as_of", "match", "rated", "sort")),
    ],
)
def test_an_invalid_value_is_told_and_finds_nothing(tracks, query, field):
    make_initiative(sharing="public", tracks=[tracks["media"]])
    assert errors_of(query) == {field}


@pytest.mark.parametrize(
    "query", ["conflict=&track=&status=&organisation=&country=&from=&q=&sort=&rated=&match=", "page=zero", "x=%00"]
)
def test_blank_and_unknown_parameters_are_passed_over(query):
    make_initiative(sharing="public")
    assert not errors_of(query)
    assert filter_for(query, AnonymousUser()).qs.count() == 1


# ---------------------------------------------------------------- for the dashboard


def test_narrowed_leaves_conflict_period_and_status_to_coverage(dated, camp, alice, tracks):
    def narrowed(query, **kwargs):
        return set(filter_for(query, alice).narrowed(**kwargs).values_list("title", flat=True))

    assert narrowed("conflict=delta&status=ended&from=2030&unconfirmed=on&sort=title") == {*ALL, "camp"}
    assert narrowed("q=camp&status=draft") == {"camp"}
    assert narrowed("track=media") == set()


def test_narrowed_for_a_system_keeps_the_status_there(camp, alice):
    delta = camp.engagements.get(conflict_system__code="delta").conflict_system
    valley = camp.engagements.get(conflict_system__code="valley").conflict_system
    filterset = filter_for("status=ended&as_of=2015", alice)
    assert filterset.narrowed(system=delta).exists()
    assert not filterset.narrowed(system=valley).exists()


# ---------------------------------------------------------------- what is offered and shown as active


def offered(user):
    form = filter_for("", user).form
    return {name: list(dict(form.fields[name].choices)) for name in ("organisation", "country", "status", "track")}


def test_options_name_only_what_this_viewer_may_open(alice, olga, tracks, harbour):
    secret = make_initiative(by=alice, sharing="restricted", organisations=[("partner", harbour)])
    Location.objects.create(initiative=secret, country="CY")
    assert offered(alice)["organisation"] == ["harbour"]
    assert offered(olga)["organisation"] == []
    assert offered(olga)["country"] == offered(alice)["country"] == list(dict(countries))
    assert offered(olga)["track"] == [*tracks, "any", "none"]
    assert "draft" in offered(olga)["status"]
    assert "draft" not in offered(AnonymousUser())["status"]


def test_an_organisation_known_only_from_a_hidden_record_is_as_unknown_as_none(alice, olga):
    typed = OrganisationFactory(code="typed", confirmed=False, made_by=alice)
    make_initiative(by=alice, sharing="restricted", organisations=[("partner", typed)])
    assert errors_of("organisation=typed", alice) == set()
    mine, none = (filter_for(f"organisation={code}", olga).errors for code in ("typed", "tipsy"))
    assert str(mine).replace("typed", "tipsy") == str(none)


def test_chips_name_what_is_active_and_how_to_take_it_out(alice, tracks, valley):
    filterset = filter_for("q=camp&track=media&track=business&conflict=valley&sort=title&lead_only=on&page=3", alice)
    assert filterset.chips() == [
        ("Text", "camp", "conflict=valley&track=media&track=business&lead_only=on&sort=title"),
        ("Conflict system", "Valley", "q=camp&track=media&track=business&lead_only=on&sort=title"),
        ("Track", "9 Media", "q=camp&conflict=valley&track=business&lead_only=on&sort=title"),
        ("Track", "3 Business", "q=camp&conflict=valley&track=media&lead_only=on&sort=title"),
        ("Lead tracks only", "", "q=camp&conflict=valley&track=media&track=business&sort=title"),
    ]


def test_an_invalid_value_has_a_chip_too():
    assert filter_for("status=thriving", AnonymousUser()).chips() == [("Status", "thriving", "")]


def test_a_retired_term_in_a_link_is_chosen_as_its_replacement(alice, tracks):
    Track.objects.create(code="press", name="Press", status="retired", replaced_by=tracks["media"])
    filterset = filter_for("track=press", alice)
    assert [(chip.value, chip.query) for chip in filterset.chips()] == [("9 Media", "")]
    assert filterset.form["track"].value() == ["media"]

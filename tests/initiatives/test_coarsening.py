"""What wider circles are shown less precisely than it is recorded: to whom, and in which words. By hand."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from initiatives.dates import PartialDate, today
from initiatives.filters import InitiativeFilter
from initiatives.models import Engagement, Grant, Initiative, LogEntry, OrganisationGrant
from initiatives.models.coarsening import shown_day
from tests.answers import json_of
from tests.factories import MembershipFactory, UserFactory, make_initiative
from tests.proving import sign_in_and_prove

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def read_by(user, initiative):
    """As on a new request, whose person is read afresh."""
    user = type(user).objects.get(pk=user.pk) if user.pk else user
    return Initiative.objects.visible_to(user).get(pk=initiative.pk)


@pytest.fixture
def camp(alice, valley, tracks, principles):
    """Public, its dates shown as years and its places as parts of the world."""
    camp = make_initiative(
        "River camp",
        by=alice,
        sharing="public",
        start="1993-07-15",
        last_confirmed="2003-01-02",
        conflicts=[valley],
        tracks=[tracks["media"]],
        shown_dates="year",
        shown_places="region",
    )
    camp.locations.create(country="KE", place="Wajir")
    camp.locations.create(country="UG")
    camp.suspensions.create(from_on=date(1995, 3, 4), until_on=date(1995, 5, 6))
    camp.principle_ratings.create(principle=principles["trust"], rating=1, rated_on=date(1994, 5, 1))
    camp.principle_ratings.create(principle=principles["trust"], rating=3, rated_on=date(1994, 8, 1))
    return camp


# ---------------------------------------------------------------- to whom


def test_who_reads_what_is_recorded(camp, alice, colin, maria, olga, otto, curator, administrator, harbour):
    OrganisationGrant.objects.create(initiative=camp, organisation=harbour)
    people = {
        "anonymous": AnonymousUser(),
        "author": alice,
        "colleague": colin,
        "manager": maria,
        "partner": olga,
        "named": otto,
        "curator": curator,
        "administrator": administrator,
    }
    Grant.objects.create(initiative=camp, user=otto)
    exact = {name for name, user in people.items() if read_by(user, camp).reads_exactly}
    assert exact == {"author", "colleague", "manager", "named"}


def test_an_author_is_inside_as_a_member_of_the_owning_organisation_alone(camp, alice, bridge, harbour):
    alice.memberships.update(active=False)
    MembershipFactory(user=alice, organisation=harbour)
    assert not read_by(alice, camp).reads_exactly
    alice.memberships.filter(organisation=bridge).update(active=True)
    assert read_by(alice, camp).reads_exactly


def test_a_named_person_is_inside_until_the_day_given_and_while_member_of_any(camp, olga):
    grant = Grant.objects.create(initiative=camp, user=olga, until_on=today())
    assert read_by(olga, camp).reads_exactly
    Grant.objects.filter(pk=grant.pk).update(until_on=today() - timedelta(days=1))
    assert not read_by(olga, camp).reads_exactly
    Grant.objects.filter(pk=grant.pk).update(until_on=None)
    olga.memberships.update(active=False)
    assert not read_by(olga, camp).reads_exactly


def test_a_deactivated_account_is_outside(camp, alice):
    alice.is_active = False
    alice.save()
    assert not read_by(alice, camp).reads_exactly


def test_where_nobody_was_asked_about_it_is_shown_as_to_somebody_outside(camp):
    unasked = Initiative.objects.get(pk=camp.pk)
    assert str(unasked.shown.start) == "1993"
    assert unasked.shown.places == ["Eastern Africa"]
    assert unasked.start == PartialDate.parse("1993-07-15")  # for actions
    assert Engagement.objects.get().initiative.shown.start.iso == "1993"


def test_the_reader_is_part_of_no_subselect_and_of_no_count(camp, olga, django_assert_num_queries):
    visible = Initiative.objects.visible_to(olga)
    assert list(Engagement.objects.filter(initiative__in=visible)) == list(Engagement.objects.all())
    assert list(visible.values("pk")) == [{"pk": camp.pk}]
    assert "CASE" not in str(visible.values("pk").query)
    with django_assert_num_queries(1) as asked:
        assert visible.count() == 1
    assert "CASE" not in asked[0]["sql"]


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("recorded", "to", "shown"),
    [
        ("1993-07-15", "", "1993-07-15"),
        ("1993-07-15", "month", "1993-07"),
        ("1993-07-15", "year", "1993"),
        ("1993-07", "month", "1993-07"),
        ("1993-07", "year", "1993"),
        ("1993", "month", "1993"),
        ("1993-07-15", "something unknown", "1993"),
    ],
)
def test_a_shown_date_is_the_coarser_of_recorded_and_shown(recorded, to, shown):
    assert PartialDate.parse(recorded).coarsened(to).iso == shown


@pytest.mark.parametrize("day", ["2024-02-10", "2023-02-10", "1000-01-01", "9999-12-31", "1999-12-01", "2020-04-30"])
@pytest.mark.parametrize("to", ["", "month", "year"])
def test_the_database_knows_the_same_first_and_last_days(day, to):
    make_initiative(start=day, shown_dates=to)
    shown = {keeps: shown_day("start_on", keeps=keeps, reader=AnonymousUser()) for keeps in ("first", "last")}
    unknown = shown_day("end_on", keeps="last", reader=AnonymousUser())
    initiatives = Initiative.objects.annotate(**shown, unknown=unknown)
    span = PartialDate.parse(day).coarsened(to)
    found = initiatives.get(first__lte=span.first, last__gte=span.last)
    assert (found.first, found.last, found.unknown) == (span.first, span.last, None)
    assert not initiatives.filter(last__gt=span.last).exists()


def test_a_record_whose_author_is_gone_is_still_told_coarsely(camp, curator, olga):
    Initiative.objects.update(author=None)
    for user in (AnonymousUser(), curator, olga):
        visible = Initiative.objects.visible_to(user)
        assert visible.get().reads_exactly is False
        assert visible.get().shown.start.precision == "year"


def test_status_follows_what_is_shown(camp, alice, olga):
    inside, outside = read_by(alice, camp), read_by(olga, camp)
    days = {
        date(1993, 1, 1): ("planned", "active"),
        date(1993, 7, 15): ("active", "active"),
        date(1995, 1, 1): ("active", "suspended"),
        date(1995, 12, 31): ("active", "suspended"),
        date(1996, 1, 1): ("active", "active"),
    }
    assert {day: (inside.status(day), outside.status(day)) for day in days} == days
    assert outside.recorded_status(date(1995, 1, 1)) == "active"


def test_an_end_is_over_when_the_shown_year_is(camp, olga):
    camp.end, camp.cancelled_on = PartialDate.parse("1997-03-01"), None
    camp.save()
    outside = read_by(olga, camp)
    assert [outside.status(day) for day in (date(1997, 12, 31), date(1998, 1, 1))] == ["active", "ended"]
    camp.cancelled_on = date(1996, 9, 9)
    camp.save()
    outside = read_by(olga, camp)
    assert [outside.status(day) for day in (date(1995, 12, 31), date(1996, 1, 1))] == ["suspended", "cancelled"]


def test_a_confirmation_holds_until_the_shown_year_is_over(camp, alice, olga):
    late_in_the_year = date(2004, 12, 31)  # last confirmed 2 January 2003; shown as 2003
    assert read_by(alice, camp).is_unconfirmed(late_in_the_year)
    assert not read_by(olga, camp).is_unconfirmed(date(2004, 12, 30))
    assert read_by(olga, camp).is_unconfirmed(date(2005, 1, 1))


def test_among_ratings_of_a_shown_year_the_last_recorded_counts(camp, principles, alice, olga):
    camp.principle_ratings.create(principle=principles["trust"], rating=2, rated_on=date(1994, 6, 1))
    assert [row.rating for row in read_by(alice, camp).shown.ratings()] == [3]
    assert [row.rating for row in read_by(olga, camp).shown.ratings()] == [2]
    assert [row.rating for row in read_by(alice, camp).shown.ratings(date(1994, 1, 1))] == []
    assert [row.rating for row in read_by(olga, camp).shown.ratings(date(1994, 1, 1))] == [2]


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("shown_places", "places", "countries", "named"),
    [
        ("", ["Wajir, Kenya", "Uganda"], ["KE", "UG"], ["Wajir, Kenya"]),
        ("country", ["Kenya", "Uganda"], ["KE", "UG"], []),
        ("region", ["Eastern Africa"], [], []),
        ("unknown", ["Eastern Africa"], [], []),
    ],
)
def test_places_as_others_read_them(camp, olga, alice, shown_places, places, countries, named):
    Initiative.objects.update(shown_places=shown_places)
    shown = read_by(olga, camp).shown
    assert (shown.places, shown.countries, shown.named_places) == (places, countries, named)
    assert shown.regions == ["Eastern Africa"]
    assert read_by(alice, camp).shown.places == ["Wajir, Kenya", "Uganda"]


@pytest.mark.parametrize(("shown_places", "by_country", "by_place"), [("", 1, 1), ("country", 1, 0), ("region", 0, 0)])
def test_filters_find_only_what_is_shown(camp, alice, olga, shown_places, by_country, by_place):
    Initiative.objects.update(shown_places=shown_places)

    def found(user, **asked):
        query = QueryDict(mutable=True)
        query.update(asked)
        return InitiativeFilter(query, Initiative.objects.visible_to(user), user=user).qs.count()

    for user in (olga, AnonymousUser()):
        assert found(user, country="KE") == by_country
        assert found(user, q="waj") == by_place
    assert found(alice, country="KE") == found(alice, q="waj") == 1


# ---------------------------------------------------------------- pages


def test_the_reading_page_says_no_more_than_is_shown(client, camp, alice, olga):
    LogEntry.objects.create(
        initiative=camp, author=alice, happened_on=date(1994, 4, 5), kind="meeting", text="First", sharing="network"
    )
    LogEntry.objects.create(
        initiative=camp, author=alice, happened_on=date(1994, 2, 1), kind="meeting", text="Second", sharing="network"
    )
    client.force_login(olga)
    page = client.get(camp.get_absolute_url()).content.decode()
    for told in ("Since 1993", "start: 1993 (to the year)", "Eastern Africa", "Suspended 1995 – 1995", "in 1994"):
        assert told in page
    assert '<time datetime="1994">1994</time>' in page
    assert page.index("Second") < page.index("First")  # the last written first: their order tells nothing of days
    for hidden in (
        "July",
        "1993-07",
        "Wajir",
        "Kenya",
        "Uganda",
        "March",
        "May",
        "April",
        "Others read",
        "known only",
    ):
        assert hidden not in page


def test_those_inside_read_what_is_recorded_and_what_others_read(client, camp, alice):
    client.force_login(alice)
    page = client.get(camp.get_absolute_url()).content.decode()
    for told in ("Since 15 July 1993", "Wajir, Kenya", "4 March 1995 – 6 May 1995", "Since 1993; Eastern Africa"):
        assert told in page
    Initiative.objects.update(shown_dates="", shown_places="")
    assert "Others read" not in client.get(camp.get_absolute_url()).content.decode()


def test_rows_and_an_organisations_page_say_no_more_than_is_shown(client, camp, valley, bridge, alice, olga):
    camp.participations.create(organisation=bridge, role="lead")
    own = Engagement.objects.get()
    own.start = PartialDate.parse("1994-02-03")
    own.save()
    for user, dates in (
        (olga, ("since 1993", "since 1994")),
        (alice, ("since 15 July 1993", "since 3 February 1994")),
    ):
        client.force_login(user)
        rows = client.get(reverse("initiatives:list")).content.decode()
        assert all(told in rows for told in dates)
        assert dates[0] in client.get(bridge.get_absolute_url()).content.decode()


def test_exports_say_no_more_than_is_shown(client, camp, alice, olga):
    columns = ("start", "start_precision", "last_confirmed", "countries", "places", "regions")
    settings = ("shown_dates", "shown_places")
    client.force_login(olga)
    (row,) = json_of(client.get(reverse("initiatives:export-json")))
    assert [row[name] for name in columns] == ["1993", "year", "2003", [], [], ["Eastern Africa"]]
    assert [row[name] for name in settings] == ["", ""]
    client.force_login(alice)
    (row,) = json_of(client.get(reverse("initiatives:export-json")))
    exact = ["1993-07-15", "day", "2003-01-02", ["KE", "UG"], ["Wajir, Kenya"], ["Eastern Africa"]]
    assert [row[name] for name in columns] == exact
    assert [row[name] for name in settings] == ["year", "region"]
    client.logout()
    (row,) = json_of(client.get(reverse("initiatives:export-json")))
    assert not set(settings) & set(row)


# ---------------------------------------------------------------- saying so


def edited(client, camp, **said):
    form = client.get(reverse("initiatives:edit", args=[camp.ref])).context["form"]
    sent = {"title": "River camp", "version": form["version"].value(), "start": "1993-07-15", "conflicts": "valley"}
    sent |= {"lead_track": "media", "roles": "lead", "organisations": "bridge", "action": "publish"}
    return client.post(reverse("initiatives:edit", args=[camp.ref]), sent | said)


def said_of_readers(client, initiative, **said):
    """What the page on who reads it answers, to somebody who gives a reason and has proved who they are."""
    initiative.refresh_from_db()
    answers = {"reason": "They asked for it.", "agreed": "on", "version": initiative.version}
    return client.post(reverse("initiatives:sharing", args=[initiative.ref]), answers | said)


def test_the_page_on_readers_says_how_precisely_others_read_and_history_tells_of_it(client, camp, alice):
    sign_in_and_prove(client, alice)
    assert said_of_readers(client, camp, shown_dates="month", shown_places="").status_code == 302
    camp.refresh_from_db()
    assert (camp.shown_dates, camp.shown_places) == ("month", "")
    assert said_of_readers(client, camp, shown_dates="", shown_places="country").status_code == 302
    page = client.get(reverse("initiatives:history", args=[camp.ref])).content.decode()
    for told in ("Dates that others read", "Month and year", "Places that others read", "As recorded"):
        assert told in page


def test_the_form_of_what_was_published_does_not_say_how_precisely_others_read(client, camp, alice):
    client.force_login(alice)
    assert edited(client, camp, shown_dates="", shown_places="").status_code == 302
    camp.refresh_from_db()
    assert (camp.shown_dates, camp.shown_places) == ("year", "region")


def test_what_a_form_does_not_send_stays_as_it_is(client, camp, alice):
    client.force_login(alice)
    assert edited(client, camp).status_code == 302
    camp.refresh_from_db()
    assert (camp.shown_dates, camp.shown_places) == ("year", "region")


def test_an_unknown_precision_is_refused_beside_its_field(client, camp, alice):
    sign_in_and_prove(client, alice)
    response = said_of_readers(client, camp, shown_dates="decade")
    assert response.status_code == 200
    assert "shown_dates" in response.context["form"].errors


def test_who_is_only_named_to_write_does_not_say_what_others_read(client, camp, olga):
    Grant.objects.create(initiative=camp, user=olga, access="write")
    client.force_login(olga)
    assert edited(client, camp, shown_dates="", shown_places="").status_code == 302
    camp.refresh_from_db()
    assert (camp.shown_dates, camp.shown_places) == ("year", "region")


def test_a_new_record_is_logged_with_it(form):
    form("publish", title="Talks", conflicts="valley", start="1993", lead_track="media", shown_dates="year")
    assert Initiative.objects.get().shown_dates == "year"


def test_a_mark_goes_by_what_is_recorded(client, camp, alice):
    """Also where the record changed meanwhile: what is then read afresh knows no reader."""
    tomorrow = PartialDate.around(today() + timedelta(days=1), "day")
    Initiative.objects.update(start_on=tomorrow.first, version=2)  # planned; others read that the year has begun
    confirm = reverse("initiatives:mark", args=[camp.ref, "confirm"])
    client.force_login(alice)
    assert confirm not in client.get(camp.get_absolute_url()).content.decode()
    answer = client.post(confirm, {"version": 1, "day": ""})
    assert answer.status_code == 409
    assert "as it stands now (planned)" in answer.content.decode()


def test_nobody_outside_needs_to_be_known_for_queries_to_stay_few(client, camp, olga, django_assert_max_num_queries):
    UserFactory()
    client.force_login(olga)
    with django_assert_max_num_queries(60) as few:
        client.get(reverse("initiatives:list"))
    for n in range(5):
        make_initiative(f"More {n}", sharing="public", shown_dates="year", conflicts=[camp.conflict_systems.get()])
    with django_assert_max_num_queries(60) as many:
        client.get(reverse("initiatives:list"))
    assert len(many) == len(few)


RECORDED = re.compile(
    r"(initiative|found|other|part|engagement)\.(start|end|last_confirmed|cancelled_on|suspensions|locations)\b"
)


def test_no_page_reads_a_date_or_place_past_what_is_shown():
    pages = list(TEMPLATES.glob("**/*.html"))
    assert pages
    assert [page.name for page in pages if RECORDED.search(page.read_text(encoding="utf-8"))] == []

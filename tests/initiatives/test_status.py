"""Status on a day, by hand; and that Python, SQL and the figures never disagree about it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.analytics.coverage import coverage
from initiatives.dates import twelve_months_before
from initiatives.models import Engagement, Initiative, Publication, Suspension
from initiatives.models.status import status_on
from initiatives.period import Period
from initiatives.timing import engagements_on, in_window, initiatives_on, is_unconfirmed
from tests.factories import make_initiative

T = date(2020, 6, 30)
BEFORE, AFTER = T - timedelta(days=1), T + timedelta(days=1)


def status(*, publication="published", cancelled_on=None, began_on=BEFORE, ended_on=None, suspensions=()):
    return status_on(
        T,
        publication=publication,
        cancelled_on=cancelled_on,
        began_on=began_on,
        ended_on=ended_on,
        suspensions=suspensions,
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, "active"),
        ({"began_on": T}, "active"),
        ({"began_on": AFTER}, "planned"),
        ({"began_on": None}, "undated"),
        ({"ended_on": T}, "active"),
        ({"ended_on": BEFORE}, "ended"),
        ({"suspensions": [(T, None)]}, "suspended"),
        ({"suspensions": [(AFTER, None)]}, "active"),
        ({"suspensions": [(BEFORE, T)]}, "suspended"),
        ({"suspensions": [(BEFORE, BEFORE)]}, "active"),
        ({"suspensions": [(BEFORE, BEFORE), (T, T)]}, "suspended"),
        ({"cancelled_on": T}, "cancelled"),
        ({"cancelled_on": AFTER}, "active"),
    ],
)
def test_each_status_on_each_side_of_its_border(told, expected):
    assert status(**told) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"publication": "draft", "cancelled_on": BEFORE}, "draft"),
        ({"cancelled_on": BEFORE, "began_on": None}, "cancelled"),
        ({"cancelled_on": BEFORE, "began_on": AFTER}, "cancelled"),
        ({"began_on": AFTER, "suspensions": [(BEFORE, None)]}, "planned"),
        ({"ended_on": BEFORE, "suspensions": [(BEFORE, None)]}, "ended"),
    ],
)
def test_the_first_that_applies_holds(told, expected):
    assert status(**told) == expected


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 28)),
        (date(2024, 3, 1), date(2023, 3, 1)),
    ],
)
def test_twelve_months_before_a_leap_day_is_the_last_of_february(day, earlier):
    assert twelve_months_before(day) == earlier


# ---------------------------------------------------------------- Python and SQL alike

days = st.dates(T - timedelta(days=4), T + timedelta(days=4))  # near enough that borders are met often
maybe_day = st.none() | days
spans = st.tuples(maybe_day, maybe_day).map(lambda pair: sorted(pair) if None not in pair else pair)
pauses = st.lists(st.tuples(days, days).map(sorted), max_size=2)
confirmations = st.none() | st.dates(T - timedelta(days=370), T - timedelta(days=361))
publications = st.sampled_from(["published"] * 5 + [str(state) for state in Publication])


def first(day, shown):
    """Of the month or year that holds a day, where `shown` says so."""
    return day and {"": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[shown]


def last(day, shown):
    if day and shown == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day.replace(month=12, day=31) if day and shown == "year" else day


def written(start, end):
    return {
        "start_on": start,
        "start_precision": "day" if start else "",
        "end_on": end,
        "end_precision": "day" if end else "",
    }


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    span=spans,
    own=spans,
    cancelled_on=maybe_day,
    pauses=pauses,
    open_pause=maybe_day,
    confirmed_on=confirmations,
    publication=publications,
    from_day=maybe_day,
    to_day=maybe_day,
    shown=st.sampled_from(["", "month", "year"]),
    exactly=st.booleans(),
)
def test_python_sql_and_the_figures_agree(
    valley,
    tracks,
    alice,
    bridge,
    span,
    own,
    cancelled_on,
    pauses,
    open_pause,
    confirmed_on,
    publication,
    from_day,
    to_day,
    shown,
    exactly,
):
    """For somebody inside by what is recorded; for somebody outside by what is shown."""
    Initiative.objects.all().delete()
    initiative = make_initiative(conflicts=[valley], tracks=[tracks["media"]], owner=bridge)
    reader = alice if exactly else AnonymousUser()
    initiatives = Initiative.objects.annotate(reads_exactly=Value(exactly))
    Initiative.objects.update(
        shown_dates=shown,
        **written(*span),
        cancelled_on=cancelled_on,
        last_confirmed_on=confirmed_on,
        last_confirmed_precision="day" if confirmed_on else "",
        publication=publication,
    )
    Engagement.objects.update(**written(*own))
    suspensions = [*pauses, *([(open_pause, None)] if open_pause else [])]
    for from_on, until_on in suspensions:
        Suspension.objects.create(initiative=initiative, from_on=from_on, until_on=until_on)
    initiative = initiatives.get()
    shown = "" if exactly else shown
    told = {
        "publication": publication,
        "cancelled_on": first(cancelled_on, shown),
        "suspensions": [(first(start, shown), last(until, shown)) for start, until in suspensions],
    }
    began, ended = first(span[0], shown), last(span[1], shown)

    of_initiative = initiatives_on(T, initiatives, reader).get()
    assert of_initiative.status_then == initiative.status(T)
    assert of_initiative.status_then == status_on(T, began_on=began, ended_on=ended, **told)

    period = Period(from_day=from_day, to_day=to_day, as_of=T, given=True)
    everything = Period(None, None, T, given=False)
    unconfirmed = initiatives_on(T, initiatives, reader).filter(is_unconfirmed(everything)).exists()
    assert unconfirmed == initiative.is_unconfirmed(T)

    began, ended = first(own[0] or span[0], shown), last(own[1] or span[1], shown)
    there = status_on(T, began_on=began, ended_on=ended, **told)
    assert engagements_on(T, reader).get().status_then == there

    figures = coverage(initiatives, system=valley, period=period)
    media = figures.tracks[-1]
    within = engagements_on(T, reader).filter(in_window(period)).exists()
    counts = {"active": media.active, "suspended": media.suspended, "ended": media.ended}
    assert counts == {name: int(there == name and within) for name in counts}
    assert figures.undated == (there == "undated")
    unconfirmed = engagements_on(T, reader).filter(is_unconfirmed(period)).exists()
    assert media.unconfirmed == unconfirmed

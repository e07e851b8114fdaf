"""When records ran, as columns and conditions: what the list asks of dates, and coverage asks alike.

Columns: `began`, `ended`, `cancelled`, `confirmed` (days or null), `suspended`, `status_then` (a value of Status on
the day); all but the last stay in the database. Each day is as precise as the reader may see it.
Source: analytics definitions, "Population" and "Status on day t".
"""

from functools import partial

from django.db.models import OuterRef, Q

from initiatives.dates import twelve_months_before
from initiatives.models import BEGUN, Engagement, Status, Suspension
from initiatives.models.coarsening import shown_day
from initiatives.models.status import status_expression
from mtd_tracker.written import any_row_by_row


def initiatives_on(day, queryset, reader):
    """Initiatives with the columns above, by their own dates."""
    shown = partial(shown_day, reader=reader)
    return _with_columns(
        queryset,
        day,
        began=shown("start_on", keeps="first"),
        ended=shown("end_on", keeps="last"),
        cancelled=shown("cancelled_on", keeps="first"),
        confirmed=shown("last_confirmed_on", keeps="last"),
        suspended=_suspension_covers(day, "pk", reader),
    )


def engagements_on(day, reader):
    """Engagements with the columns above: dates of their own, else their initiative's."""
    shown = partial(shown_day, reader=reader, initiative="initiative__")
    return _with_columns(
        Engagement.objects.all(),
        day,
        initiative="initiative__",
        began=shown("start_on", "initiative__start_on", keeps="first"),
        ended=shown("end_on", "initiative__end_on", keeps="last"),
        cancelled=shown("initiative__cancelled_on", keeps="first"),
        confirmed=shown("initiative__last_confirmed_on", keeps="last"),
        suspended=_suspension_covers(day, "initiative", reader),
    )


def _with_columns(rows, day, *, initiative="", **columns):
    names = {"began_on": "began", "ended_on": "ended", "cancelled_on": "cancelled", "suspended": "suspended"}
    return rows.alias(**columns).annotate(status_then=status_expression(day, **names, initiative=initiative))


def _suspension_covers(day, initiative, reader):
    shown = partial(shown_day, reader=reader, initiative="initiative__")
    pauses = Suspension.objects.filter(initiative=OuterRef(initiative)).alias(
        paused=shown("from_on", keeps="first"), resumed=shown("until_on", keeps="last")
    )
    return any_row_by_row(pauses.filter(Q(until_on=None) | Q(resumed__gte=day), paused__lte=day))


def in_window(period):
    """Begun by the earlier of `to` and as-of, and not ended before `from`."""
    condition = Q(began__lte=period.latest_start)
    if period.from_day:
        condition &= Q(ended=None) | Q(ended__gte=period.from_day)
    return condition


def with_status(statuses, period):
    """Having one of these statuses on the as-of day, and by status the part of the window that it can speak of."""
    begun = [status for status in statuses if status in BEGUN]
    undatable = [status for status in statuses if status not in (*BEGUN, Status.PLANNED)]
    condition = Q(status_then__in=begun) & in_window(period) | Q(status_then__in=undatable)
    if Status.PLANNED in statuses:
        planned = Q(status_then=Status.PLANNED)
        if period.to_day and period.to_day > period.as_of:
            planned &= Q(began__lte=period.to_day)
        condition |= planned
    return condition


def is_unconfirmed(period):
    """Active without an end, and not confirmed within the twelve months before the as-of day."""
    unsaid = Q(confirmed=None) | Q(confirmed__lt=twelve_months_before(period.as_of))
    return unsaid & Q(status_then=Status.ACTIVE, ended=None) & in_window(period)

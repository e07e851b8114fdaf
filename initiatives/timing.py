"""When records ran, as columns and conditions: what the list asks of dates, and coverage asks alike.

Columns: `began`, `ended` (days or null), `suspended`, `status_then` (a value of Status on the day).
Source: analytics definitions, "Population" and "Status on day t".
"""

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from initiatives.dates import twelve_months_before
from initiatives.models import BEGUN, Engagement, Status, Suspension
from initiatives.models.status import status_expression


def _suspension_covers(day, initiative):
    pauses = Suspension.objects.filter(initiative=OuterRef(initiative), from_on__lte=day)
    return Exists(pauses.filter(Q(until_on=None) | Q(until_on__gte=day)))


def initiatives_on(day, queryset):
    """Initiatives with the columns above, by their own dates."""
    return queryset.annotate(began=F("start_on"), ended=F("end_on"), suspended=_suspension_covers(day, "pk")).annotate(
        status_then=status_expression(day, began_on="began", ended_on="ended", suspended="suspended")
    )


def engagements_on(day):
    """Engagements with the columns above: dates of their own, else their initiative's."""
    return Engagement.objects.annotate(
        began=Coalesce("start_on", "initiative__start_on"),
        ended=Coalesce("end_on", "initiative__end_on"),
        suspended=_suspension_covers(day, "initiative"),
    ).annotate(
        status_then=status_expression(
            day, began_on="began", ended_on="ended", suspended="suspended", initiative="initiative__"
        )
    )


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


def is_unconfirmed(period, initiative=""):
    """Active without an end, and not confirmed within the twelve months before the as-of day.

    initiative: prefix that leads to the initiative, such as "initiative__" from an engagement.
    """
    confirmed_on = f"{initiative}last_confirmed_on"
    unsaid = Q(**{confirmed_on: None}) | Q(**{f"{confirmed_on}__lt": twelve_months_before(period.as_of)})
    return unsaid & Q(status_then=Status.ACTIVE, ended=None) & in_window(period)

"""Status on a day: derived from dates and marks, never stored. Once in Python and once in SQL, compared by test.

The first that applies holds. The days are those of the engagement where a conflict system is asked about, else
the initiative's own. Source: analytics definitions, "Status on day t".
"""

from django.db import models
from django.db.models import Case, Q, Value, When


class Publication(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Status(models.TextChoices):
    """What a reader sees as the state of a record; what is unpublished is that before anything else."""

    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    PLANNED = "planned", "Planned"
    ENDED = "ended", "Ended"
    CANCELLED = "cancelled", "Cancelled"
    UNDATED = "undated", "Undated"
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    WITHDRAWN = "withdrawn", "Withdrawn"


COMPLETE = (Publication.IN_REVIEW, Publication.PUBLISHED)  # edited only as long as nothing is missing
FOR_MANAGERS = (Publication.IN_REVIEW, Publication.WITHDRAWN)  # what they see of the unpublished, drafts never
BEGUN = (Status.ACTIVE, Status.SUSPENDED, Status.ENDED)  # those that coverage counts, the planned apart


def mark_on(day, *, cancelled_on, suspensions):
    """What was marked makes of one record on `day`, whatever its dates: cancelled, suspended or None."""
    if cancelled_on and cancelled_on <= day:
        return Status.CANCELLED
    if any(start <= day and (until is None or until >= day) for start, until in suspensions):
        return Status.SUSPENDED
    return None


def mark_expression(day, *, cancelled_on, suspended):
    """The same in SQL, by names of columns or annotations."""
    return Case(
        When(Q(**{f"{cancelled_on}__lte": day}), then=Value(Status.CANCELLED)),
        When(Q(**{suspended: True}), then=Value(Status.SUSPENDED)),
        output_field=models.CharField(),
    )


def status_on(day, *, publication, cancelled_on, began_on, ended_on, suspensions):
    """Status of one record on `day`. suspensions: pairs (from, until or None); other days may be None."""
    if publication != Publication.PUBLISHED:
        return Status(publication)
    mark = mark_on(day, cancelled_on=cancelled_on, suspensions=suspensions)
    if mark == Status.CANCELLED:
        return mark
    if began_on is None:
        return Status.UNDATED
    if began_on > day:
        return Status.PLANNED
    if ended_on and ended_on < day:
        return Status.ENDED
    return mark or Status.ACTIVE


def status_expression(day, *, cancelled_on, began_on, ended_on, suspended, initiative=""):
    """The same in SQL.

    cancelled_on, began_on, ended_on, suspended: names of columns or annotations of the queryset.
    initiative: prefix that leads to the initiative, such as "initiative__" from an engagement.
    """
    return Case(
        When(~Q(**{f"{initiative}publication": Publication.PUBLISHED}), then=f"{initiative}publication"),
        When(Q(**{f"{cancelled_on}__lte": day}), then=Value(Status.CANCELLED)),
        When(Q(**{began_on: None}), then=Value(Status.UNDATED)),
        When(Q(**{f"{began_on}__gt": day}), then=Value(Status.PLANNED)),
        When(Q(**{f"{ended_on}__lt": day}), then=Value(Status.ENDED)),
        When(Q(**{suspended: True}), then=Value(Status.SUSPENDED)),
        default=Value(Status.ACTIVE),
        output_field=models.CharField(),
    )

"""Open points: what a record leaves unsaid, and only those who keep it can say.

Each is a condition on rows of timing.py, so that a system's records and an organisation's own are asked alike.
Source: docs/definitions.md, "Open points of records".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.http import QueryDict

from initiatives.filters import InitiativeFilter
from initiatives.models import BEGUN, Initiative, PrincipleRating, Status, TrackTag
from initiatives.timing import in_window, is_unconfirmed


@dataclass(frozen=True)
class OpenPoint:
    """narrow: called with rows, period, reader, and the name by which a row leads to its initiative ("pk" where it is
    one). in_list: called with Addresses of the list; gives the one that asks the same, or None.
    mark: slug of the mark that answers it; without one, the record's form does.
    """

    slug: str
    title: str
    meaning: str
    narrow: Callable
    in_list: Callable = lambda addresses: None
    mark: str = ""

    def open_in(self, rows, *, period, reader):
        """Rows of timing.py, of initiatives or of engagements, of which the point is open on the as-of day."""
        return self.narrow(rows, period, reader, "pk" if rows.model is Initiative else "initiative")


def _unconfirmed(rows, period, reader, key):
    return rows.filter(is_unconfirmed(period))


def _not_said_to_have_begun(rows, period, reader, key):
    to = "" if key == "pk" else "initiative__"
    unsaid = Q(confirmed=None) | Q(confirmed__lt=F("began"))
    days = rows.alias(logged=TruncDate(f"{to}created_at"), touched=TruncDate(f"{to}updated_at"))
    return days.filter(unsaid, in_window(period), status_then=Status.ACTIVE).filter(
        logged__lt=F("began"), touched__lt=F("began")
    )


def _on_no_track(rows, period, reader, key):
    tags = TrackTag.objects.filter(initiative=OuterRef(key))
    if period.lead_only:
        tags = tags.filter(emphasis=TrackTag.Emphasis.LEAD)
    return rows.filter(~Exists(tags), in_window(period), status_then__in=BEGUN)


def _without_start(rows, period, reader, key):
    return rows.filter(status_then=Status.UNDATED)


def _without_evidence(rows, period, reader, key):
    begun = rows.filter(in_window(period), status_then__in=BEGUN)
    bare = PrincipleRating.objects.filter(rating__gte=PrincipleRating.Rating.PRACTISED, evidence="")
    # Which rating counts is dear to find out: only where there is one of these at all.
    likely = Initiative.objects.visible_to(reader).filter(
        pk__in=bare.filter(initiative__in=begun.order_by().values(key)).order_by().values("initiative")
    )
    asked = QueryDict(f"rated=unevidenced&as_of={period.as_of.isoformat()}")
    found = InitiativeFilter(asked, likely, user=reader).narrowed()
    return begun.filter(**{f"{key}__in": found.order_by().values("pk")})


OPEN_POINTS = (
    OpenPoint(
        slug="unconfirmed",
        title="Does it still run?",
        meaning="Active without an end, and not confirmed in the last twelve months.",
        narrow=_unconfirmed,
        in_list=lambda addresses: addresses.records(Status.ACTIVE, unconfirmed=True),
        mark="confirm",
    ),
    OpenPoint(
        slug="not-begun",
        title="Has it begun?",
        meaning="Its planned start has passed, and nobody has confirmed or changed it since.",
        narrow=_not_said_to_have_begun,
        mark="confirm",
    ),
    OpenPoint(
        slug="no-track",
        title="On which track?",
        meaning="Begun, and on no track: no figure of a track counts it.",
        narrow=_on_no_track,
        in_list=lambda addresses: addresses.untagged(),
    ),
    OpenPoint(
        slug="no-start",
        title="Since when?",
        meaning="It has no start, so that no figure but completeness counts it.",
        narrow=_without_start,
        in_list=lambda addresses: addresses.records(Status.UNDATED),
    ),
    OpenPoint(
        slug="no-evidence",
        title="What shows it?",
        meaning="A principle is rated as practised (2 or 3), and nothing is written down that shows it.",
        narrow=_without_evidence,
        in_list=lambda addresses: addresses.unevidenced(),
    ),
)
BY_SLUG = {point.slug: point for point in OPEN_POINTS}


def any_open(initiatives, *, period, reader):
    """Initiatives of which any point is open, each once. initiatives: rows of timing.py."""
    ask = partial(OpenPoint.open_in, rows=initiatives, period=period, reader=reader)
    found = Q(pk__in=[])
    for point in OPEN_POINTS:
        found |= Q(pk__in=ask(point).order_by().values("pk"))
    return initiatives.filter(found)

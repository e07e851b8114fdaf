"""Open points of records, as pages tell them: of a system, and of an organisation's own."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models.functions import Lower

from initiatives.alphabet import Alphabetical
from initiatives.analytics.figures import Coverage, TrackState
from initiatives.analytics.on_track import last_ended
from initiatives.dates import today
from initiatives.models import CoverageStatement, Engagement, Initiative
from initiatives.open_points import BY_SLUG, OPEN_POINTS, OpenPoint, any_open
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.coverage import Figure, figure
from initiatives.pages.home import editable_by
from initiatives.period import Period
from initiatives.timing import engagements_on, initiatives_on
from taxonomy.models import Track

SHOWN, PER_PAGE = 5, 25
MOST_COUNTED = 99
LAPSES_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class Open:
    """A point with the records of which it is open, by organisation and title. page: those shown.

    editable: keys of those that the reader may change.
    """

    point: OpenPoint
    figure: Figure
    page: Page
    editable: frozenset

    @property
    def number(self):
        return self.page.paginator.count

    @property
    def records(self):
        """Shape: [(initiative, may the reader answer)]."""
        return [(initiative, initiative.pk in self.editable) for initiative in self.page]

    @property
    def left_out(self):
        return self.number - len(self.page)


@dataclass(frozen=True)
class Asking:
    """rows: of timing.py. only: the one point to be told in full, page by page; None for the first of each."""

    rows: object
    period: Period
    reader: object
    only: OpenPoint | None = None
    number: str | None = None

    @cached_property
    def open(self):
        """Shape: [Open]. Queries: two a point, and one."""
        pages = {point: self._page(point) for point in ([self.only] if self.only else OPEN_POINTS)}
        shown = [initiative.pk for page in pages.values() for initiative in page]
        editable = frozenset(editable_by(self.reader).filter(pk__in=shown).values_list("pk", flat=True))
        return [
            Open(point, figure(page.paginator.count, self.address(point)), page, editable)
            for point, page in pages.items()
        ]

    def _page(self, point):
        found = point.open_in(self.rows, period=self.period, reader=self.reader).order_by()
        key = "initiative" if self.rows.model is Engagement else "pk"
        records = Initiative.objects.visible_to(self.reader).filter(pk__in=found.values(key)).select_related("owner")
        records = records.order_by(Alphabetical("owner__name"), Lower("title"), "pk")
        return Paginator(records, PER_PAGE if self.only else SHOWN).get_page(self.number if self.only else 1)

    def address(self, point):
        """Where all of them are told."""
        return f"?point={point.slug}"


# ---------------------------------------------------------------- of a system


@dataclass(frozen=True)
class AskingSystem(Asking):
    """query: the page's own query string."""

    system: object = None
    query: object = None

    def address(self, point):
        """The list, where it can be asked the same; else this page, with this point alone."""
        found = point.in_list(Addresses(self.system, self.period, without(self.query, "point")))
        if found:
            return found
        alone = without(self.query, "page")
        alone["point"] = point.slug
        return f"?{alone.urlencode()}"


def asked_of_system(initiatives, *, system, period, reader, query, only=None):
    """initiatives: as the filter narrows them. query: the page's query string. Shape: AskingSystem."""
    rows = rows_of_system(initiatives, system=system, period=period, reader=reader)
    return AskingSystem(rows, period, reader, only, query.get("page"), system, query)


def rows_of_system(initiatives, *, system, period, reader):
    return engagements_on(period.as_of, reader).filter(
        conflict_system=system, initiative__in=initiatives.order_by().values("pk")
    )


def number_in_system(initiatives, *, system, period, reader, only=None):
    """How many records leave something open, or this one point. Queries: one."""
    rows = rows_of_system(initiatives, system=system, period=period, reader=reader)
    asked = {"period": period, "reader": reader}
    return (only.open_in(rows, **asked) if only else any_open(rows, **asked)).order_by().count()


@dataclass(frozen=True)
class Dormant:
    """A track on which all has ended. ended: the last of it; its month and day may not be known."""

    track: Track
    ended: date
    number: Figure


def dormant_tracks(coverage: Coverage, initiatives, *, addresses, reader):
    """Shape: [Dormant], in circle order. Queries: one for the tracks, one for the days."""
    dormant = [row for row in coverage.tracks if row.state == TrackState.DORMANT]
    if not dormant:
        return []
    days = last_ended(
        initiatives,
        system=coverage.system,
        counted_as=Track.objects.counted_under(),
        period=coverage.period,
        reader=reader,
    )
    return [
        Dormant(row.track, days[row.track.pk], figure(row.ended, addresses.records(tracks=(row.track.code,))))
        for row in dormant
    ]


# ---------------------------------------------------------------- of an organisation's own records


def own_rows(user, organisation):
    """Its records that this person may change, as of today."""
    return initiatives_on(today(), editable_by(user).filter(owner=organisation), user)


def to_do(user, organisation, *, only=None, number=None):
    return Asking(own_rows(user, organisation), Period.default(), user, only, number)


def number_to_do(user, organisation):
    """How many records ask something; one more than MOST_COUNTED stands for all above. Queries: one."""
    rows = any_open(own_rows(user, organisation), period=Period.default(), reader=user)
    return rows.order_by()[: MOST_COUNTED + 1].count()


def statements_to_renew(organisation, user):
    """Its statements that lapse soon. Queries: one."""
    told = CoverageStatement.objects.visible_to(user).filter(organisation=organisation).signed()
    return told.valid_on(today()).filter(lapses_on__lte=today() + LAPSES_WITHIN).order_by("lapses_on", "pk")


def point_of(slug):
    """None where it names none."""
    return BY_SLUG.get(slug)

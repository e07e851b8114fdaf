"""A system's trend as its page shows it: by year or by month, each number of running ones with its list."""

from dataclasses import dataclass, replace
from itertools import groupby

from django.http import QueryDict
from django.utils.dateformat import format as format_date

from initiatives.analytics.bins import MOST, Bin, TrackBin, Trend
from initiatives.drawing.charts import trend_chart
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.coverage import Figure, figure
from initiatives.period import Period

UNITS = {"month": "By month", "year": "By year"}


@dataclass(frozen=True)
class BinRow:
    """label: the month or year in words. cells: one a track listed."""

    label: str
    cells: tuple[tuple[TrackBin, Figure], ...]


@dataclass(frozen=True)
class TrendPage:
    """query: the question's own query string."""

    system: object
    unit: str
    trend: Trend
    period: Period
    query: QueryDict

    @property
    def most(self):
        return MOST

    @property
    def chart(self):
        return trend_chart(self.trend.rows, self.period)

    @property
    def tracks(self):
        return [one.track for one in next(self._grouped(), (None, ()))[1]]

    @property
    def rows(self):
        """Latest first."""
        rows = [BinRow(self.words(one), tuple(map(self._cell, cells))) for one, cells in self._grouped()]
        return rows[::-1]

    @property
    def last(self):
        """The last bin in words."""
        return self.words(self.trend.rows[-1].bin)

    def words(self, one):
        return format_date(one.first, "F Y" if self.unit == "month" else "Y")

    def _grouped(self):
        return ((one, list(rows)) for one, rows in groupby(self.trend.rows, key=lambda row: row.bin))

    def _cell(self, row):
        if not row.active:
            return row, figure(0, None)
        return row, figure(row.active, self._addresses(row.bin).records(tracks=(row.track.code,)))

    def _addresses(self, one: Bin):
        """Lists of what ran in a bin, among the same records: within the window and up to the as-of day."""
        if self.period.is_ahead:
            return Addresses(self.system, self.period, self.query)  # all of them run through its only bin
        first, last = max(one.first, self.period.from_day or one.first), min(one.last, self.period.latest_start)
        return Addresses(self.system, replace(self.period, from_day=first, to_day=last), self.query)

    @property
    def earlier_query(self):
        """The query string for the months before those drawn, status being that of the same day; None at the start."""
        if self.trend.earlier is None:
            return None
        return self._with(to=self.trend.earlier.last, as_of=self.period.as_of)

    def unit_links(self):
        """Shape: [(label, query, whether it is the present one)]."""
        return [(label, self._with(by=unit), unit == self.unit) for unit, label in UNITS.items()]

    def year_links(self):
        """Each year of a trend by year, to see it by month. Shape: [(year, query)], latest first."""
        if self.unit == "month":
            return []
        years = dict.fromkeys(row.bin for row in self.trend.rows)
        zoomed = [
            (one.first.year, self._with(by="month", **{"from": self._from(one)}, to=one.last, as_of=self.period.as_of))
            for one in years
        ]
        return zoomed[::-1]

    def _from(self, one):
        return max(one.first, self.period.from_day or one.first)

    def _with(self, **values):
        query = without(self.query, *values)
        for name, value in values.items():
            query[name] = value if isinstance(value, str) else value.isoformat()
        return query.urlencode()

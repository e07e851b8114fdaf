"""Dates and places, as precisely as a reader may see them: in Python for one record, in SQL for many.

*Inside*, reading what is recorded: active members of the owning organisation, its author among them; the people named
on the record, while they are members of any. Whoever else may open it is outside, and reads its dates and places no
more precisely than the record says. What nobody was asked about is shown as to somebody outside.

Source: docs/definitions.md, "As precise as this viewer may see it".
"""

from datetime import date
from functools import cached_property

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from initiatives.dates import PartialDate, Precision
from initiatives.models.belonging import listed, memberships_of, named_on
from initiatives.models.status import status_on
from initiatives.regions import region_of


class ShownDates(models.TextChoices):
    """How precisely wider circles are shown its dates, where less than they are recorded."""

    MONTH = "month", "Month and year"
    YEAR = "year", "Year alone"


class ShownPlaces(models.TextChoices):
    """How precisely wider circles are shown where it is, where less than it is recorded."""

    COUNTRY = "country", "Country, without the place"
    REGION = "region", "Part of the world, without the country"


AS_RECORDED = ("", "As recorded")


# ---------------------------------------------------------------- in SQL


class Inside(Func):
    """Whether one person reads what is recorded: true or false, never null.

    Written with the person's own organisations and records, not with sub-selects of them: it stands in a query as
    often as a day does. And with their numbers, not with a parameter each, of which one who is named on a thousand
    records would have thousands. organisations, named: primary keys, `listed`; the former at least one.
    """

    output_field = models.BooleanField()

    def __init__(self, owner, initiative, *, organisations, named):
        super().__init__(owner, initiative, organisations=organisations, named=named)

    def as_sql(self, compiler, connection):
        owner, initiative = (compiler.compile(column)[0] for column in self.source_expressions)
        organisations, named = self.extra["organisations"], self.extra["named"]
        among = f" OR {initiative} IN ({named})" if named else ""
        return f"({owner} IN ({organisations}){among})", []


def inside(user, initiative="", key="pk"):
    """Whether this person reads what is recorded, as a condition or a column.

    initiative: prefix that leads to the initiative, such as "initiative__" from an engagement. key: name of its
    primary key there.
    """
    named = named_on(user)
    organisations = listed(membership.organisation_id for membership in memberships_of(user))
    if not organisations:
        return Value(False, output_field=models.BooleanField())
    columns = (f"{initiative}owner", f"{initiative}{key}")
    return Inside(*map(F, columns), organisations=organisations, named=named)


EDGES = {  # of the month or year that holds a day; in SQLite a day is text, and may not pass the year 9999 on the way
    "sqlite": {
        ("month", "first"): "substr({day}, 1, 8) || '01'",
        ("month", "last"): "CASE substr({day}, 6, 2) WHEN '12' THEN substr({day}, 1, 8) || '31' "
        "ELSE date({day}, 'start of month', '+1 month', '-1 day') END",
        ("year", "first"): "substr({day}, 1, 5) || '01-01'",
        ("year", "last"): "substr({day}, 1, 5) || '12-31'",
    },
    "postgresql": {
        ("month", "first"): "date_trunc('month', {day}::timestamp)::date",
        ("month", "last"): "(date_trunc('month', {day}::timestamp) + interval '1 month - 1 day')::date",
        ("year", "first"): "date_trunc('year', {day}::timestamp)::date",
        ("year", "last"): "(date_trunc('year', {day}::timestamp) + interval '1 year - 1 day')::date",
    },
}


class ShownDay(Func):
    """A day as precisely as it is shown. One function, not a Case: queries hold many, and Django copies each part."""

    output_field = models.DateField()

    def __init__(self, day, shown_dates, inside, *, keeps):
        super().__init__(day, shown_dates, inside, keeps=keeps)

    def as_sql(self, compiler, connection):
        (day, _), (shown, _), (inside, params) = map(compiler.compile, self.source_expressions)
        month, year = (EDGES[connection.vendor][of, self.extra["keeps"]].format(day=day) for of in ("month", "year"))
        sql = f"CASE WHEN {shown} = '' OR {inside} THEN {day} WHEN {shown} = 'month' THEN {month} ELSE {year} END"
        return sql, params


def shown_day(*columns, keeps, reader, initiative=""):
    """A day as precisely as the reader may see it, as an expression.

    columns: their names; the first that is filled holds. keeps: "first" of a month or year for a start, "last" for an
    end. initiative: prefix that leads to the initiative, such as "initiative__" from an engagement.
    """
    recorded = Coalesce(*columns) if len(columns) > 1 else F(*columns)
    return ShownDay(recorded, F(f"{initiative}shown_dates"), inside(reader, initiative), keeps=keeps)


def country_told(reader):
    """Condition on a location: the reader may see its country."""
    return Q(initiative__shown_places__in=("", ShownPlaces.COUNTRY)) | Q(inside(reader, "initiative__"))


# ---------------------------------------------------------------- in Python


class Shown:
    """An initiative's dates and places for one reader. exactly: as they are recorded."""

    def __init__(self, initiative, *, exactly):
        self.initiative = initiative
        self.dates = "" if exactly else initiative.shown_dates
        self.locations = "" if exactly else initiative.shown_places

    # dates

    def date(self, known):
        """A PartialDate of the record or of its parts, or None, as precisely as it is shown."""
        return known and known.coarsened(self.dates)

    def day(self, day):
        """The same for a day, or None. Shape: PartialDate or None."""
        return self.date(PartialDate.around(day, Precision.DAY))

    @property
    def start(self):
        return self.date(self.initiative.start)

    @property
    def end(self):
        return self.date(self.initiative.end)

    @property
    def last_confirmed(self):
        return self.date(self.initiative.last_confirmed)

    @property
    def cancelled(self):
        return self.day(self.initiative.cancelled_on)

    @property
    def pauses(self):
        """Shape: [(from, until or None)], PartialDates, in the order of what is shown. Prefetch `suspensions`."""
        pauses = [(self.day(one.from_on), self.day(one.until_on)) for one in self.initiative.suspensions.all()]
        return sorted(pauses, key=lambda pause: (pause[0].first, pause[1].last if pause[1] else date.max))

    def status(self, day):
        """Status by the initiative's own dates."""
        return status_on(
            day,
            publication=self.initiative.publication,
            cancelled_on=self.cancelled and self.cancelled.first,
            began_on=self.start and self.start.first,
            ended_on=self.end and self.end.last,
            suspensions=[(start.first, until and until.last) for start, until in self.pauses],
        )

    def ratings(self, day=None, *, under=None):
        """The rating of each principle that counts: the latest, among several of a month or year the last recorded.

        day: leaves out those dated later. under: what each principle counts under, so that one counts of all that
        count under the same. Shape: [PrincipleRating], by principle. Prefetch `principle_ratings`.
        """
        latest = {}
        for row in self.initiative.principle_ratings.all():
            rated = self.day(row.rated_on)
            since = rated.first if rated else date.min
            if day and since > day:
                continue
            principle = under[row.principle_id].pk if under else row.principle_id
            known = latest.get(principle)
            if known is None or (since, row.pk) > known[:2]:
                latest[principle] = (since, row.pk, row)
        return [row for _, _, row in latest.values()]

    # places

    @property
    def places(self):
        """In words, each once. Shape: ["Wajir, Kenya"], ["Kenya"] or ["Eastern Africa"]. Prefetch `locations`."""
        words = {
            "": str,
            ShownPlaces.COUNTRY: lambda location: location.country.name,
        }.get(self.locations, lambda location: region_of(location.country.code))
        return self._each_once(words)

    @property
    def named_places(self):
        """Those with a name of their own, where it is shown."""
        return self._each_once(lambda location: location.place and str(location)) if not self.locations else []

    @property
    def countries(self):
        """Codes of those that are shown."""
        if self.locations not in ("", ShownPlaces.COUNTRY):
            return []
        return self._each_once(lambda location: location.country.code)

    @property
    def regions(self):
        """Parts of the world; these are shown in any case."""
        return self._each_once(lambda location: region_of(location.country.code))

    def _each_once(self, words):
        return list(dict.fromkeys(filter(None, map(words, self._all_locations))))

    @cached_property
    def _all_locations(self):
        return list(self.initiative.locations.all())

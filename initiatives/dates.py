"""Dates that are known to the year, the month or the day, and shown no more precisely than that."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateformat import format as format_date

FORM = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{1,2})(-(?P<day>[0-9]{1,2}))?)?")


class Precision(models.TextChoices):
    YEAR = "year", "year"
    MONTH = "month", "month"
    DAY = "day", "day"


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is known. `first` and `last`: the days that it spans, both included."""

    first: date
    last: date
    precision: Precision

    @classmethod
    def parse(cls, text):
        """Read `1993`, `1993-07` or `1993-07-15`.

        Raises: ValidationError that says which part is wrong and how to write it.
        """
        match = FORM.fullmatch(str(text).strip())
        if not match:
            raise ValidationError("Write a year (1993), a month (1993-07) or a day (1993-07-15).", code="invalid_date")
        year, month, day = (int(part) if part else None for part in match.group("year", "month", "day"))
        if not year >= 1000:
            raise ValidationError("Write the year with four digits, from 1000 on.", code="invalid_date")
        if month is not None and not 1 <= month <= 12:
            raise ValidationError(f"There is no month {month}: months go from 01 to 12.", code="invalid_date")
        if day is not None and not 1 <= day <= calendar.monthrange(year, month)[1]:
            raise ValidationError(
                f"There is no day {day} in {calendar.month_name[month]} {year}.", code="invalid_date"
            )
        return cls.spanning(year, month, day)

    @classmethod
    def spanning(cls, year, month=None, day=None):
        if day is not None:
            return cls(date(year, month, day), date(year, month, day), Precision.DAY)
        if month is not None:
            last = calendar.monthrange(year, month)[1]
            return cls(date(year, month, 1), date(year, month, last), Precision.MONTH)
        return cls(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)

    @classmethod
    def around(cls, day, precision):
        """The date of this precision that holds `day`; None where there is no day."""
        if day is None:
            return None
        if precision == Precision.YEAR:
            return cls.spanning(day.year)
        if precision == Precision.MONTH:
            return cls.spanning(day.year, day.month)
        return cls(day, day, Precision.DAY)

    def coarsened(self, to):
        """No more precise than the month, or than the year; `to` empty: as it is."""
        if not to or self.precision == Precision.YEAR:
            return self
        return PartialDate.around(self.first, Precision.MONTH if to == Precision.MONTH else Precision.YEAR)

    @property
    def iso(self):
        """As it is typed: 1993, 1993-07 or 1993-07-15."""
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def __str__(self):
        return format_date(self.first, {"year": "Y", "month": "F Y", "day": settings.DATE_FORMAT}[self.precision])


def day_words(day):
    """As templates write it: 15 July 1993. Empty where there is none."""
    return format_date(day, settings.DATE_FORMAT) if day else ""


def today():
    """The calendar day in UTC, on which everything that speaks of "today" agrees."""
    return datetime.now(UTC).date()


def twelve_months_before(day):
    """The same day of the year before; 28 February where that year has no 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def twelve_months_after(day):
    """The same day of the year after; 1 March where that year has no 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, month=3, day=1)


def date_fields(**options):
    """A day and its precision, as a pair of columns: both filled or both empty (see `dated_or_empty`)."""
    return (
        models.DateField(null=True, blank=True, **options),
        models.CharField(max_length=5, choices=Precision, blank=True),
    )


def dated_or_empty(*names):
    """Condition: each day has a precision, and no precision stands without a day."""
    condition = models.Q()
    for name in names:
        empty = models.Q(**{f"{name}_on": None, f"{name}_precision": ""})
        filled = models.Q(**{f"{name}_on__isnull": False, f"{name}_precision__in": Precision.values})
        condition &= empty | filled
    return condition


class partial_date:
    """A model attribute: the PartialDate (or None) kept in `<name>_on` and `<name>_precision`.

    keeps: the end of the span that the column holds, "first" for a start, "last" for an end.
    """

    def __init__(self, name, *, keeps):
        self.name, self.keeps = name, keeps

    def __get__(self, record, owner=None):
        if record is None:
            return self
        return PartialDate.around(getattr(record, f"{self.name}_on"), getattr(record, f"{self.name}_precision"))

    def __set__(self, record, value):
        setattr(record, f"{self.name}_on", getattr(value, self.keeps) if value else None)
        setattr(record, f"{self.name}_precision", str(value.precision) if value else "")

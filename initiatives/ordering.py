"""The orders of the list: how rows are sorted, and which of them lie beyond a given one.

A list is turned over by the row where one is, because counting off a million rows to find the next twenty-five takes
seconds. Equal rows are told apart by the primary key, so that pages never overlap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Lower

from initiatives.models.coarsening import shown_day

SORTS = ("updated", "-updated", "title", "-title", "start", "-start")


class Place(NamedTuple):
    """Where a row stands in an order. value: what it is sorted by, None for a row without; ref: the row's."""

    value: object
    ref: UUID


@dataclass(frozen=True)
class Order:
    """key: expression that is sorted by; rows without it come last. read: text of a place -> value of the key."""

    key: object
    read: Callable
    descending: bool = False
    nullable: bool = False

    def sort(self, rows, *, turned=False):
        """Adds `sort_key`. turned: from the last to the first."""
        rows = rows.annotate(sort_key=self.key)
        last = {("nulls_first" if turned else "nulls_last"): True} if self.nullable else {}
        if self.descending != turned:
            return rows.order_by(F("sort_key").desc(**last), F("pk").desc())
        return rows.order_by(F("sort_key").asc(**last), F("pk").asc())

    def beyond(self, place, key, *, turned=False):
        """Condition on rows with `sort_key`: after this place; turned: before it. key: the row's primary key there."""
        further = "lt" if self.descending != turned else "gt"
        if place.value is None:
            others = Q(sort_key__isnull=True, **{f"pk__{further}": key})
            return others | Q(sort_key__isnull=False) if turned else others
        others = Q(**{f"sort_key__{further}": place.value}) | Q(sort_key=place.value, **{f"pk__{further}": key})
        others &= Q(**{f"sort_key__{further}e": place.value})  # said once more, as an index can use it
        return others | Q(sort_key__isnull=True) if self.nullable and not turned else others


def order_of(sort, reader):
    """One of SORTS; a start as precisely as this reader may see it."""
    began = shown_day("start_on", keeps="first", reader=reader)
    return {
        "updated": Order(F("updated_at"), datetime.fromisoformat, descending=True),
        "-updated": Order(F("updated_at"), datetime.fromisoformat),
        "title": Order(Lower("title"), _plain),
        "-title": Order(Lower("title"), _plain, descending=True),
        "start": Order(began, date.fromisoformat, nullable=True),
        "-start": Order(began, date.fromisoformat, nullable=True, descending=True),
    }[sort]


def place_text(row):
    """The place of a row with `sort_key`, for an address."""
    value = row.sort_key
    text = "" if value is None else value if isinstance(value, str) else value.isoformat()
    return f"{text}~{row.ref}"


def read_place(text, order):
    """The Place that an address names in this order; None where it can't be read."""
    value, _, ref = text.rpartition("~")
    try:
        return Place(None if order.nullable and not value else order.read(value), UUID(ref))
    except ValueError:
        return None


def _plain(text):
    if "\0" in text:  # PostgreSQL would raise
        raise ValueError
    return text

"""The orders of the list: how rows are sorted, and which of them lie beyond a given one.

A list is turned over by the row where one is, because counting off a million rows to find the next twenty-five takes
seconds. Equal rows are told apart by the primary key, so that pages never overlap.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q
from django.db.models.functions import Lower

from initiatives.models.coarsening import shown_day

SORTS = ("updated", "-updated", "title", "-title", "start", "-start")


class Place(NamedTuple):
    """Where a row stands in an order. value: what it is sorted by, None for a row without."""

    pk: int
    value: object


@dataclass(frozen=True)
class Order:
    """key: expression that is sorted by; rows without it come last, where it is nullable."""

    key: object
    descending: bool = False
    nullable: bool = False

    def sort(self, rows, *, turned=False):
        """Adds `sort_key`. turned: from the last to the first."""
        rows = rows.annotate(sort_key=self.key)
        last = {("nulls_first" if turned else "nulls_last"): True} if self.nullable else {}
        if self.descending != turned:
            return rows.order_by(F("sort_key").desc(**last), F("pk").desc())
        return rows.order_by(F("sort_key").asc(**last), F("pk").asc())

    def place_of(self, ref, rows):
        """Where the row with this ref stands; None where these rows hold none."""
        found = rows.filter(ref=ref).annotate(sort_key=self.key).order_by().values_list("pk", "sort_key").first()
        return found and Place(*found)

    def beyond(self, place, *, turned=False):
        """Condition on rows with `sort_key`: after this place; turned: before it."""
        further = "lt" if self.descending != turned else "gt"
        if place.value is None:
            others = Q(sort_key__isnull=True, **{f"pk__{further}": place.pk})
            return others | Q(sort_key__isnull=False) if turned else others
        others = Q(**{f"sort_key__{further}": place.value}) | Q(sort_key=place.value, **{f"pk__{further}": place.pk})
        others &= Q(**{f"sort_key__{further}e": place.value})  # said once more, as an index can use it
        return others | Q(sort_key__isnull=True) if self.nullable and not turned else others


def order_of(sort, reader):
    """One of SORTS; a start as precisely as this reader may see it."""
    began = shown_day("start_on", keeps="first", reader=reader)
    return {
        "updated": Order(F("updated_at"), descending=True),
        "-updated": Order(F("updated_at")),
        "title": Order(Lower("title")),
        "-title": Order(Lower("title"), descending=True),
        "start": Order(began, nullable=True),
        "-start": Order(began, nullable=True, descending=True),
    }[sort]

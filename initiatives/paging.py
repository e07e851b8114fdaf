"""Pages of the list. A short list has numbered ones; a long one is counted no further, and turned over by its rows."""

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Paginator

from mtd_tracker.parsing import uuid_in, whole_number
from mtd_tracker.written import number_of

PER_PAGE = 25
COUNTED = 10_000  # of a longer list "over 10,000" is told


@dataclass
class Page:
    """object_list: the rows shown. count: of the whole list, at most COUNTED. over: whether there are more than that.
    number: which page it is, None where nobody counted so far. reached: by which place one came, as a query string.
    """

    object_list: list
    count: int
    over: bool = False
    number: int | None = 1
    reached: str = ""
    follows: bool = False  # another page

    def __iter__(self):
        return iter(self.object_list)

    @property
    def first(self):
        """Number of the first row in the list; None where nobody counted so far."""
        return self.number and (self.number - 1) * PER_PAGE + 1

    @property
    def last(self):
        return self.number and self.first + len(self.object_list) - 1

    @property
    def several(self):
        return self.over or self.count > PER_PAGE

    @cached_property
    def numbers(self):
        """Of pages, None for those left out; nothing for a list that is not counted to its end."""
        pages = Paginator(range(self.count), PER_PAGE)
        if self.over or self.number not in pages.page_range:
            return []
        shown = pages.get_elided_page_range(self.number, on_each_side=2, on_ends=1)
        return [None if number == pages.ELLIPSIS else number for number in shown]

    @property
    def previous(self):
        """Query string of the page before; None where there is none."""
        if self.number == 1:
            return None
        number = self.number and self.number - 1
        if number == 1 or self.numbers:
            return urlencode({"page": number})
        return urlencode(_numbered(number) | {"before": self.object_list[0].ref})

    @property
    def next(self):
        """Query string of the page after it; None where there is none."""
        if not self.follows:
            return None
        number = self.number and self.number + 1
        if self.numbers:
            return urlencode({"page": number})
        return urlencode(_numbered(number) | {"after": self.object_list[-1].ref})

    @property
    def query(self):
        """What leads to this page, beside the question; "" for the first."""
        return "" if self.number == 1 else "&".join(filter(None, [urlencode(_numbered(self.number)), self.reached]))


def _numbered(number):
    return {"page": number} if number else {}


class Pages:
    """Turns over the rows of a list, by the row where one is: an address names it, and tells nothing else of it.

    rows: as they were found, in any order. within: what the reader may open at all, in which that row is looked up.
    """

    def __init__(self, rows, order, *, within):
        self.rows, self.order, self.within = rows, order, within
        self.counted = rows.order_by().values("pk")[: COUNTED + 1]
        self.found = number_of(self.counted)

    def asked(self, query):
        """The Page that a query string asks for, by `after`, `before` or `page`. Queries: one or two."""
        number = whole_number(query.get("page"))
        for name in ("after", "before"):
            ref = uuid_in(query.get(name))
            place = ref and self.order.place_of(ref, self.within)
            page = place and self._beside(place, turned=name == "before", number=number)
            if page:
                return replace(page, reached=urlencode({name: ref}))
        return self._numbered(1 if number is None else number)

    def _beside(self, place, *, turned, number):
        """What comes after or before a place; None where too little does, so that a page by number is the answer."""
        beyond = self.order.beyond(place, turned=turned)
        found = self._read(slice(PER_PAGE + 1), beyond, turned=turned)
        if not found or (turned and len(found) < PER_PAGE):
            return None
        shown, number = found[:PER_PAGE], number if number and number > 1 else None
        follows = turned or len(found) > PER_PAGE
        return _page(shown[::-1] if turned else shown, found[0].found, number, follows=follows)

    def _numbered(self, number):
        """Of a number that is none of a page, the last one."""
        start = (number - 1) * PER_PAGE
        found = self._read(slice(start, start + PER_PAGE + 1)) if number > 0 else []
        if found:
            return _page(found[:PER_PAGE], found[0].found, number, follows=len(found) > PER_PAGE)
        return Page([], 0) if number == 1 else self._last()

    def _last(self):
        count = self.counted.count()
        if count <= COUNTED:
            return self._numbered(max(1, -(-count // PER_PAGE)))
        found = self._read(slice(PER_PAGE), turned=True)
        return _page(found[::-1], count, None, follows=False)

    def _read(self, part, *conditions, turned=False):
        rows = self.order.sort(self.rows, turned=turned).annotate(found=self.found)
        return list(rows.filter(*conditions)[part])


def _page(rows, count, number, *, follows):
    return Page(rows, min(count, COUNTED), over=count > COUNTED, number=number, follows=follows)

"""Addresses of the list that return exactly the records behind a figure of coverage.

A figure that the list can't ask for, because the question already narrows the same thing, has no address.
"""

from functools import cache, cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from initiatives.drawing.choices import PARAMETERS
from initiatives.models import BEGUN
from initiatives.options import ANY, NONE

OWN = ("conflict", "track", "match", "status", "unconfirmed", "from", "to", "as_of", "lead_only", "sort", "page")

PAIR = ("source", "target")


def without(query, *names):
    """A copy of a query string's values without these parameters."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept


def pinned(query, period):
    """The query string by which the same is asked again on another day."""
    kept = without(query, "page", "sort")
    kept["as_of"] = period.as_of.isoformat()
    return kept.urlencode()


class Addresses:
    """system: the conflict system that the figures are of; None where they are of all.
    query: the question's own query string, whose content filters are carried over."""

    def __init__(self, system, period, query=None):
        self.system, self.period = system, period
        self.query = QueryDict() if query is None else query
        self.tracks = [code for code in self.query.getlist("track") if code and code != ANY]
        self.all_tracks = len(self.tracks) < 2 or self.query.get("match") == "all"
        self.statuses = [status for status in self.query.getlist("status") if status]
        self.unconfirmed = self.query.get("unconfirmed")

    # A page holds hundreds of addresses, so what they share is written once.

    @cached_property
    def content(self):
        """The question's content filters."""
        return without(self.query, *OWN, *PARAMETERS, *PAIR)

    @cached_property
    def _content(self):
        """The same without what a figure of a principle asks itself, and that apart. Shape: (query, query)."""
        rated = QueryDict(mutable=True)
        rated.setlist("rated", self.content.getlist("rated"))
        return without(self.content, "rated").urlencode(), rated.urlencode()

    @cached_property
    def _list(self):
        return reverse("initiatives:list")

    @cached_property
    def _dates(self):
        days = {"from": self.period.from_day, "to": self.period.to_day, "as_of": self.period.as_of}
        told = {name: day.isoformat() for name, day in days.items() if day}
        return urlencode(told | ({"lead_only": "on"} if self.period.lead_only else {}))

    @cached_property
    def _question(self):
        """The question's own query string, without what is drawn."""
        question = without(self.query, *PARAMETERS).urlencode()
        return f"?{question}" if question else ""

    @cached_property
    def _between(self):
        question = without(self.query, *PARAMETERS, *PAIR, "sort", "page", "conflict").urlencode()
        address = reverse("initiatives:linkage", args=[self.system.code])
        return f"{address}?{question}&" if question else f"{address}?"

    def records(self, *statuses, tracks=(), unconfirmed=False, principle=None, rated=""):
        """The address of the records of these statuses (those begun, unless told otherwise), or None.

        tracks: codes; a record must be on each of them.
        """
        narrowed = self._narrowed(statuses, tuple(tracks), unconfirmed)
        if narrowed is None or (principle and "principle" in self.content):
            return None
        content, rated_by_any = self._content
        of_principle = self._rated(principle, rated) if principle else ""
        parts = (content, "" if principle else rated_by_any, narrowed, of_principle, self._dates)
        return f"{self._list}?{'&'.join(filter(None, parts))}"

    @cached_property
    def _narrowed(self):
        """What `records` asks of system, tracks and statuses, by its arguments; None where it can't be asked."""
        return cache(self._narrow)

    def _narrow(self, statuses, tracks, unconfirmed):
        asked = [status for status in statuses or BEGUN if not self.statuses or status in self.statuses]
        on = list(dict.fromkeys([*self.tracks, *tracks]))
        if not asked or (on != self.tracks and not self.all_tracks) or (NONE in on and len(on) > 1):
            return None
        query = {"conflict": self.system.code} if self.system else {}
        query |= {"track": on, "status": [str(status) for status in asked]}
        if len(on) > 1 and self.all_tracks:
            query["match"] = "all"
        if unconfirmed or self.unconfirmed:
            query["unconfirmed"] = "on"
        return urlencode(query, doseq=True)

    @cached_property
    def _rated(self):
        """What `records` asks of a principle's ratings, by its arguments."""
        return cache(lambda principle, rated: urlencode({"principle": principle, "rated": rated}))

    def counted(self):
        """Those that the figures are over: the N."""
        return self.records(tracks=() if self.tracks else (ANY,))

    def untagged(self):
        return self.records(tracks=(NONE,))

    def between(self, source, target):
        """The page of what ties two tracks to one another, in the same question."""
        return self._between + urlencode({"source": source.code, "target": target.code})

    def on_track(self, track):
        """The page of who is on a track, in the same question."""
        return reverse("initiatives:conflict-track", args=[self.system.code, track.code]) + self._question

    def of_organisation(self, organisation, *, tracks):
        """Those of the tracks in which an organisation takes part; None where the question narrows to some already."""
        found = None if "organisation" in self.content else self.records(tracks=tracks)
        return found and f"{found}&{urlencode({'organisation': organisation.code})}"

    def unevidenced(self):
        """Those that say of a principle that it is practised, and nothing that shows it; None as above."""
        found = None if {"principle", "rated"} & set(self.content) else self.records()
        return found and f"{found}&rated=unevidenced"

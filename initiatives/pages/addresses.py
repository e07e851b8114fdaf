"""Addresses of the list that return exactly the records behind a figure of coverage.

A figure that the list can't ask for, because the question already narrows the same thing, has no address.
"""

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


class Addresses:
    """system: the conflict system that the figures are of; None where they are of all.
    query: the question's own query string, whose content filters are carried over."""

    def __init__(self, system, period, query=None):
        self.system, self.period = system, period
        query = QueryDict() if query is None else query
        self.content = without(query, *OWN, *PARAMETERS, *PAIR)
        self.question = without(query, *PARAMETERS, *PAIR, "sort", "page", "conflict")
        self.tracks = [code for code in query.getlist("track") if code and code != ANY]
        self.all_tracks = len(self.tracks) < 2 or query.get("match") == "all"
        self.statuses = [status for status in query.getlist("status") if status]
        self.unconfirmed = query.get("unconfirmed")

    def records(self, *statuses, tracks=(), unconfirmed=False, principle=None, rated=""):
        """The address of the records of these statuses (those begun, unless told otherwise), or None.

        tracks: codes; a record must be on each of them.
        """
        asked = [status for status in statuses or BEGUN if not self.statuses or status in self.statuses]
        on = list(dict.fromkeys([*self.tracks, *tracks]))
        if not asked or (on != self.tracks and not self.all_tracks) or (principle and "principle" in self.content):
            return None
        if NONE in on and len(on) > 1:
            return None
        query = self.content.copy()
        if self.system:
            query["conflict"] = self.system.code
        query.setlist("track", on)
        if len(on) > 1 and self.all_tracks:
            query["match"] = "all"
        query.setlist("status", asked)
        if unconfirmed or self.unconfirmed:
            query["unconfirmed"] = "on"
        if principle:
            query["principle"], query["rated"] = principle, rated
        self._date(query)
        return f"{reverse('initiatives:list')}?{query.urlencode()}"

    def counted(self):
        """Those that the figures are over: the N."""
        return self.records(tracks=() if self.tracks else (ANY,))

    def untagged(self):
        return self.records(tracks=(NONE,))

    def between(self, source, target):
        """The page of what ties two tracks to one another, in the same question."""
        query = self.question.copy()
        query["source"], query["target"] = source.code, target.code
        return f"{reverse('initiatives:linkage', args=[self.system.code])}?{query.urlencode()}"

    def of_organisation(self, organisation, *, tracks):
        """Those of the tracks in which an organisation takes part; None where the question narrows to some already."""
        found = None if "organisation" in self.content else self.records(tracks=tracks)
        return found and f"{found}&{urlencode({'organisation': organisation.code})}"

    def unevidenced(self):
        """Those that say of a principle that it is practised, and nothing that shows it; None as above."""
        found = None if {"principle", "rated"} & set(self.content) else self.records()
        return found and f"{found}&rated=unevidenced"

    def _date(self, query):
        if self.period.from_day:
            query["from"] = self.period.from_day.isoformat()
        if self.period.to_day:
            query["to"] = self.period.to_day.isoformat()
        query["as_of"] = self.period.as_of.isoformat()
        if self.period.lead_only:
            query["lead_only"] = "on"

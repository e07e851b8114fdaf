"""An organisation's work as a page shows it: each number with the list of exactly its records."""

from dataclasses import dataclass

from initiatives.analytics.portfolio import Portfolio
from initiatives.models import ConflictSystem, Organisation, Status
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.coverage import Figure, figure
from taxonomy.models import Track

OWN = ("conflict", "organisation")  # parameters that the page's own address decides


def asked_of(query):
    """The question without what the page itself decides."""
    return without(query, *OWN)


def narrowed_to(asked):
    """What the analytics of an organisation's work take besides the records. asked: valid."""
    return {
        "period": asked.period,
        "reader": asked.user,
        "statuses": asked.form.cleaned_data["status"],
        "unconfirmed": asked.form.cleaned_data["unconfirmed"],
    }


@dataclass(frozen=True)
class PortfolioRow:
    """cells: one a track, in the order of the columns."""

    system: ConflictSystem
    cells: tuple[tuple[Track, Figure], ...]
    initiatives: Figure
    planned: Figure
    untagged: Figure
    undated: Figure


@dataclass(frozen=True)
class PortfolioPage:
    """query: the question's own query string, as `asked_of` leaves it."""

    organisation: Organisation
    portfolio: Portfolio
    period: object
    query: object

    @property
    def tracks(self):
        return self.portfolio.tracks

    @property
    def rows(self):
        return [self._row(work) for work in self.portfolio.systems]

    def _row(self, work):
        query = self.query.copy()
        query["organisation"] = self.organisation.code
        addresses = Addresses(work.system, self.period, query)
        return PortfolioRow(
            system=work.system,
            cells=tuple(
                (track, figure(work.on_track.get(track.pk, 0), addresses.records(tracks=(track.code,))))
                for track in self.tracks
            ),
            initiatives=figure(work.initiatives, addresses.counted()),
            planned=figure(work.planned, addresses.records(Status.PLANNED)),
            untagged=figure(work.untagged, addresses.untagged()),
            undated=figure(work.undated, addresses.records(Status.UNDATED)),
        )

from dataclasses import dataclass

from initiatives.analytics.organisation_principles import OrganisationPrinciples
from initiatives.models import Organisation
from initiatives.pages.addresses import Addresses
from initiatives.pages.coverage import figure, principle_rows
from taxonomy.models import Principle


@dataclass(frozen=True)
class OrganisationPrinciplesPage:
    """Principles by tracks of one organisation, each number with the list of exactly its records.

    query: the question's own query string, as `pages.portfolio.asked_of` leaves it.
    """

    organisation: Organisation
    found: OrganisationPrinciples
    period: object
    query: object
    principles: tuple[Principle, ...]

    @property
    def addresses(self):
        query = self.query.copy()
        query["organisation"] = self.organisation.code
        return Addresses(None, self.period, query)

    @property
    def counted(self):
        return figure(self.found.initiatives, self.addresses.counted())

    @property
    def columns(self):
        return self.found.tracks

    @property
    def principle_rows(self):
        return principle_rows(self.found.principles, self.columns, self.principles, self.addresses)

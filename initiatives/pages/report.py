"""A system's coverage as a document for somebody outside: the same for everyone of the circle it is made for."""

from dataclasses import dataclass

from django.urls import reverse

from initiatives.circles import Circle, Question
from initiatives.dates import today
from initiatives.definitions import definitions
from initiatives.models import ConflictSystem
from initiatives.pages.coverage import CoveragePage
from initiatives.pages.picture import INKS, marks, question_words
from initiatives.pages.window import narrowings

ALWAYS = {  # codes of Definitions
    "counted", "as-of", "planned", "status", "unconfirmed", "organisations", "reach", "share", "state", "breadth",
    "contributors",
}  # fmt: skip


@dataclass(frozen=True)
class ReportPage:
    """site: scheme and host of the address that it names."""

    system: ConflictSystem
    question: Question
    page: CoveragePage
    site: str

    @property
    def coverage(self):
        return self.page.coverage

    @property
    def title(self):
        return f"Coverage of {self.system}"

    @property
    def facts(self):
        """What was asked, and of which records. Shape: [sentence]."""
        words = question_words(
            system=self.system,
            period=self.coverage.period,
            narrowings=narrowings(self.question.asked),
            lens=self.page.lens,
        )
        return [*words, self.question.circle.counted]

    @property
    def made_on(self):
        return today()

    @property
    def address(self):
        """Where the same figures stand."""
        return f"{self.site}{reverse('initiatives:report', args=[self.system.code])}?{self.question.query()}"

    @property
    def nodes(self):
        """Shape: [(Node, Ink)]."""
        return [(node, INKS[node.mark]) for node in self.page.circle.nodes]

    @property
    def marks(self):
        return marks()

    @property
    def years(self):
        return self.page.years

    @property
    def definitions(self):
        """Those of the figures that it shows. Shape: [Definition]."""
        page, figures = self.page, self.coverage
        shown = {
            "lead": figures.period.lead_only,
            "completeness": figures.completeness is not None,
            "statements": self.question.circle == Circle.NETWORK,
            "balance": page.shows_balance,
            "cotagging": page.pair_rows,
            "flows": page.flow_rows,
            "pairs": page.pair_percent is not None,
            "bridge": figures.bridges,
            "principles": page.principle_rows,
            "years": self.years,
            "concentration": figures.initiatives,
            "critical": figures.critical,
            "local": figures.localness.known,
        }
        return [one for code, one in definitions().items() if code in ALWAYS or shown.get(code)]

    @property
    def unconfirmed(self):
        return self.coverage.open_ended - self.coverage.confirmed

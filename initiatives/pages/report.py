"""A system's coverage as a document for somebody outside: the same for everyone of the circle it is made for."""

from dataclasses import dataclass

from django.urls import reverse

from initiatives.circles import Question
from initiatives.dates import today
from initiatives.models import ConflictSystem
from initiatives.pages.coverage import CoveragePage
from initiatives.pages.picture import INKS, marks, question_words
from initiatives.pages.window import narrowings


@dataclass(frozen=True)
class ReportPage:
    """statements: those that hold on the as-of day. site: scheme and host of the address that it names."""

    system: ConflictSystem
    question: Question
    page: CoveragePage
    statements: tuple
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
    def stated(self):
        """Shape: [(statement, initiatives recorded on its track)]."""
        recorded = {row.track: row.recorded for row in self.coverage.tracks}
        return [(one, recorded.get(one.track, 0)) for one in self.statements]

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
    def unconfirmed(self):
        return self.coverage.open_ended - self.coverage.confirmed

"""How one initiative was seen in the light of each principle, assessment by assessment: reflection, never a score."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from initiatives.drawing.ratings import RatingLine, rating_line
from initiatives.models import PrincipleRating
from initiatives.pages.initiative import RatingRead, rating_read
from initiatives.permissions import reads_network
from taxonomy.models import Principle


@dataclass(frozen=True)
class PrincipleOverTime:
    """assessments: latest first, an undated one last. line: None where fewer than two assessments show a day."""

    principle: Principle
    assessments: list[RatingRead]
    line: RatingLine | None


def principles_over_time(initiative, user):
    """Every assessment, dates as this reader is shown them, evidence as on the record's own page.

    Within a month or year that is all a reader is shown, assessments stand in the order in which they were recorded.
    Shape: [PrincipleOverTime], in the principles' order. Queries: one, and who the reader is.
    """
    with_evidence = reads_network(user)
    rows = list(PrincipleRating.objects.filter(initiative=initiative).select_related("principle"))
    reads = [(row, rating_read(initiative, row, with_evidence=with_evidence)) for row in rows]
    return [_over_time(principle, list(own)) for principle, own in groupby(reads, key=lambda one: one[0].principle)]


def _over_time(principle, reads):
    ordered = sorted(reads, key=lambda one: (_since(one[1]), one[0].pk))
    assessments = [read for _, read in ordered]
    line = rating_line([(read.rated_on, read.rating) for read in assessments if read.rated_on])
    return PrincipleOverTime(principle, assessments[::-1], line)


def _since(read):
    return read.rated_on.first if read.rated_on else date.min

"""For whom a report is made: a circle of readers that is chosen, and never the sight of whoever asks."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import QueryDict

from initiatives.filters import InitiativeFilter
from initiatives.models import CoverageStatement, Initiative
from initiatives.pages.addresses import without

PARAMETER = "as"
NOT_OF_A_REPORT = ("conflict", "sort")  # of the filter's parameters


class Circle(models.TextChoices):
    PUBLIC = "public", "As public"
    NETWORK = "network", "As network"

    @property
    def counted(self):
        return {
            "public": "Counted are public records alone, as anybody reads them.",
            "network": "Counted are public records and those shared with the whole network of organisations on this "
            "site; nothing that is shared more narrowly.",
        }[self.value]

    @classmethod
    def asked(cls, query):
        """The circle that a query string names, or None."""
        text = query.get(PARAMETER, "")
        return cls(text) if text in cls.values else None


@dataclass(frozen=True)
class Question:
    """What a report is asked of one circle. Nothing in it depends on who belongs to the circle and asks."""

    circle: Circle
    asked: InitiativeFilter

    @classmethod
    def of(cls, query, circle, *, user, lens=None):
        """user: who asks; one who doesn't read the network is told what is public, whatever the circle."""
        visible = Initiative.objects.visible_to(AnonymousUser())
        if circle is Circle.NETWORK:
            visible = Initiative.objects.visible_to(user).open_to_network()
        query = without(query, "mine")  # a circle has recorded nothing itself
        # Of nobody's own: dates and places are as coarse as everyone is shown them.
        return cls(circle, InitiativeFilter(query, visible, user=AnonymousUser(), lens=lens))

    def statements(self, user):
        """Managers' words for this circle. They are told to the network alone."""
        if self.circle is Circle.NETWORK:
            return CoverageStatement.objects.visible_to(user)
        return CoverageStatement.objects.none()

    def query(self):
        """The query string by which anybody of the circle gets the same answer on another day."""
        query = QueryDict(mutable=True)
        query[PARAMETER] = self.circle.value
        for name in self.asked.form.fields:
            values = [value for value in self.asked.data.getlist(name) if value]
            if values and name not in NOT_OF_A_REPORT:
                query.setlist(name, values)
        query["as_of"] = self.asked.period.as_of.isoformat()
        return query.urlencode()

"""What organisations state of the tracks of a system, as a page tells it."""

from dataclasses import dataclass

from initiatives.dates import today
from initiatives.models import CoverageStatement
from initiatives.models.belonging import memberships_of
from initiatives.permissions import may_change_statement


@dataclass(frozen=True)
class Statements:
    """Of one system, as far as this person is told. track: of which alone, or None."""

    system: object
    user: object
    track: object = None

    @property
    def all(self):
        told = CoverageStatement.objects.visible_to(self.user).filter(conflict_system=self.system).signed()
        return told.filter(track=self.track) if self.track else told

    @property
    def in_force(self):
        """Those that hold today, in circle order, then the latest first. Shape: [(statement, may it be changed)]."""
        found = self.all.valid_on(today()).order_by("track__position", "track__code", "-stated_on", "-pk")
        return [(one, may_change_statement(self.user, one)) for one in found]

    @property
    def over(self):
        """Those that lapsed or were withdrawn, the latest first."""
        return self.all.exclude(pk__in=self.all.valid_on(today()).order_by().values("pk"))


def organisations_signed_for(user):
    """Those in whose name this person may state something."""
    return [one.organisation for one in memberships_of(user) if one.role == one.Role.MANAGER]

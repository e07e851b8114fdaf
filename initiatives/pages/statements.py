"""What organisations state of the tracks of a system, as a page tells it."""

from dataclasses import dataclass

from initiatives.analytics.coverage import outlines
from initiatives.dates import today
from initiatives.models import CoverageStatement, Initiative
from initiatives.models.belonging import memberships_of
from initiatives.period import Period
from initiatives.permissions import may_change_statement
from taxonomy.models import Track


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
        """Those that hold today, in circle order, then the latest first.

        Shape: [(statement, may it be changed, initiatives recorded on its track)].
        """
        found = self.all.valid_on(today()).order_by("track__position", "track__code", "-stated_on", "-pk")
        recorded = recorded_on(self.system, self.user, today())
        return [(one, may_change_statement(self.user, one), recorded[one.track_id]) for one in found]

    @property
    def over(self):
        """Those that lapsed or were withdrawn, the latest first."""
        return self.all.exclude(pk__in=self.all.valid_on(today()).order_by().values("pk"))


def recorded_on(system, user, day):
    """What this person may open of the system, begun or planned on the day. Shape: {key of a track: initiatives}."""
    counted_as = Track.objects.counted_under()
    opened = Initiative.objects.visible_to(user)
    period = Period(None, None, day, given=True)
    outline = outlines(opened, systems=[system], period=period, tracks=counted_as)[system.pk]
    numbers = {row.track: row.recorded for row in outline.tracks}
    return {key: numbers.get(counted, 0) for key, counted in counted_as.items()}


def organisations_signed_for(user):
    """Those in whose name this person may state something."""
    return [one.organisation for one in memberships_of(user) if one.role == one.Role.MANAGER]

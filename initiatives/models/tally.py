"""What coverage reads: one narrow row for each published initiative in each of its conflict systems."""

from django.conf import settings
from django.db import models

from initiatives.models.coarsening import ShownDates, inside
from initiatives.models.conflict import ConflictSystem, Engagement
from initiatives.models.initiative import Initiative, Sharing, readable_by
from initiatives.models.organisation import Organisation
from initiatives.models.status import Publication

READ = (  # all that a question needs of one, beside the system: PostgreSQL then reads the index alone
    *("initiative", "owner", "author", "sharing", "shown_dates", "started_on", "ended_on", "cancelled_on"),
    *("confirmed_on", "pauses", "paused_from", "paused_until", "mixed", "in_charge", "tracks", "lead"),
)


class TallyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of initiatives that this person may open, by the very condition of `Initiative.visible_to`.

        Adds: `reads_exactly`, as there.
        """
        published = models.Value(Publication.PUBLISHED, output_field=models.CharField())
        rows = self.alias(publication=published).annotate(reads_exactly=inside(user, key="initiative"))
        return rows.filter(readable_by(user, key="initiative"))


class Tally(models.Model):
    """Derived from the engagement, its initiative and the initiative's parts by initiatives/derived; never edited.

    It is written in the transaction of the change that it follows from, for published initiatives alone. Who may open
    the initiative is told here too (owner, author, sharing), so that neither `visible_to` nor row security has to look
    each one up.
    started_on, ended_on: the engagement's own days, else the initiative's; as recorded, not as shown.
    pauses, paused_from, paused_until: how many suspensions, and from the first day of any until the last; between two
    of them it goes on, so that of more than one each needs looking at.
    tracks, lead: primary keys of its tracks, and of its lead track alone, in order: "2,5,9". Empty: none.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, primary_key=True, related_name="tally")
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="tallies")
    conflict_system = models.ForeignKey(ConflictSystem, models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    sharing = models.CharField(max_length=12, choices=Sharing)
    shown_dates = models.CharField(max_length=5, choices=ShownDates, blank=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    pauses = models.PositiveSmallIntegerField()
    paused_from = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    mixed = models.BooleanField()  # officials and others together: "Track 1.5"
    in_charge = models.BooleanField()  # names a lead, a mediator or a party
    tracks = models.CharField(max_length=200, blank=True)
    lead = models.CharField(max_length=20, blank=True)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [models.Index(fields=["conflict_system"], include=READ, name="tally_of_a_system")]

    def __str__(self):
        return f"tally {self.pk}"

from django.db import models
from django.db.models import F, Q

from initiatives.models.initiative import Initiative


class InitiativeLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Links of which this person may open both ends."""
        visible = Initiative.objects.visible_to(user)
        return self.filter(source__in=visible, target__in=visible)


class InitiativeLink(models.Model):
    """What one initiative did for another. No proof of effect."""

    class Kind(models.TextChoices):
        FEEDS_INTO = "feeds_into", "feeds into"
        GIVES_RISE_TO = "gives_rise_to", "gives rise to"
        FUNDS = "funds", "funds"
        AMPLIFIES = "amplifies", "amplifies"
        COORDINATES_WITH = "coordinates_with", "coordinates with"
        UNDERMINES = "undermines", "undermines"

    class Evidence(models.TextChoices):
        CLAIMED = "claimed", "claimed by the giver"
        CONFIRMED = "confirmed", "confirmed by the receiver"
        INDEPENDENT = "independent", "told by an independent source"

    source = models.ForeignKey(Initiative, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Initiative, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=16, choices=Kind)
    evidence = models.CharField(max_length=12, choices=Evidence, default=Evidence.CLAIMED)
    note = models.TextField(blank=True)

    objects = InitiativeLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                name="initiativelink_unique",
                violation_error_message="This link is recorded already.",
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")),
                name="initiativelink_between_two",
                violation_error_message="An initiative can't be linked to itself.",
            ),
        ]

    def __str__(self):
        """Without titles: the history of either end keeps this text, whoever may open the other one."""
        return f"link: {self.get_kind_display()}"

    @property
    def sentence(self):
        return f"{self.source} {self.get_kind_display()} {self.target}"

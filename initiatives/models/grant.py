from django.conf import settings
from django.db import models
from django.db.models import Q

from initiatives.dates import today


class GrantQuerySet(models.QuerySet):
    def current(self):
        """Those whose last day has not passed."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=today()))


class Grant(models.Model):
    """A person named on an initiative: may read it, or write too, until the day given (that day included)."""

    class Access(models.TextChoices):
        READ = "read", "may read"
        WRITE = "write", "may read and write"

    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    access = models.CharField(max_length=5, choices=Access, default=Access.READ)
    until_on = models.DateField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "user"],
                name="grant_unique",
                violation_error_message="This person is named already.",
            )
        ]

    def __str__(self):
        return f"{self.user} {self.get_access_display()}"


class OrganisationGrant(models.Model):
    """An organisation to which a record of another is opened as a whole: its active members may read it.

    Not a restricted one: that is for persons alone. Diary entries keep their own sharing.
    """

    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="organisation_grants")
    organisation = models.ForeignKey("Organisation", models.PROTECT, related_name="organisation_grants")
    until_on = models.DateField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "organisation"],
                name="organisationgrant_unique",
                violation_error_message="It is open to this organisation already.",
            )
        ]

    def __str__(self):
        return f"open to {self.organisation}"

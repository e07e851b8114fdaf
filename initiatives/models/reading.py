from django.conf import settings
from django.db import models

from initiatives.models.initiative import Initiative


class Reading(models.Model):
    """Who opened or exported a record that is not for everyone, and when: by key alone, added to and never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        EXPORTED = "exported", "Exported"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["initiative", "-at"], name="reading_of_initiative")]

    def __str__(self):
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M}"

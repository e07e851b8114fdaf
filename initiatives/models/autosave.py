from django.conf import settings
from django.db import models
from django.db.models import Q

from initiatives.models.initiative import Initiative


class Autosave(models.Model):
    """What a person typed into the form of an initiative and has not saved yet. Nobody else ever reads it.

    token: of the form of a new record; initiative: of one that is there. sent: the form's fields as they would be
    posted, {name: [value]}. version: the record's, from which the person started.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="autosaves")
    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, blank=True, related_name="autosaves")
    token = models.UUIDField(null=True, blank=True)
    sent = models.JSONField()
    version = models.PositiveIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "initiative"], condition=Q(token=None), name="autosave_one_a_record"
            ),
            models.UniqueConstraint(fields=["user", "token"], condition=~Q(token=None), name="autosave_one_a_form"),
            models.CheckConstraint(
                condition=Q(initiative=None, token__isnull=False) | Q(initiative__isnull=False, token=None),
                name="autosave_of_one_form",
            ),
        ]

    def __str__(self):
        return f"unsaved text of {self.user}"

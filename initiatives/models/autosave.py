from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from initiatives.models.initiative import Initiative

KEPT_FOR = timedelta(days=90)


class AutosaveQuerySet(models.QuerySet):
    def of(self, user):
        """Nobody but its writer ever reads it."""
        return self.filter(user=user)

    def outdated(self):
        """Never taken up: forgotten, or of a record that was closed to its writer."""
        return self.filter(saved_at__lt=timezone.now() - KEPT_FOR)


class Autosave(models.Model):
    """What a person typed into the form of an initiative and has not saved yet. Nobody else ever reads it.

    token: the ref that a new record will have, made with its form's token; initiative: a record that is there.
    sent: the form's fields as they would be posted, {name: [value]}. version: the record's, from which the person
    started.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="autosaves")
    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, blank=True, related_name="autosaves")
    token = models.UUIDField(null=True, blank=True)
    sent = models.JSONField()
    version = models.PositiveIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    objects = AutosaveQuerySet.as_manager()

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

    @property
    def typed(self):
        """What stands in the form, as if it were sent; stale where the record moved on since it was begun."""
        data = QueryDict(mutable=True)
        for name, values in self.sent.items():
            data.setlist(name, values)
        if self.version is not None:
            data["version"] = self.version
        return data

    @property
    def title(self):
        return self.typed.get("title", "").strip()

    @property
    def form_token(self):
        """Of a new record's form: what its address carries."""
        return self.typed.get("form_token", "")

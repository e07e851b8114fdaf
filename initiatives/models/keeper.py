import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from initiatives.models.initiative import Initiative
from initiatives.models.organisation import Organisation


class KeeperNaming(models.Model):
    """A manager's proposal of who is to keep a restricted record that nobody can open any more; a second agrees.

    ref: what addresses carry, so that no manager learns which record it is.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="keeper_namings")
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="keeper_namings")
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(agreed_at=None),
                name="keepernaming_one_open",
                violation_error_message="Somebody is proposed already.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("proposed_by")),
                name="keepernaming_takes_two",
                violation_error_message="Another manager than the one who proposed has to agree.",
            ),
        ]

    def __str__(self):
        return f"{self.keeper}, proposed for {self.organisation}"

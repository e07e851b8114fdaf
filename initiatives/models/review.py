from django.conf import settings
from django.db import models

from initiatives.models.initiative import Initiative


class ReviewStepQuerySet(models.QuerySet):
    def sendings(self):
        return self.filter(kind=ReviewStep.Kind.SUBMITTED)

    def latest_first(self):
        return self.order_by("-at", "-pk")


class ReviewStep(models.Model):
    """One step of a record on its way to being published, in an organisation that reviews first.

    comment: for those who may edit the record and those who review it, never for its readers.
    """

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "Sent for review"
        TAKEN_BACK = "taken_back", "Taken back"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved and published"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="review_steps")
    kind = models.CharField(max_length=10, choices=Kind)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ReviewStepQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="returned", comment=""),
                name="reviewstep_returned_with_comment",
                violation_error_message="Say what is to be changed.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.initiative}"

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from initiatives.models.belonging import belonging_of
from initiatives.models.initiative import Initiative, Sharing
from mtd_tracker.history import Versioned


class LogEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries of initiatives that this person may open, as far as each one's own sharing lets them. The authors
        of the entry and of its initiative read it as members of the owning organisation.

        Never for those who read as the public: their page has a reduced set of fields.
        """
        if not (user.is_authenticated and user.is_active):
            return self.none()
        belonging = belonging_of(user)
        member = Q(belonging.any)
        network_reader = Q() if user.is_curator or user.is_superuser else member
        named = Q(initiative__in=belonging.named) & member
        colleague = Q(initiative__owner__in=belonging.organisations)
        for_colleague = Q(sharing=Sharing.ORGANISATION) | Q(initiative__author=user) | Q(author=user)
        return self.filter(
            Q(sharing=Sharing.NETWORK) & network_reader | colleague & for_colleague | named,
            initiative__in=Initiative.objects.visible_to(user),
        )


class LogEntry(Versioned):
    """A dated note in an initiative's diary. Its sharing is never wider than the initiative's, nor public."""

    class Kind(models.TextChoices):
        CONTACT = "contact", "Contact"
        MEETING = "meeting", "Meeting"
        MILESTONE = "milestone", "Milestone"
        OUTCOME = "outcome", "Outcome"
        HARM = "harm", "Harm"

    SHARING = [choice for choice in Sharing.choices if choice[0] != Sharing.PUBLIC]

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="log_entries")
    happened_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    sharing = models.CharField(max_length=12, choices=SHARING, default=Sharing.ORGANISATION)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="log_entries"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "log entries"
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sharing=Sharing.PUBLIC) & Q(sharing__in=Sharing.values),
                name="logentry_not_public",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="logentry_has_text"),
        ]

    def __str__(self):
        return f"{self.happened_on} {self.get_kind_display()}"

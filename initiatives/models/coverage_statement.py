import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from initiatives.dates import today
from mtd_tracker.history import Versioned
from taxonomy.models import Track


class CoverageStatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For the network: any active member, curators and administrators."""
        from initiatives.permissions import reads_network  # noqa: PLC0415  permissions know every model

        return self if reads_network(user) else self.none()

    def valid_on(self, day):
        """Made by then, and neither lapsed nor withdrawn by then."""
        standing = Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)
        return self.filter(standing, stated_on__lte=day, lapses_on__gt=day)

    def signed(self):
        """With whoever signed each, and the track it is about."""
        return self.select_related("track", "organisation", "stated_by", "conflict_system")


class CoverageStatement(Versioned):
    """A manager's dated word on a track in a system, signed for an organisation. Lapses in a year.

    ref: its name in addresses. stated_on: the day of which it speaks. withdrawn_on: from this day on it says nothing
    any more; it was withdrawn, or the organisation stated something newer.
    """

    class Kind(models.TextChoices):
        NONE_FOUND = "reviewed_none_found", "Looked, found none"
        NOT_INVITED = "not_invited", "Not invited"
        NOT_ENGAGED = "deliberately_not_engaged", "Deliberately not"

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conflict_system = models.ForeignKey("ConflictSystem", models.CASCADE, related_name="statements")
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=Kind)
    reason = models.TextField()
    organisation = models.ForeignKey("Organisation", models.PROTECT, related_name="+")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    stated_on = models.DateField()
    lapses_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = CoverageStatementQuerySet.as_manager()

    class Meta:
        ordering = ["-stated_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lapses_on__gt=F("stated_on")),
                name="statement_lapses_later",
                violation_error_message="A statement lapses after the day on which it was made.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("stated_on")),
                name="statement_withdrawn_later",
                violation_error_message="A statement can't be withdrawn before the day on which it was made.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.track} in {self.conflict_system}"

    def get_absolute_url(self):
        return reverse("initiatives:statement", args=[self.conflict_system.code, self.ref])

    @property
    def stands(self):
        """Whether it holds today."""
        return not (self.is_withdrawn or self.has_lapsed)

    @property
    def is_withdrawn(self):
        return self.withdrawn_on is not None and self.withdrawn_on <= today()

    @property
    def has_lapsed(self):
        return self.lapses_on <= today()

    @property
    def signed_for(self):
        """The organisation as everyone in the network may know it: an unconfirmed one isn't named."""
        return self.organisation.name if self.organisation.confirmed else "An organisation of the network"

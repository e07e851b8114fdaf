from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django_countries.fields import CountryField

from initiatives.alphabet import Alphabetical
from initiatives.dates import Precision, date_fields, dated_or_empty, partial_date
from mtd_tracker.history import Versioned


class ConflictSystem(Versioned):
    """What a set of initiatives works on, with a boundary that says what belongs to it. Public knowledge."""

    RESERVED_CODES = frozenset({"new", "compare"})  # addresses under /conflicts/

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160, help_text="A neutral name.")
    aliases = models.JSONField(default=list, blank=True, help_text="Other names, contested ones too.")
    boundary = models.TextField(blank=True, help_text="What belongs to it, and what does not.")
    boundary_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    boundary_on = models.DateField(null=True, blank=True, editable=False)
    countries = CountryField(multiple=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    related = models.ManyToManyField("self", blank=True)
    invented = models.BooleanField(default=False, editable=False)  # of the demonstration, and says so

    class Meta:
        ordering = [Alphabetical("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="conflictsystem_name_unique",
                violation_error_message="A conflict system of this name is there already.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="conflictsystem_not_its_own_parent",
                violation_error_message="A conflict system can't be part of itself.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("initiatives:conflict", args=[self.code])


class Phase(models.Model):
    """From when on a conflict is in a phase (after Brahm 2003); it lasts until the next one begins."""

    class Kind(models.TextChoices):
        LATENT = "latent", "Latent"
        EMERGENCE = "emergence", "Emergence"
        ESCALATION = "escalation", "Escalation"
        STALEMATE = "stalemate", "Stalemate"
        DE_ESCALATION = "de-escalation", "De-escalation"
        SETTLEMENT = "settlement", "Settlement"
        POST_CONFLICT = "post-conflict", "Post-conflict peacebuilding"

    conflict_system = models.ForeignKey(ConflictSystem, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=16, choices=Kind)
    start_on = models.DateField()
    start_precision = models.CharField(max_length=5, choices=Precision)
    start = partial_date("start", keeps="first")

    class Meta:
        ordering = ["start_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conflict_system", "start_on"],
                name="phase_one_a_day",
                violation_error_message="Two phases can't begin on the same day.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} from {self.start}"


class ConflictExternalId(models.Model):
    """The system's number in another list (UCDP, for one). Many to many: lists draw other boundaries."""

    conflict_system = models.ForeignKey(ConflictSystem, models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=60)
    identifier = models.CharField(max_length=120)
    release = models.CharField("version", max_length=30, blank=True)

    class Meta:
        ordering = ["scheme", "identifier"]
        constraints = [
            models.UniqueConstraint(
                fields=["conflict_system", "scheme", "identifier", "release"],
                name="conflictexternalid_unique",
            )
        ]

    def __str__(self):
        return f"{self.scheme} {self.identifier}"


class DisputedClaim(models.Model):
    """What a source says and another doubts. Shown beside the cases; carries no weight in coverage."""

    conflict_system = models.ForeignKey(ConflictSystem, models.CASCADE, related_name="disputed_claims")
    claim = models.TextField()
    source = models.TextField()
    doubt = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.claim


class Engagement(models.Model):
    """An initiative in a conflict system, with dates of its own where they differ from the initiative's."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="engagements")
    conflict_system = models.ForeignKey(ConflictSystem, models.PROTECT, related_name="engagements")
    start_on, start_precision = date_fields()
    end_on, end_precision = date_fields()
    start = partial_date("start", keeps="first")
    end = partial_date("end", keeps="last")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "conflict_system"], name="engagement_unique"),
            models.CheckConstraint(condition=dated_or_empty("start", "end"), name="engagement_dates_precise"),
            models.CheckConstraint(
                condition=Q(start_on=None) | Q(end_on=None) | Q(start_on__lte=F("end_on")),
                name="engagement_ends_after_start",
                violation_error_message="The end lies before the start.",
            ),
        ]

    def __str__(self):
        return f"{self.initiative} in {self.conflict_system}"

    @property
    def shown_start(self):
        """As precisely as the reader of the initiative may see it."""
        return self.initiative.shown.date(self.start)

    @property
    def shown_end(self):
        return self.initiative.shown.date(self.end)

from django.db import models
from django.db.models import Q

from initiatives.models.initiative import Initiative
from taxonomy.models import Principle, Track


class TrackTagQuerySet(models.QuerySet):
    def counting(self, *, lead_only):
        """Those by which an initiative counts on a track: all of them, or the lead alone where asked."""
        return self.filter(emphasis=TrackTag.Emphasis.LEAD) if lead_only else self.all()


class TrackTag(models.Model):
    """An initiative on a track: at most one leads, any others contribute."""

    class Emphasis(models.TextChoices):
        LEAD = "lead", "Lead"
        CONTRIBUTING = "contributing", "Contributing"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="track_tags")
    track = models.ForeignKey(Track, models.PROTECT, related_name="tags")
    emphasis = models.CharField(max_length=12, choices=Emphasis)
    rationale = models.CharField(max_length=300, blank=True)

    objects = TrackTagQuerySet.as_manager()

    class Meta:
        ordering = ["-emphasis", "track__position"]  # the lead first
        constraints = [
            models.UniqueConstraint(fields=["initiative", "track"], name="tracktag_unique"),
            models.UniqueConstraint(fields=["initiative"], condition=Q(emphasis="lead"), name="tracktag_one_lead"),
        ]

    def __str__(self):
        return f"{self.track} ({self.get_emphasis_display().lower()})"


class PrincipleRating(models.Model):
    """How far a principle is lived, 0-3, with evidence. Not assessed: no row. The latest day counts.

    rated_on: empty for a rating whose day is not known; it counts until a dated one follows.
    """

    class Rating(models.IntegerChoices):
        ABSENT = 0, "absent"
        STATED = 1, "stated"
        PRACTISED = 2, "practised"
        DEMONSTRATED = 3, "demonstrated with evidence"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="principle_ratings")
    principle = models.ForeignKey(Principle, models.PROTECT, related_name="ratings")
    rating = models.PositiveSmallIntegerField(choices=Rating)
    evidence = models.TextField(blank=True)
    rated_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["principle__position", models.F("rated_on").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(condition=Q(rating__range=(0, 3)), name="principlerating_0_to_3"),
            models.UniqueConstraint(
                fields=["initiative", "principle", "rated_on"],
                name="principlerating_one_a_day",
            ),
            models.UniqueConstraint(
                fields=["initiative", "principle"],
                condition=Q(rated_on=None),
                name="principlerating_one_undated",
            ),
        ]

    def __str__(self):
        return f"{self.principle}: {self.rating}"

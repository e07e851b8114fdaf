"""What initiatives are sorted by. Knows nothing of initiatives."""

import reversion
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from mtd_tracker.history import Versioned


class Officiality(models.TextChoices):
    """Who takes part. Mixed is what many call Track 1.5: a bridge, never a tenth track."""

    OFFICIAL = "official", "Official"
    MIXED = "mixed", "Mixed (Track 1.5)"
    UNOFFICIAL = "unofficial", "Unofficial"


class Level(models.TextChoices):
    """The level of leadership (Lederach 1997). A level is not a track."""

    TOP = "top", "Top leadership"
    MIDDLE = "middle", "Middle-range leadership"
    GRASSROOTS = "grassroots", "Grassroots leadership"


def counted_under(terms):
    """What each term counts as today: itself, or where it was retired with a replacement, that one.

    terms: all of them. Shape: {primary key: term}, chains of replacements followed to their end.
    """
    terms = {term.pk: term for term in terms}

    def follow(term):
        while term.replaced_by_id:
            term = terms[term.replaced_by_id]
        return term

    return {pk: follow(term) for pk, term in terms.items()}


class TermQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(status=Term.Status.IN_USE)

    def counted_under(self):
        """The same of all there are. Queries: one."""
        return counted_under(self.model.objects.all())


class Term(Versioned):
    """A word of the taxonomy. Its code never changes; it is retired, never deleted, once used."""

    class Status(models.TextChoices):
        IN_USE = "in_use", "In use"
        RETIRED = "retired", "Retired"

    RESERVED_CODES = frozenset({"new", "order"})  # addresses of their own

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in the order, no rank.")
    status = models.CharField(max_length=10, choices=Status, default=Status.IN_USE)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    synonyms = models.JSONField(default=list, blank=True)
    translations = models.JSONField(default=dict, blank=True)  # language -> field -> text

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(status="retired"),
                name="%(class)s_only_retired_is_replaced",
                violation_error_message="Only a retired term has a replacement.",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("pk")),
                name="%(class)s_not_replaced_by_itself",
                violation_error_message="A term can't replace itself.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_retired(self):
        return self.status == self.Status.RETIRED

    @property
    def retired_note(self):
        """What stands behind its name where text stands alone."""
        return " (retired)" if self.is_retired else ""


@reversion.register()
class Track(Term):
    """One of the nine tracks. They stand in a circle: `position` is a place, not a rank."""

    peacemaking_through = models.CharField(max_length=120, blank=True)
    scope = models.TextField(blank=True)
    actors = models.JSONField(default=list, blank=True)

    def get_absolute_url(self):
        return reverse("taxonomy:track", args=[self.code])


@reversion.register()
class Principle(Term):
    """One of the twelve principles, rated 0-3 on an initiative."""

    meaning = models.TextField(blank=True)
    prompts = models.JSONField(default=list, blank=True)  # questions that help to rate

    def get_absolute_url(self):
        return reverse("taxonomy:principle", args=[self.code])


@reversion.register()
class ActivityType(Term):
    """What is done. Never says on which track: the same workshop can be on several."""

    description = models.TextField(blank=True)

    def get_absolute_url(self):
        return reverse("taxonomy:activity", args=[self.code])


class Scheme(models.Model):
    """A way in which a source numbers or names tracks. `canonical`: the one that the site's own tracks follow."""

    code = models.CharField(max_length=60, unique=True)  # "with-1.5" is one, so no slug
    name = models.CharField(max_length=120)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    canonical = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["canonical"], condition=Q(canonical=True), name="scheme_one_canonical")
        ]

    def __str__(self):
        return self.name


class SchemeTerm(models.Model):
    """A scheme's own term. It may stand for an officiality or a level rather than for a track."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="terms")
    label = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    officiality = models.CharField(max_length=12, choices=Officiality, blank=True)
    level = models.CharField(max_length=12, choices=Level, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["scheme", "label"], name="schemeterm_label_unique")]

    def __str__(self):
        return f"{self.label} {self.name}"


class Mapping(models.Model):
    """Ties a scheme's term to a track, with how well they match (SKOS mapping properties, W3C 2009)."""

    class Match(models.TextChoices):
        EXACT = "exact", "exact"
        CLOSE = "close", "close"
        BROAD = "broad", "broader than the track"
        NARROW = "narrow", "narrower than the track"
        RELATED = "related", "related"

    term = models.ForeignKey(SchemeTerm, models.CASCADE, related_name="mappings")
    track = models.ForeignKey(Track, models.PROTECT, related_name="mappings")
    match = models.CharField(max_length=10, choices=Match)

    class Meta:
        ordering = ["term__position", "track__position"]
        constraints = [models.UniqueConstraint(fields=["term", "track"], name="mapping_unique")]

    def __str__(self):
        return f"{self.term} {self.match} {self.track}"

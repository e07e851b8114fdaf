import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django_countries.fields import CountryField

from initiatives.dates import date_fields, dated_or_empty, partial_date, today, twelve_months_before
from initiatives.models.belonging import belonging_of
from initiatives.models.coarsening import Shown, ShownDates, ShownPlaces, country_told, inside
from initiatives.models.grant import Grant
from initiatives.models.organisation import Membership, Organisation
from initiatives.models.status import FOR_MANAGERS, Publication, Status
from mtd_tracker.history import Versioned
from taxonomy.models import ActivityType, Level, Officiality


class Sharing(models.TextChoices):
    """Who may read a published record, from widest to narrowest."""

    PUBLIC = "public", "Public"
    NETWORK = "network", "Network"
    ORGANISATION = "organisation", "Organisation"
    RESTRICTED = "restricted", "Restricted"

    @property
    def readers(self):
        return {
            "public": "Anyone, also without an account: a reduced set of fields.",
            "network": "Every signed-in member of an organisation on this site.",
            "organisation": "Members of the owning organisation.",
            "restricted": "Only its author and the people named on it. Not even managers.",
        }[self.value]

    @property
    def width(self):
        """0 for the narrowest; a child is never wider than its initiative."""
        return ("restricted", "organisation", "network", "public").index(self.value)

    @property
    def is_outside(self):
        """Whether others than the owning organisation and the people named read it."""
        return self.width > Sharing.ORGANISATION.width


class Dimension(models.TextChoices):
    """What is to change (Lederach's four, and the political)."""

    PERSONAL = "personal", "Personal"
    RELATIONAL = "relational", "Relational"
    STRUCTURAL = "structural", "Structural"
    CULTURAL = "cultural", "Cultural"
    POLITICAL = "political", "Political"


BROUGHT_BACK_WITHIN = timedelta(days=30)  # of the day on which it was withdrawn


def readable_by(user, key="pk"):
    """Condition on an initiative, or on what tells the same of one: this person may open it.

    Its author counts as such only as a member of the owning organisation: who was dismissed there and works elsewhere
    by now is a stranger to it. key: name of the initiative's primary key there.
    """
    public = Q(publication=Publication.PUBLISHED, sharing=Sharing.PUBLIC)
    if not (user.is_authenticated and user.is_active):
        return public
    belonging = belonging_of(user)
    member = Q(belonging.any)
    network_reader = Q() if user.is_curator or user.is_superuser else member
    own_organisation, managed = Q(owner__in=belonging.organisations), Q(owner__in=belonging.managed)
    named, opened = Q(**{f"{key}__in": belonging.named}), Q(**{f"{key}__in": belonging.opened})
    return (
        public
        | Q(publication=Publication.PUBLISHED, sharing=Sharing.NETWORK) & network_reader
        | own_organisation & (Q(publication=Publication.PUBLISHED, sharing=Sharing.ORGANISATION) | Q(author=user))
        | Q(publication=Publication.PUBLISHED) & ~Q(sharing=Sharing.RESTRICTED) & opened
        | Q(publication__in=FOR_MANAGERS) & ~Q(sharing=Sharing.RESTRICTED) & managed
        | named & member
    )


class InitiativeQuerySet(models.QuerySet):
    reader = None  # for whom alone it was narrowed; lost with any further step, which may narrow it more

    def visible_to(self, user):
        """What this person may open. Every list, count, search and export starts here.

        Adds: `reads_exactly`, whether the person is shown its dates and places as they are recorded.
        """
        visible = self.annotate(reads_exactly=inside(user)).filter(readable_by(user))
        visible.reader = None if self.query.where else user
        return visible

    def open_to_network(self):
        """Of what a reader of the network may open, what all of them may, with dates and places as all are shown them:
        nothing that this reader alone, or their organisation, sees."""
        everyones = self.annotate(reads_exactly=models.Value(False))
        return everyones.published().filter(sharing__in=(Sharing.PUBLIC, Sharing.NETWORK))

    def published(self):
        return self.filter(publication=Publication.PUBLISHED)

    def awaiting_review_by(self, user):
        """Of what this person may open, what they may approve or return: `permissions.may_review`, for many at once.

        Adds `sent_at` and `sent_by`: when, and by whose key, it was last sent for review.
        """
        steps = self.model.review_steps.rel.related_model.objects
        sending = steps.filter(initiative=models.OuterRef("pk")).sendings().latest_first()
        sent_at, sent_by = (models.Subquery(sending.values(name)[:1]) for name in ("at", "by"))
        return (
            self.filter(publication=Publication.IN_REVIEW, owner__in=belonging_of(user).managed)
            .exclude(author=user)
            .exclude(updated_by=user)
            .annotate(sent_at=sent_at, sent_by=sent_by)
            .filter(Q(sent_by=None) | ~Q(sent_by=user.pk))
        )

    def hold(self):
        """Lock them until the transaction ends, in one order: two who hold several wait for each other, and not both
        for ever."""
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    def for_author_alone(self, author):
        """Their drafts and restricted ones, on which nobody else at work anywhere is named."""
        others = Membership.objects.active().exclude(user=author).values("user")
        named = Grant.objects.current().filter(user__in=others).values("initiative")
        closed = self.filter(Q(sharing=Sharing.RESTRICTED) | Q(publication=Publication.DRAFT), author=author)
        return closed.exclude(pk__in=named)

    def without_reader(self):
        """Restricted ones, drafts apart, whose author is no active member of the owning organisation, and on which
        nobody is named who is an active member of any."""
        members = Membership.objects.active()
        at_work = members.filter(user=models.OuterRef("author"), organisation=models.OuterRef("owner"))
        read = Grant.objects.current().filter(user__in=members.values("user")).values("initiative")
        kept = self.filter(sharing=Sharing.RESTRICTED).exclude(publication=Publication.DRAFT)
        return kept.filter(~models.Exists(at_work)).exclude(pk__in=read)


class Initiative(Versioned):
    """One piece of peace work, as its organisation recorded it.

    ref: the only identifier that leaves the site. Status is derived, see models/status.py.
    reads_exactly: whether whoever it was fetched for (`visible_to`) is inside; false where nobody asked. Pages and
    exports show `shown`; what is recorded is for actions, and for the forms of those who change it.
    """

    reads_exactly = False

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    description = models.TextField(blank=True, help_text="Markdown.")
    language = models.CharField(max_length=12, default="en", help_text="Of this record's text.")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="owned_initiatives")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="initiatives"
    )
    sharing = models.CharField(max_length=12, choices=Sharing, default=Sharing.ORGANISATION)
    publication = models.CharField(max_length=10, choices=Publication, default=Publication.DRAFT)

    start_on, start_precision = date_fields()
    end_on, end_precision = date_fields()
    last_confirmed_on, last_confirmed_precision = date_fields()
    start = partial_date("start", keeps="first")
    end = partial_date("end", keeps="last")
    last_confirmed = partial_date("last_confirmed", keeps="last")
    cancelled_on = models.DateField(null=True, blank=True)

    officiality = models.CharField(max_length=12, choices=Officiality, blank=True)
    level = models.CharField(max_length=12, choices=Level, blank=True)
    dimension = models.CharField(max_length=12, choices=Dimension, blank=True)
    activities = models.ManyToManyField(ActivityType, blank=True, related_name="initiatives")
    sources = models.TextField(blank=True, help_text="One a line.")

    # What those outside the owning organisation and not named are shown instead of what is recorded.
    shown_dates = models.CharField(max_length=5, choices=ShownDates, blank=True)
    shown_places = models.CharField(max_length=7, choices=ShownPlaces, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)  # empty too where nobody noted the day

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    conflict_systems = models.ManyToManyField("ConflictSystem", through="Engagement", related_name="initiatives")
    organisations = models.ManyToManyField(Organisation, through="Participation", related_name="initiatives")
    tracks = models.ManyToManyField("taxonomy.Track", through="TrackTag", related_name="initiatives")

    objects = InitiativeQuerySet.as_manager()

    step_taken = None  # the review step that the change just made has taken, for whoever tells of it

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["publication", "sharing"], name="initiative_readers"),
            models.Index(fields=["start_on", "end_on"], name="initiative_period"),
            # What row security asks of the record whenever a part of it is read.
            models.Index(
                fields=["id"], include=["publication", "sharing", "owner", "author"], name="initiative_sight"
            ),
            models.Index(fields=["updated_at", "id"], name="initiative_by_change"),  # orders of the list
            models.Index(Lower("title"), "id", name="initiative_by_title"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=dated_or_empty("start", "end", "last_confirmed"), name="initiative_dates_precise"
            ),
            models.CheckConstraint(
                condition=Q(start_on=None) | Q(end_on=None) | Q(start_on__lte=F("end_on")),
                name="initiative_ends_after_start",
                violation_error_message="The end lies before the start.",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="initiative_has_title"),
            models.CheckConstraint(condition=Q(sharing__in=Sharing.values), name="initiative_sharing_known"),
            models.CheckConstraint(
                condition=Q(publication__in=Publication.values), name="initiative_publication_known"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("initiatives:detail", args=[self.ref])

    @property
    def is_published(self):
        return self.publication == Publication.PUBLISHED

    @property
    def back_until(self):
        """The last day on which it can be published again; None where it isn't withdrawn, or since an unknown day."""
        if self.publication != Publication.WITHDRAWN or self.withdrawn_on is None:
            return None
        return self.withdrawn_on + BROUGHT_BACK_WITHIN

    @property
    def is_withdrawn_for_good(self):
        return self.back_until is not None and self.back_until < today()

    @property
    def source_lines(self):
        return [line.strip() for line in self.sources.splitlines() if line.strip()]

    @property
    def shown(self):
        """Its dates and places as the reader that it was fetched for may see them."""
        return Shown(self, exactly=self.reads_exactly)

    @property
    def shown_to_others(self):
        """The same as somebody outside is shown them."""
        return Shown(self, exactly=False)

    def status(self, day=None):
        """Status by the initiative's own dates, as precisely as its reader may see them.

        Reads its suspensions (prefetch them for a list).
        """
        return self.shown.status(day or today())

    def recorded_status(self, day=None):
        """The same by what is recorded: for those who change it."""
        return Shown(self, exactly=True).status(day or today())

    def is_unconfirmed(self, day=None):
        """Active, without an end, and not confirmed within the twelve months before the day; as `status`."""
        day = day or today()
        if self.status(day) != Status.ACTIVE or self.end_on:
            return False
        confirmed = self.shown.last_confirmed
        return confirmed is None or confirmed.last < twelve_months_before(day)


class LocationQuerySet(models.QuerySet):
    def telling_country_to(self, user):
        """Those of which this person may know the country."""
        return self.filter(country_told(user))


class Location(models.Model):
    """A country, and a place in it where one is named."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="locations")
    country = CountryField()
    place = models.CharField(max_length=120, blank=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "country", "place"],
                name="location_unique",
                violation_error_message="This place is listed already.",
            )
        ]

    def __str__(self):
        return f"{self.place}, {self.country.name}" if self.place else self.country.name


class Suspension(models.Model):
    """A pause, both days included; open while there is no `until_on`."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="suspensions")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="suspension_ends_after_start",
                violation_error_message="The pause ends before it begins.",
            ),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(until_on=None),
                name="suspension_one_open",
                violation_error_message="It is suspended already; resume it first.",
            ),
        ]

    def __str__(self):
        return f"suspended from {self.from_on} until {self.until_on or 'further notice'}"


class ExternalId(models.Model):
    """The initiative's identifier elsewhere (IATI, a donor's system)."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=60)
    identifier = models.CharField(max_length=120)

    class Meta:
        ordering = ["scheme", "identifier"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "scheme", "identifier"],
                name="externalid_unique",
                violation_error_message="This identifier is listed already.",
            )
        ]

    def __str__(self):
        return f"{self.scheme} {self.identifier}"

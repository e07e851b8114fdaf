import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.text import slugify
from django_countries.fields import CountryField

from initiatives.alphabet import Alphabetical
from mtd_tracker.history import Versioned


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those not merged into another: confirmed ones for everyone; an unconfirmed one for who made it, for the
        organisation it was made in, and for whoever may open an initiative that names it. Curators, who confirm them,
        also see those that were added openly, in an organisation; never those typed into an initiative that is closed
        to them."""
        from initiatives.models.initiative import Initiative  # noqa: PLC0415  the two need each other

        taking_part = Participation.objects.filter(
            organisation=OuterRef("pk"), initiative__in=Initiative.objects.visible_to(user)
        )
        readable = Q(confirmed=True) | Exists(taking_part)
        if user.is_authenticated:
            own = Membership.objects.active_for(user).values("organisation")
            readable |= Q(pk__in=own) | Q(made_in__in=own)
            readable |= Q(made_by=user) & Exists(Membership.objects.active_for(user))
            if user.is_active and (user.is_curator or user.is_superuser):
                readable |= Q(made_in__isnull=False)
        return self.filter(readable, merged_into=None)

    def known_to(self, user):
        """Those visible, and those that were merged: their names are other names of a confirmed one, so public."""
        return self.visible_to(user) | self.filter(merged_into__confirmed=True)

    def without_manager(self):
        managers = Membership.objects.active().managing().filter(organisation=OuterRef("pk"))
        return self.filter(~Exists(managers))


class Organisation(Versioned):
    """Who takes part: NGO, ministry, company, faith community…

    Typed into a form, it is unconfirmed until a curator confirms it. `made_in`: the organisation to whose
    members an unconfirmed one is shown; empty where it was typed into an initiative, because then only those
    who may open the initiative may learn of it.
    """

    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    acronym = models.CharField(max_length=30, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=60, blank=True, help_text="For example NGO, donor, government.")
    country = CountryField(blank=True)
    confirmed = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_in = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    reviews = models.BooleanField("reviews before publishing", default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = [Alphabetical("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(confirmed=True),
                name="organisation_confirmed_name_unique",
                violation_error_message="An organisation of this name is confirmed already.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="organisation_not_merged_into_itself",
                violation_error_message="An organisation can't be merged into itself.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("initiatives:organisation", args=[self.code])

    @property
    def current(self):
        """Itself, or the one that it was merged into."""
        return self.merged_into or self

    @staticmethod
    def new_code(name):
        """A code that tells nothing of whether others use the same name."""
        return f"{slugify(name)[:70] or 'organisation'}-{secrets.token_hex(3)}"


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True, user__is_active=True)

    def active_for(self, user):
        return self.active().filter(user=user)

    def managing(self):
        return self.filter(role=Membership.Role.MANAGER)


class Membership(Versioned):
    """A person at work in an organisation, with one role there. ref: its name in addresses."""

    class Role(models.TextChoices):
        PRACTITIONER = "practitioner", "Practitioner"
        MANAGER = "manager", "Manager"

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.PRACTITIONER)
    active = models.BooleanField(default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_unique",
                violation_error_message="This person is a member already.",
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display().lower()} at {self.organisation}"


class Participation(models.Model):
    """An organisation's part in an initiative."""

    class Role(models.TextChoices):
        LEAD = "lead", "Lead"
        IMPLEMENTER = "implementer", "Implementer"
        PARTNER = "partner", "Partner"
        FUNDER = "funder", "Funder"
        MEDIATOR = "mediator", "Mediator"
        HOST = "host", "Host"
        PARTY = "party", "Party to the talks"

    IN_CHARGE = (Role.LEAD, Role.MEDIATOR, Role.PARTY)  # one of these is asked for before publishing
    WORKING = (Role.LEAD, Role.IMPLEMENTER, Role.PARTNER, Role.MEDIATOR)  # counted as "organisations"

    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "organisation", "role"],
                name="participation_unique",
                violation_error_message="This organisation has this role already.",
            )
        ]

    def __str__(self):
        return f"{self.organisation}, {self.get_role_display().lower()}"


class Localness(models.Model):
    """Whether an organisation is a local actor in a conflict system. No row: unknown."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="localness")
    conflict_system = models.ForeignKey("ConflictSystem", models.CASCADE, related_name="localness")
    is_local = models.BooleanField()

    class Meta:
        ordering = ["conflict_system__name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "conflict_system"], name="localness_unique")]

    def __str__(self):
        return f"{self.organisation} {'is' if self.is_local else 'is not'} local to {self.conflict_system}"

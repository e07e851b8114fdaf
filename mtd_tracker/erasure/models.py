import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Initiative, Organisation, Sharing
from initiatives.models.belonging import belonging_of


class Kind(models.TextChoices):
    RECORD = "record", "Record"
    PERSON = "person", "Account"


class ErasureQuerySet(models.QuerySet):
    def open(self):
        return self.filter(approved_at=None, declined_at=None)

    def about(self, kind, subject):
        return self.filter(kind=kind, subject=subject)

    def visible_to(self, user):
        """Open ones that this person asked for or may decide on, as `has_word` says of one."""
        of_accounts = Q(kind=Kind.PERSON) if user.is_superuser else Q(kind=Kind.PERSON, subject=user.ref)
        visible = Initiative.objects.visible_to(user)
        mine = Q(requested_by=user, subject__in=visible.values("ref"))
        decided = Q(subject__in=visible.filter(_decided_by(user)).values("ref"))
        return self.open().filter(of_accounts | Q(kind=Kind.RECORD) & (mine | decided))

    def declined_lately_to(self, user):
        """What this person asked for and another one declined in the last 30 days, the latest first."""
        since = timezone.now() - timedelta(days=30)
        mine = self.filter(requested_by=user, declined_at__gte=since).exclude(declined_by=user)
        return mine.order_by("-declined_at", "-pk")

    def waiting_for(self, user):
        return self.visible_to(user).exclude(requested_by=user)


def _decided_by(user):
    """Records on whose erasure this person may have a word: see `may_agree_to_erase`."""
    belonging, restricted = belonging_of(user), Q(sharing=Sharing.RESTRICTED)
    author, writer = Q(author=user, owner__in=belonging.organisations), Q(pk__in=belonging.named_to_write)
    return restricted & (author | writer) | ~restricted & Q(owner__in=belonging.managed)


class Erasure(models.Model):
    """Somebody's wish that a record or an account be erased for good, which a second person agrees to or declines.

    subject: the ref of what is to be erased. organisation: the record's owner. Once it is done, the reason is erased
    too; who agreed, and when, stays.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    subject = models.UUIDField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(approved_at=None, declined_at=None),
                name="erasure_one_open",
                violation_error_message="This has been asked for already, and waits for a second person.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="erasure_takes_two",
                violation_error_message="Another person than the one who asked has to agree.",
            ),
            models.CheckConstraint(condition=Q(approved_at=None) | Q(declined_at=None), name="erasure_decided_once"),
        ]

    def __str__(self):
        return f"Erasure of {self.get_kind_display().lower()} {self.subject}"

    def get_absolute_url(self):
        return reverse("erasure:erasure", args=[self.ref])


class Tombstone(models.Model):
    """What was erased, so that it is erased again from a backup that still holds it. Says nothing else of it."""

    kind = models.CharField(max_length=6, choices=Kind)
    ref = models.UUIDField()
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["erased_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="tombstone_unique")]

    def __str__(self):
        return f"{self.kind} {self.ref}"

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone

from initiatives.models.organisation import Membership, Organisation


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Neither used nor taken back; some may be too old."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self):
        """Neither used, nor taken back, nor too old."""
        return self.pending().filter(expires_at__gt=Now())


class Invitation(models.Model):
    """A manager's word that whoever reads mail at this address may join. Good once, until it expires.

    ref: what the signed link in the mail carries. name: as whoever invites knows the person, if they said so.
    from_site: a command sent it, for whoever runs the site; without that and without `invited_by`, whoever sent it
    is erased.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=12, choices=Membership.Role, default=Membership.Role.PRACTITIONER)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    from_site = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_pending",
                violation_error_message="This address is invited already. Take that invitation back first.",
            ),
            models.CheckConstraint(
                condition=Q(from_site=False) | Q(invited_by=None),
                name="invitation_from_site_or_somebody",
                violation_error_message="An invitation comes from the site or from somebody, not from both.",
            ),
        ]

    def __str__(self):
        return f"{self.email} to {self.organisation}"

    @property
    def is_open(self):
        return self.accepted_at is None and self.revoked_at is None and not self.is_too_old

    @property
    def is_too_old(self):
        return self.expires_at <= timezone.now()

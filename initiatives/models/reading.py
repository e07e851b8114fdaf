from django.conf import settings
from django.db import models
from django.db.models import Q

from initiatives.models.belonging import belonging_of
from initiatives.models.initiative import Initiative, Publication, Sharing
from initiatives.models.organisation import Organisation

FOR_FEW = (Sharing.ORGANISATION, Sharing.RESTRICTED)


class AppendOnly(TypeError):
    """Somebody tried to change what may only be added to."""

    def __init__(self):
        super().__init__("Who read what is written down once: it is neither changed nor deleted.")


class ReadingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of the organisations that this person manages, their organisation records; and every restricted record that
        they may open. What was read while a record was restricted is told to nobody once it is shared more widely:
        it would say who was named. What was read while it was another organisation's is for the managers of that one.
        """
        managed = belonging_of(user).managed if user.is_authenticated else []
        of_organisation = Q(initiative__sharing=Sharing.ORGANISATION, owner__in=managed, while_restricted=False)
        return self.filter(
            of_organisation | Q(initiative__sharing=Sharing.RESTRICTED),
            initiative__in=Initiative.objects.visible_to(user),
        )

    def update(self, **values):
        raise AppendOnly

    def delete(self):
        raise AppendOnly


class Reading(models.Model):
    """Who opened or exported a record that is not for everyone, and when: by key alone, added to and never changed.

    It goes with its record, when that is erased or a draft is deleted: Django's cascade doesn't come through here.
    while_restricted: the record was for the people named on it then. owner: the organisation whose it was then.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        EXPORTED = "exported", "Exported"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    while_restricted = models.BooleanField(default=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["initiative", "-at"], name="reading_of_initiative")]

    def __str__(self):
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly

    @staticmethod
    def is_kept_of(initiative):
        """Whether it is written down who reads this record: not of drafts, nor of what the whole network reads."""
        return initiative.sharing in FOR_FEW and initiative.publication != Publication.DRAFT

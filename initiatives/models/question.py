import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from initiatives.models.organisation import Membership, Organisation


class SavedQuestionQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def from_colleagues_of(self, user):
        """Those of others that are shared in an organisation to which both belong now."""
        return self.filter(self._from_colleagues(user)).exclude(user=user)

    def visible_to(self, user):
        """Whose link opens for this person: their own, colleagues', and what is shared by link."""
        by_link = Q(sharing=SavedQuestion.Sharing.LINK, user__is_active=True)
        if not (user.is_authenticated and user.is_active):
            return self.filter(by_link)
        return self.filter(by_link | Q(user=user) | self._from_colleagues(user))

    @staticmethod
    def _from_colleagues(user):
        """Sharing lapses with the membership of whoever shared it: nobody has to remember to end it."""
        still_there = Membership.objects.active().filter(user=OuterRef("user"), organisation=OuterRef("organisation"))
        own = Membership.objects.active_for(user).values("organisation")
        return Q(Exists(still_there), sharing=SavedQuestion.Sharing.ORGANISATION, organisation__in=own)

    def due_in(self, month):
        """To be mailed, and not mailed for this month yet. month: its first day."""
        return self.filter(monthly=True, user__is_active=True).filter(Q(sent_for=None) | Q(sent_for__lt=month))


class SavedQuestion(models.Model):
    """The address of a list or a dashboard that a person gave a name. It holds the question, never an answer.

    path, query: of the address; which pages there may be is said in initiatives/questions.py. organisation: in which
    it is shared. position: among the person's own. monthly: mailed to its owner; sent_for: first day of the last month
    for which it was. A note of the person's own: nothing is kept of what it was before.
    """

    class Sharing(models.TextChoices):
        MINE = "mine", "Only I"
        ORGANISATION = "organisation", "My organisation"
        LINK = "link", "Whoever has the link"

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_questions")
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    query = models.TextField(blank=True)
    sharing = models.CharField(max_length=12, choices=Sharing, default=Sharing.MINE)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    on_home = models.BooleanField(default=False)
    monthly = models.BooleanField(default=False)
    sent_for = models.DateField(null=True, blank=True, editable=False)

    objects = SavedQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="savedquestion_has_name"),
            models.CheckConstraint(
                condition=Q(sharing="organisation", organisation__isnull=False)
                | Q(sharing__in=("mine", "link"), organisation=None),
                name="savedquestion_shared_in_one_organisation",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("initiatives:question", args=[self.ref])

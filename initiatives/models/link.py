from hashlib import sha256

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from initiatives.models.initiative import Initiative


class InitiativeLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Links of which this person may open both ends.

        Asked link by link: of two lists of records, SQLite would try each source with each target.
        """
        visible = Initiative.objects.visible_to(user)
        ends = (Exists(visible.filter(pk=OuterRef(end))) for end in ("source", "target"))
        return self.filter(*ends)

    def proposed(self):
        """Those that wait for the other side's word."""
        return self.filter(proposal=InitiativeLink.Proposal.OPEN)


class InitiativeLink(models.Model):
    """What one initiative did for another. No proof of effect.

    proposal: whether those who keep the target are asked to confirm it. Only they make a claimed link a confirmed one.
    """

    class Kind(models.TextChoices):
        FEEDS_INTO = "feeds_into", "feeds into"
        GIVES_RISE_TO = "gives_rise_to", "gives rise to"
        FUNDS = "funds", "funds"
        AMPLIFIES = "amplifies", "amplifies"
        COORDINATES_WITH = "coordinates_with", "coordinates with"
        UNDERMINES = "undermines", "undermines"

    class Evidence(models.TextChoices):
        CLAIMED = "claimed", "claimed by the giver"
        CONFIRMED = "confirmed", "confirmed by the receiver"
        INDEPENDENT = "independent", "told by an independent source"

    class Proposal(models.TextChoices):
        OPEN = "open", "waits for the other side’s answer"
        DECLINED = "declined", "the other side declined to confirm it"

    source = models.ForeignKey(Initiative, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Initiative, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=16, choices=Kind)
    evidence = models.CharField(max_length=12, choices=Evidence, default=Evidence.CLAIMED)
    note = models.TextField(blank=True)
    proposal = models.CharField(max_length=8, choices=Proposal, blank=True)

    objects = InitiativeLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                name="initiativelink_unique",
                violation_error_message="This link is recorded already.",
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")),
                name="initiativelink_between_two",
                violation_error_message="An initiative can't be linked to itself.",
            ),
            models.CheckConstraint(
                condition=Q(proposal="") | Q(evidence="claimed"),
                name="initiativelink_proposed_while_claimed",
                violation_error_message="Only a claimed link can be proposed to the other side.",
            ),
        ]

    def __str__(self):
        """Without titles: the history of either end keeps this text, whoever may open the other one."""
        return f"link: {self.get_kind_display()}"

    @property
    def may_be_proposed(self):
        """Not once it was declined, as far as the link itself tells. Recorded in other words, it is another one."""
        return self.evidence == self.Evidence.CLAIMED and not self.proposal

    @property
    def wording(self):
        """A short text that is another one wherever the link says something else, or was answered meanwhile: what an
        answer is an answer to."""
        return sha256(f"{self.pk} {self.evidence} {self.proposal} {self.note}".encode()).hexdigest()[:16]

    @property
    def answer(self):
        """The other side's word: "confirmed" or "declined"; empty where it has said none."""
        if self.evidence == self.Evidence.CONFIRMED:
            return "confirmed"
        return "declined" if self.proposal == self.Proposal.DECLINED else ""

    @property
    def may_be_answered(self):
        """The other side is asked, or has answered and may think better of it."""
        return self.proposal == self.Proposal.OPEN or bool(self.answer)

    @property
    def sentence(self):
        return f"{self.source} {self.get_kind_display()} {self.target}"

"""Where a record stands in its review, and what its reviewers are shown."""

from dataclasses import dataclass

from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from reversion.models import Version

from initiatives.history import was_for
from initiatives.models import Engagement, Initiative, Publication, ReviewStep
from initiatives.permissions import may_review, may_take_back
from mtd_tracker.elevation import elevated

OPEN = (ReviewStep.Kind.SUBMITTED, ReviewStep.Kind.RETURNED)  # steps after which somebody has something to do


@dataclass(frozen=True)
class ReviewState:
    """step: the last one of a record that is in review or was returned; None where it isn't known."""

    waiting: bool
    step: ReviewStep | None
    may_review: bool
    may_take_back: bool


def review_state(initiative, user, *, may_change):
    """What this person is told of an unpublished record's review; None where there is nothing to tell."""
    if initiative.is_published:
        return None
    waiting = initiative.publication == Publication.IN_REVIEW
    reviews = waiting and may_review(user, initiative)
    if not (may_change or reviews):
        return None
    step = steps_told(initiative, user).first()
    if not waiting and not (step and step.kind == ReviewStep.Kind.RETURNED and _still_holds(step, initiative)):
        return None
    return ReviewState(waiting, step, reviews, waiting and may_take_back(user, initiative))


def _still_holds(step, initiative):
    """Not where it was published in some other way after that, and withdrawn."""
    return initiative.withdrawn_on is None or step.at.date() >= initiative.withdrawn_on


def steps_told(initiative, user):
    """The steps of its review that this person is told, who may edit or review it; the latest first.

    As with its past, nothing that was said while it was another organisation's, or restricted without naming them.
    Queries: three at most; one where there is none.
    """
    steps = initiative.review_steps.select_related("by").latest_first()
    if initiative.author_id == user.pk or not steps.exists():
        return steps
    versions = Version.objects.get_for_object(initiative)
    closed = versions.filter(~was_for(user, owners=[initiative.owner_id], drafts=True)).first()
    if closed is None:
        return steps
    opened = versions.filter(pk__gt=closed.pk).order_by("pk").select_related("revision").first()
    return steps.filter(at__gte=opened.revision.date_created) if opened else steps.none()


def decided_already(ref, user, kind):
    """Whether the last step of a record is this person's own, and of this kind (or None): a decision sent twice.

    What they returned may be out of their sight by now; that they returned it is no news to them.
    """
    if kind is None:
        return False
    with elevated("a reviewer's own decision"):
        last = ReviewStep.objects.filter(initiative__ref=ref).latest_first().first()
    return last is not None and (last.by_id, last.kind) == (user.pk, kind)


def under_way(user, *, elsewhere=()):
    """The last step of each record that this person wrote or sent, and that is in review or was returned to them.

    elsewhere: organisations whose records are left out, see workspace.py.
    Shape: ReviewStep, with its initiative. Queries: one.
    """
    visible = Initiative.objects.visible_to(user).exclude(publication=Publication.PUBLISHED)
    visible = visible.exclude(owner__in=elsewhere)
    last = ReviewStep.objects.filter(initiative=OuterRef("initiative")).latest_first().values("pk")[:1]
    steps = ReviewStep.objects.filter(initiative__in=visible, pk=Subquery(last), kind__in=OPEN)
    sent = Q(by=user, kind=ReviewStep.Kind.SUBMITTED)
    holds = Q(initiative__withdrawn_on=None) | Q(at__date__gte=F("initiative__withdrawn_on"))
    return steps.filter(Q(initiative__author=user) | sent, holds).select_related("initiative", "by").latest_first()


def queue_of(user):
    """What waits for this person's review, the longest waiting first, with its systems; `sendings`: latest first."""
    sendings = ReviewStep.objects.sendings().select_related("by").latest_first()
    return (
        Initiative.objects.visible_to(user)
        .awaiting_review_by(user)
        .select_related("owner")
        .prefetch_related(
            Prefetch("review_steps", sendings, to_attr="sendings"),
            Prefetch("engagements", Engagement.objects.select_related("conflict_system")),
        )
        .order_by("sent_at", "pk")
    )

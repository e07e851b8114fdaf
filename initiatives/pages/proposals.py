"""Links that wait for a person's word."""

from initiatives.models import InitiativeLink
from initiatives.pages.home import editable_by


def proposals_for(user, *, elsewhere=()):
    """Proposed links that this person may answer: `permissions.may_answer`, for many at once; the oldest first.

    Both ends are to be opened at the moment: a source that was hidden since is not told of.
    elsewhere: organisations whose records are left out, see workspace.py. Queries: one.
    """
    mine = editable_by(user).values("pk")
    links = InitiativeLink.objects.proposed().visible_to(user).filter(target__in=mine).exclude(source__in=mine)
    return links.exclude(target__owner__in=elsewhere).select_related("source__owner", "target").order_by("pk")

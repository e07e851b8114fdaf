"""Links that wait for a person's word, those for which it can be asked, and those for which it was given."""

from initiatives.actions.proposals import declined_of, was_declined
from initiatives.models import InitiativeLink
from initiatives.pages.home import editable_by


def proposals_for(user, *, elsewhere=()):
    """Proposed links that this person may answer: `permissions.may_answer`, for many at once; the oldest first.

    Both ends are to be opened at the moment: a source that was hidden since is not told of.
    elsewhere: organisations whose records are left out, see workspace.py. Queries: one.
    """
    mine = editable_by(user).values("pk")
    links = InitiativeLink.objects.visible_to(user).proposed().filter(target__in=mine).exclude(source__in=mine)
    return links.exclude(target__owner__in=elsewhere).select_related("source__owner", "target").order_by("pk")


def askable(links, *, source):
    """Of a record's own links, those that its other side can be asked to confirm, as far as the source alone tells.

    Shape: {primary key}. Queries: one, where any is claimed.
    """
    claimed = [link for link in links if link.may_be_proposed]
    declined = declined_of(source) if claimed else set()
    return {link.pk for link in claimed if not was_declined(link, declined)}

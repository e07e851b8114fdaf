"""What waits for a person, and what moved around them: the start page's queries.

elsewhere: organisations of theirs that they don't work for at the moment, see workspace.py.
"""

from django.db.models import Q

from initiatives.dates import today
from initiatives.models import ConflictSystem, Initiative, Membership, Organisation, Publication, Sharing
from initiatives.models.belonging import belonging_of
from initiatives.models.initiative import BROUGHT_BACK_WITHIN
from initiatives.period import Period
from initiatives.permissions import may_curate
from initiatives.timing import initiatives_on, is_unconfirmed


def drafts_of(user, *, elsewhere=()):
    """What this person began and has not published, the latest touched first."""
    drafts = Initiative.objects.visible_to(user).filter(author=user, publication=Publication.DRAFT)
    return drafts.exclude(owner__in=elsewhere)


def withdrawn_lately(user, *, elsewhere=()):
    """Withdrawn, and this person's to bring back while there is time; the one with least of it first."""
    mine = editable_by(user).exclude(owner__in=elsewhere).filter(publication=Publication.WITHDRAWN)
    return mine.filter(withdrawn_on__gte=today() - BROUGHT_BACK_WITHIN).order_by("withdrawn_on", "pk")


def editable_by(user):
    """Initiatives that this person may change: `permissions.may_edit`, for many at once."""
    belonging = belonging_of(user)
    private = Q(sharing=Sharing.RESTRICTED) | Q(publication=Publication.DRAFT)
    return Initiative.objects.visible_to(user).filter(
        Q(pk__in=belonging.named_to_write) & Q(belonging.any)
        | Q(author=user, owner__in=belonging.organisations)
        | Q(owner__in=belonging.managed) & ~private
    )


def to_confirm(user, *, elsewhere=()):
    """Active without an end, unconfirmed for twelve months, and this person's to confirm; longest unsaid first."""
    initiatives = initiatives_on(today(), editable_by(user).exclude(owner__in=elsewhere), user)
    return initiatives.filter(is_unconfirmed(Period.default())).order_by("last_confirmed_on", "start_on", "pk")


def organisations_to_confirm(user):
    """Unconfirmed organisations that a curator has come to know of; none for anyone else."""
    known = Organisation.objects.visible_to(user).filter(confirmed=False)
    return known if may_curate(user) else known.none()


def recent_around(user, *, elsewhere=()):
    """Published by this person's organisations, the latest change first."""
    own = _own(user, elsewhere)
    return Initiative.objects.visible_to(user).published().filter(owner__in=own).select_related("updated_by")


def systems_around(user, *, elsewhere=()):
    """Conflict systems of the initiatives that this person wrote, or that their organisations own or take part in."""
    own = _own(user, elsewhere)
    written = Q(author=user) & ~Q(owner__in=elsewhere)
    initiatives = Initiative.objects.visible_to(user).filter(
        written | Q(owner__in=own) | Q(participations__organisation__in=own)
    )
    return ConflictSystem.objects.filter(engagements__initiative__in=initiatives.values("pk")).distinct()


def _own(user, elsewhere):
    return Membership.objects.active_for(user).exclude(organisation__in=elsewhere).values("organisation")

"""What waits for a person in the organisations that they don't work for at the moment: how much, and of what."""

from collections import defaultdict

from django.db.models import Count

from initiatives.pages.home import drafts_of, to_confirm
from initiatives.pages.proposals import proposals_for


def waiting_elsewhere(user, organisations):
    """Shape: [(organisation, [(number, what)])], those alone for which something waits.

    organisations: of this person's, the others. Queries: one of each kind; none without organisations.
    """
    if not organisations:
        return []
    kinds = (
        ("draft", "drafts", drafts_of(user), "owner"),
        ("link to confirm", "links to confirm", proposals_for(user), "target__owner"),
        ("initiative to confirm", "initiatives to confirm", to_confirm(user), "owner"),
    )
    waiting = defaultdict(list)
    for one, several, rows, owner in kinds:
        counted = rows.filter(**{f"{owner}__in": organisations}).order_by().values_list(owner).annotate(n=Count("pk"))
        for key, number in counted:
            waiting[key].append((number, one if number == 1 else several))
    return [(other, waiting[other.pk]) for other in organisations if other.pk in waiting]

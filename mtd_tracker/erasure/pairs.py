"""From when on the two who erase a record count as two people, and no manager erases it alone by a second self.

A pair with the record's author counts at once. Otherwise both have been at work in its organisation for a while, and
whoever agrees as a manager: a second self who asks is no better than one who agrees.
"""

from datetime import date

from initiatives.dates import today
from initiatives.keepers import counts_from
from initiatives.models import Membership


def counts_with(user, erasure, initiative):
    """Whether this person's word counts today beside that of whoever asked."""
    day = counts_with_from(user, erasure, initiative)
    return day is not None and day <= today()


def counts_with_from(user, erasure, initiative):
    """The first day on which it does; long ago where nothing is waited for, None where one of the two would not count
    on any day, as things are. Queries: four at most."""
    asked_by = erasure.requested_by_id
    if initiative.author_id is not None and initiative.author_id in (asked_by, user.pk):
        return date.min
    members = Membership.objects.active().filter(organisation=initiative.owner_id)
    asking = members.filter(user=asked_by).first()
    agreeing = members.managing().filter(user=user).first()
    if asking is None or agreeing is None:
        return None
    return max(counts_from(asking, as_manager=False), counts_from(agreeing))

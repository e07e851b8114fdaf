"""What a person belongs to, and which records they are named on: the ground of all that they may open."""

from django.db.models import F, Subquery, TextField

from initiatives.models.grant import Grant
from initiatives.models.organisation import Membership


def memberships_of(user):
    """A person's active memberships, the oldest first, with their organisations. user: None where nobody asks.

    Queries: one a person and request: the request's user is read afresh each time, and keeps the answer.
    """
    return _belonging(user)[0]


def named_on(user):
    """Primary keys of the records that name this person, while they are a member of any organisation.

    Queries: none besides those of `memberships_of`.
    """
    return _belonging(user)[1]


def _belonging(user):
    if user is None or not user.is_authenticated:
        return [], ()
    if not hasattr(user, "_belonging"):
        user._belonging = _read(user)
    return user._belonging


def _read(user):
    named = Grant.objects.current().filter(user=user).order_by().values(key=F("initiative"))
    memberships = list(Membership.objects.active_for(user).select_related("organisation").annotate(named=Keys(named)))
    keys = memberships[0].named if memberships else None
    return memberships, tuple(map(int, keys.split(","))) if keys else ()


class Keys(Subquery):
    """What a queryset with the one column `key` holds, beside other rows: "2,5,9", null where it is empty."""

    output_field = TextField()

    def as_postgresql(self, compiler, connection, **extra):
        template = "(SELECT string_agg(CAST(key AS text), ',') FROM (%(subquery)s) AS named)"
        return self.as_sql(compiler, connection, template, **extra)

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(
            compiler, connection, "(SELECT group_concat(key, ',') FROM (%(subquery)s) AS named)", **extra
        )

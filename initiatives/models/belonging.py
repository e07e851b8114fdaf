"""What a person belongs to, and which records they are named on: the ground of all that they may open."""

from functools import cached_property

from django.db.models import F, Subquery, TextField

from initiatives.dates import today
from initiatives.models.grant import Grant, OrganisationGrant
from initiatives.models.organisation import Membership
from mtd_tracker.written import any_of, rows_of


def memberships_of(user):
    """A person's active memberships, the oldest first, with their organisations. user: None where nobody asks.

    Queries: one a person and request: the request's user is read afresh each time, and keeps the answer.
    """
    if _is_nobody(user):
        return []
    if not hasattr(user, "_memberships"):
        user._memberships = list(_active(user))
    return user._memberships


def named_on(user):
    """Primary keys of the records that name this person, while they are a member of any organisation: "2,5,9".

    Queries: one, which answers `memberships_of` as well: where both are wanted, this is better asked first.
    """
    if _is_nobody(user):
        return ""
    if not hasattr(user, "_named"):
        user._named = listed(_read_named(user))
    return user._named


def _read_named(user):
    named = Grant.objects.current().filter(user=user).order_by().values(key=F("initiative"))
    if hasattr(user, "_memberships"):
        return [row["key"] for row in named] if user._memberships else []
    user._memberships = list(_active(user).annotate(named=Keys(named)))
    keys = user._memberships[0].named if user._memberships else None
    return map(int, keys.split(",")) if keys else []


def listed(keys):
    """As numbers within SQL, of which it takes no more than digits and commas."""
    return ",".join(f"{key:d}" for key in keys)


def _is_nobody(user):
    return user is None or not user.is_authenticated


def _active(user):
    return Membership.objects.active_for(user).select_related("organisation")


def belonging_of(user):
    """The same within a statement, so that one query decides, and losing a membership counts at once.

    user: somebody signed in, who keeps it for the day: one page asks it up to ten times. Queries: none.
    """
    kept = getattr(user, "_belonging", None)
    if kept is None or kept.day != today():
        kept = user._belonging = Belonging(user)
    return kept


class Belonging:
    """What a person belongs to and is named on, as sub-selects. Shape: a condition, or keys for `__in`."""

    def __init__(self, user):
        self.day = today()
        self._memberships = Membership.objects.active_for(user)
        self._grants = Grant.objects.current().filter(user=user)

    @cached_property
    def any(self):
        """Condition: they are a member of any organisation."""
        return any_of(self._memberships)

    @cached_property
    def organisations(self):
        return rows_of(self._memberships.values("organisation"))

    @cached_property
    def managed(self):
        return rows_of(self._memberships.managing().values("organisation"))

    @cached_property
    def named(self):
        """Initiatives that name them; it counts while they are a member of any organisation."""
        return rows_of(self._grants.values("initiative"))

    @cached_property
    def named_to_write(self):
        return rows_of(self._grants.filter(access=Grant.Access.WRITE).values("initiative"))

    @cached_property
    def opened(self):
        """Initiatives opened to an organisation of theirs."""
        partners = OrganisationGrant.objects.current().filter(organisation__in=self.organisations)
        return rows_of(partners.values("initiative"))


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

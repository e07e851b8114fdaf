"""When a change opens a record: to people who could not read it, could only read, or were told less precisely."""

from dataclasses import dataclass, replace
from datetime import date

from initiatives.dates import today
from initiatives.models import Grant, Membership, Organisation, Sharing, ShownDates, ShownPlaces

COARSER = {  # from as recorded on
    "shown_dates": ("", ShownDates.MONTH, ShownDates.YEAR),
    "shown_places": ("", ShownPlaces.COUNTRY, ShownPlaces.REGION),
}


@dataclass(frozen=True)
class Reach:
    """Whom a record is open to. people: {User: (access, last day or None)}. partners: {Organisation: the same day}."""

    sharing: Sharing
    owner: Organisation
    people: dict
    partners: dict
    shown_dates: str = ""
    shown_places: str = ""

    @property
    def is_outside(self):
        """Whether it is open to more than the owning organisation and the people named."""
        return Sharing(self.sharing).is_outside or any(_is_current(until) for until in self.partners.values())

    def changed(self, values):
        """As it would be with these values of `actions.sharing.change_sharing`; what they leave out stays."""
        said = {name: values[name] for name in ("sharing", "owner", *COARSER) if name in values}
        if "grants" in values:
            said["people"] = {user: (access, until) for user, access, until in values["grants"]}
        if "partners" in values:
            said["partners"] = dict(values["partners"])
        return replace(self, **said)


@dataclass(frozen=True)
class Gain:
    """Something that a change opens. who: a Sharing, the owning Organisation, a User, or a partner Organisation.

    shows: "shown_dates" or "shown_places", where those outside are told more precisely; `who` is then how.
    """

    who: object
    shows: str = ""
    as_owner: bool = False
    access: str = ""
    until: date | None = None


def reach_of(initiative):
    """Queries: two, and one for an owner that is not at hand."""
    grants = initiative.grants.select_related("user")
    partners = initiative.organisation_grants.select_related("organisation")
    return Reach(
        sharing=initiative.sharing,
        owner=initiative.owner,
        people={grant.user: (grant.access, grant.until_on) for grant in grants},
        partners={grant.organisation: grant.until_on for grant in partners},
        shown_dates=initiative.shown_dates,
        shown_places=initiative.shown_places,
    )


def gains(before, after):
    """What `after` opens beyond `before`; a name whose last day has passed counts for nothing. Shape: [Gain]."""
    found = []
    if Sharing(after.sharing).width > Sharing(before.sharing).width:
        found.append(Gain(Sharing(after.sharing)))
    if after.owner != before.owner:
        found.append(Gain(after.owner, as_owner=True))
    for user, (access, until) in after.people.items():
        had, had_until = before.people.get(user, ("", date.min))
        writes_now = access == Grant.Access.WRITE and had != Grant.Access.WRITE
        if _is_current(until) and (writes_now or _gained(had_until, until)):
            found.append(Gain(user, access=access, until=until))
    for partner, until in after.partners.items():
        if _is_current(until) and _gained(before.partners.get(partner, date.min), until):
            found.append(Gain(partner, until=until))
    return found + _finer(before, after)


def read_by_more(before, after):
    """Whether what was written for those whom `before` reaches has more readers where `after` reaches, or is told them
    more precisely.

    For how long a person named or a partner may read, and whether they write, counts for nothing here: before, take
    those alone whose last day had not passed.
    Queries: one at most.
    """
    outside = Sharing(before.sharing).is_outside
    if outside:  # all who are anything on this site read it, partners as coarsely as everybody
        before = replace(before, partners=after.partners)
    if outside and not (before.shown_dates or before.shown_places):
        return bool(gains(replace(before, owner=after.owner, people=after.people), after))
    theirs = _members_reading(before, after.people.keys() - before.people.keys())
    people = {user: said for user, said in after.people.items() if user in before.people or user.pk in theirs}
    partners = {one: until for one, until in after.partners.items() if one in before.partners}
    return bool(gains(replace(before, people=people, partners=partners), after))


def _members_reading(reach, people):
    """Keys of those people to whom a record of their organisation was open without naming them."""
    if not people or reach.sharing == Sharing.RESTRICTED:
        return set()
    members = Membership.objects.active().filter(organisation=reach.owner, user__in=people)
    return set(members.values_list("user", flat=True))


def _finer(before, after):
    """What those outside, if there are any, are told more precisely than before. Shape: [Gain]."""
    if not after.is_outside:
        return []
    shown = [(name, order, getattr(before, name), getattr(after, name)) for name, order in COARSER.items()]
    return [Gain(now, shows=name) for name, order, was, now in shown if order.index(now) < order.index(was)]


def _gained(before, after):
    """Whether a last day lies later, or is none any more, or the one before had passed."""
    return not _is_current(before) or (before is not None and (after is None or after > before))


def _is_current(until):
    return until is None or until >= today()

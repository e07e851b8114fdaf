"""Who can read a record, by name and number: what a person is told before they choose."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Count, Q

from initiatives.dates import today
from initiatives.models import Membership, Sharing

NAMED_AT_FIRST = 10


@dataclass(frozen=True)
class Readers:
    """words: who, and how many. names: the first of them, as far as they are told; more: how many besides."""

    words: str
    names: tuple[str, ...] = ()
    more: int = 0


def readers_by_level(**record):
    """`readers_at` every level. Shape: {level: Readers}. Queries: five, however many people there are."""
    return {level: readers_at(level, **record) for level in Sharing}


def readers_at(level, *, owner, author, named):
    """Who reads a record at a level of sharing; the people named are told at the narrowest alone.

    owner: an organisation of whoever is told, because its members are named. named: triples (User, access, until).
    """
    if level == Sharing.PUBLIC:
        return Readers(Sharing.PUBLIC.readers)
    if level == Sharing.NETWORK:
        return network()
    return members_of(owner) if level == Sharing.ORGANISATION else named_people(named, author=author, owner=owner)


def network():
    """Numbers alone. Queries: two."""
    members = Membership.objects.active()
    counted = members.aggregate(
        people=Count("user", distinct=True), organisations=Count("organisation", distinct=True)
    )
    curating = Q(is_curator=True) | Q(is_superuser=True)
    others = get_user_model().objects.filter(curating, is_active=True).exclude(pk__in=members.values("user")).count()
    words = f"All {_count(counted['people'], 'member')} of {_count(counted['organisations'], 'organisation')} here"
    besides = f", and {_count(others, 'curator or administrator', 'curators and administrators')}" if others else ""
    return Readers(words + besides)


def members_of(organisation):
    """Its active members by name, for a colleague of theirs. Queries: two."""
    members = Membership.objects.active().filter(organisation=organisation).select_related("user")
    names = tuple(str(membership.user) for membership in members.order_by("user__name", "pk")[:NAMED_AT_FIRST])
    count = members.count()
    return Readers(_members_in_words(organisation, count), names, count - len(names))


def members_counted(organisations):
    """In words, without names: of organisations that are not one's own. Shape: {Organisation: words}. Queries: one."""
    rows = Membership.objects.active().filter(organisation__in=organisations).order_by()
    counts = dict(rows.values_list("organisation").annotate(Count("pk")))
    return {one: _members_in_words(one, counts.get(one.pk, 0)) for one in organisations}


def named_people(named, *, author=None, owner=None):
    """The people named and, if given, the author, each with whether they can open it today. Queries: one."""
    people = {user: until for user, _, until in named}
    able = able_to_open(people, author=author, owner=owner)
    if author:
        people.setdefault(author)
    names = [
        _noted(user, is_author=user == author, is_able=user in able)
        for user in sorted(people, key=lambda user: (user != author, str(user).casefold()))
    ]
    words = f"Its author and the people named on it: {_count(len(able), 'person', 'people')}"
    return Readers(words, tuple(names[:NAMED_AT_FIRST]), len(names[NAMED_AT_FIRST:]))


def able_to_open(people, *, author=None, owner=None):
    """Of people who are named, those who are active members somewhere, and whose last day has not passed; the author,
    if given, as an active member of the owner.

    people: {User: last day or None}. Shape: {User}. Queries: one.
    """
    asked = [*people, author] if author else people
    works = set(Membership.objects.active().filter(user__in=asked).values_list("user", "organisation"))
    members = {user for user, _ in works}
    able = {user for user, until in people.items() if user.pk in members and (until is None or until >= today())}
    return able | {author} if author and (author.pk, owner.pk) in works else able


def _noted(user, *, is_author, is_able):
    notes = ["its author"] * is_author + ["cannot open it at present"] * (not is_able)
    return f"{user} ({', '.join(notes)})" if notes else str(user)


def _members_in_words(organisation, count):
    return f"Members of {organisation}: {_count(count, 'person', 'people')}"


def _count(number, one, many=None):
    return f"{number} {one if number == 1 else many or f'{one}s'}"

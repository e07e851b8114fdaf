"""Who reads a record, in words: as it is, and what a change would add."""

from dataclasses import dataclass
from datetime import date

from initiatives.models import (
    AS_RECORDED,
    Grant,
    LogEntry,
    Organisation,
    Sharing,
    ShownDates,
    ShownPlaces,
)
from initiatives.readers import Readers, able_to_open, members_counted, members_of, named_people, network, readers_at
from initiatives.widening import reach_of


@dataclass(frozen=True)
class Opened:
    """Somebody whom a change opens it to. note: in which part, or how far; until: the last day, if there is one."""

    readers: Readers
    note: str = ""
    until: date | None = None


@dataclass(frozen=True)
class WhoReads:
    """For whoever says who reads it. named, partners: in words, those whose last day has passed among them."""

    level: Sharing
    readers: Readers
    named: Readers
    partners: list


@dataclass(frozen=True)
class DiaryHandedOver:
    """number: of the entries for the organisation alone. former, owner: whose they are now, and whose they'd be."""

    number: int
    former: Organisation
    owner: Organisation


def diary_handed_over(initiative, *, owner, user):
    """What goes to another organisation with a record: entries that this person, who hands it over, may read.

    Those are all of that level: whoever says who reads a record is a colleague of those who wrote them.
    None where it stays, or there are none. Queries: one, where it is handed over.
    """
    if owner == initiative.owner:
        return None
    entries = LogEntry.objects.visible_to(user).filter(initiative=initiative, sharing=Sharing.ORGANISATION)
    number = entries.count()
    return DiaryHandedOver(number, initiative.owner, owner) if number else None


def who_reads(initiative):
    """Queries: a constant number, however many people and organisations are named."""
    level, reach = Sharing(initiative.sharing), reach_of(initiative)
    named = [(user, access, until) for user, (access, until) in reach.people.items()]
    return WhoReads(
        level=level,
        readers=readers_at(level, owner=initiative.owner, author=initiative.author, named=named),
        named=named_people(named),
        partners=list(initiative.organisation_grants.current().select_related("organisation")),
    )


def opened_by(gained, *, owner):
    """What each Gain of a change means, its readers by name or number.

    owner: the organisation that would own the record. Shape: [Opened]. Queries: a constant number.
    """
    people = {gain.who: gain.until for gain in gained if gain.access}
    able = able_to_open(people)
    counted = members_counted([gain.who for gain in gained if _is_partner(gain)])
    return [_opened(gain, owner=owner, able=able, counted=counted) for gain in gained]


def _is_partner(gain):
    return isinstance(gain.who, Organisation) and not gain.as_owner


def _opened(gain, *, owner, able, counted):
    if gain.shows:
        shown, what = (ShownDates, "Dates") if gain.shows == "shown_dates" else (ShownPlaces, "Places")
        how = dict([AS_RECORDED, *shown.choices])[gain.who]
        return Opened(Readers(f"{what}, as readers outside {owner} are told them: {how.lower()}"))
    if gain.access:
        note = Grant.Access(gain.access).label if gain.who in able else "named, but cannot open it at present"
        return Opened(Readers(str(gain.who)), note, gain.until)
    if _is_partner(gain):
        return Opened(Readers(counted[gain.who]), until=gain.until)
    if gain.as_owner:
        return Opened(members_of(gain.who), "as the organisation that owns it")
    by_level = {Sharing.PUBLIC: lambda: Readers(Sharing.PUBLIC.readers), Sharing.NETWORK: network}
    return Opened(by_level.get(gain.who, lambda: members_of(owner))())

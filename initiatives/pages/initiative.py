"""What one reader reads of one initiative: a fixed list for the public, and what members read besides."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils.translation import get_language_info

from initiatives.alphabet import place_of
from initiatives.dates import PartialDate, Precision, today
from initiatives.models import (
    Engagement,
    Grant,
    Initiative,
    InitiativeLink,
    LogEntry,
    Participation,
    PrincipleRating,
    Sharing,
    TrackTag,
)
from initiatives.pages.home import editable_by
from initiatives.permissions import is_member_of, may_edit, may_edit_log_entry, may_share, reads_network
from taxonomy.models import Officiality, Principle


@dataclass(frozen=True)
class RatingRead:
    """An assessment in the light of a principle.

    evidence: empty where none is written, or not for this reader; withheld: whether some is written and not for this
    reader, who is told as much by the list's filter and its exports too.
    """

    principle: Principle
    rating: int
    words: str
    rated_on: PartialDate | None
    evidence: str
    withheld: bool


@dataclass(frozen=True)
class EngagementRead:
    """when: the work's own dates in this conflict system, in words; empty where they are the initiative's."""

    conflict_system: object
    when: str


@dataclass(frozen=True)
class LinkRead:
    """A link from the side of one of its ends. words: what this one does for, or owes to, the other.

    is_mine_to_answer: whether the reader may give the other side's word on it, or another than was given.
    """

    link: InitiativeLink
    words: str
    other: Initiative
    is_mine_to_answer: bool = False


@dataclass(frozen=True)
class EntryRead:
    entry: LogEntry
    happened_on: PartialDate
    sharing: str  # as it holds today: an entry is never wider than its initiative
    may_edit: bool


SEEN_FROM_TARGET = {
    InitiativeLink.Kind.FEEDS_INTO: "is fed by",
    InitiativeLink.Kind.GIVES_RISE_TO: "grew from",
    InitiativeLink.Kind.FUNDS: "is funded by",
    InitiativeLink.Kind.AMPLIFIES: "is amplified by",
    InitiativeLink.Kind.COORDINATES_WITH: "coordinates with",
    InitiativeLink.Kind.UNDERMINES: "is undermined by",
}
PARTS = (
    Prefetch("engagements", Engagement.objects.select_related("conflict_system")),
    Prefetch("track_tags", TrackTag.objects.select_related("track")),
    Prefetch("participations", Participation.objects.select_related("organisation")),
    Prefetch("principle_ratings", PrincipleRating.objects.select_related("principle")),
    "activities",
    "locations",
    "suspensions",
    "external_ids",
    Prefetch("grants", Grant.objects.select_related("user")),
)


def with_parts(initiatives):
    """The queryset with everything that a reading needs. Queries: one a part."""
    return initiatives.select_related("owner", "author", "updated_by").prefetch_related(*PARTS)


def reading_of(initiative, user):
    """For the template: all that this person reads of an initiative they may open.

    Shape: a dict; what is not for this reader is not in it. Queries: a constant number.
    """
    reading = _for_everyone(initiative, user)
    if reads_network(user):
        reading |= _for_members(initiative, user)
    return reading


def _for_everyone(initiative, user):
    """The reduced set: all that a reader without an account is told."""
    day, shown = today(), initiative.shown
    ratings = _ratings(initiative, with_evidence=False)
    return {
        "ref": initiative.ref,
        "title": initiative.title,
        "summary": initiative.summary,
        "description": initiative.description,
        "language": initiative.language,
        "language_name": language_name(initiative.language),
        "status": initiative.status(day),
        "unconfirmed": initiative.is_unconfirmed(day),
        "when": period_words(shown.start, shown.end, day),
        "precision": precision_words(shown.start, shown.end, exactly=initiative.reads_exactly),
        "cancelled": shown.cancelled,
        "last_confirmed": shown.last_confirmed,
        "pauses": shown.pauses,
        "engagements": _engagements(initiative, day),
        "places": shown.places,
        "track_tags": list(initiative.track_tags.all()),
        "officiality": initiative.get_officiality_display(),
        "is_bridge": initiative.officiality == Officiality.MIXED,
        "level": initiative.get_level_display(),
        "dimension": initiative.get_dimension_display(),
        "activities": list(initiative.activities.all()),
        "ratings": ratings,
        "not_assessed": Principle.objects.in_use().exclude(pk__in=[read.principle.pk for read in ratings]),
        "owner": initiative.owner,
        "organisations": _organisations(initiative),
        "sources": initiative.source_lines,
        "others_read": others_read(initiative, day) if initiative.reads_exactly else "",
        **_links(initiative, user),
    }


def _for_members(initiative, user):
    return {
        "ratings": _ratings(initiative, with_evidence=True),
        "external_ids": list(initiative.external_ids.all()),
        "sharing": Sharing(initiative.sharing),
        **_named(initiative, user),
        "author": initiative.author,
        "created_at": initiative.created_at,
        "updated_at": initiative.updated_at,
        "updated_by": initiative.updated_by,
        "diary": diary_of(initiative, user),
    }


def _named(initiative, user):
    """People and organisations to which it is open by name: told to those who say so, and to nobody else.

    as_guest: this reader belongs to none of those whom its sharing means, so it was opened to them beside it.
    """
    if not may_share(user, initiative):
        guest = initiative.sharing == Sharing.ORGANISATION and not is_member_of(user, initiative.owner_id)
        return {"named": [], "open_to": [], "may_share": False, "as_guest": guest}
    open_to = initiative.organisation_grants.current().select_related("organisation")
    return {"named": list(initiative.grants.all()), "open_to": list(open_to), "may_share": True}


def diary_of(initiative, user):
    """Its log entries, as far as this person may read them.

    Shape: [EntryRead], latest first; among several of a shown month or year the last written, because their order
    would tell of their days.
    """
    entries = list(LogEntry.objects.visible_to(user).filter(initiative=initiative).select_related("author"))
    # One answer for own entries and one for those of others, so that queries don't grow with the diary.
    may_edit = {
        author: may_edit_log_entry(user, LogEntry(initiative=initiative, author_id=author))
        for author in {user.pk if entry.author_id == user.pk else None for entry in entries}
    }
    reads = [
        EntryRead(
            entry=entry,
            happened_on=initiative.shown.day(entry.happened_on),
            sharing=min(Sharing(entry.sharing), Sharing(initiative.sharing), key=lambda one: one.width).label,
            may_edit=may_edit[user.pk if entry.author_id == user.pk else None],
        )
        for entry in entries
    ]
    return sorted(reads, key=lambda read: (read.happened_on.first, read.entry.pk), reverse=True)


def _ratings(initiative, *, with_evidence):
    """The latest rating of each principle, in the principles' order."""
    return [rating_read(initiative, row, with_evidence=with_evidence) for row in initiative.shown.ratings()]


def rating_read(initiative, row, *, with_evidence):
    return RatingRead(
        principle=row.principle,
        rating=row.rating,
        words=PrincipleRating.Rating(row.rating).label,
        rated_on=initiative.shown.day(row.rated_on),
        evidence=row.evidence if with_evidence else "",
        withheld=bool(row.evidence) and not with_evidence,
    )


def _engagements(initiative, day):
    reads = []
    for row in initiative.engagements.all():
        own = row.start or row.end
        shown = initiative.shown
        when = period_words(row.shown_start or shown.start, row.shown_end or shown.end, day) if own else ""
        reads.append(EngagementRead(row.conflict_system, when))
    return sorted(reads, key=lambda read: place_of(read.conflict_system.name))


def _organisations(initiative):
    """Shape: [(role in words, [Organisation])], roles in their own order, organisations by name."""
    rows = sorted(initiative.participations.all(), key=lambda row: place_of(row.organisation.name))
    by_role = [(role.label, [row.organisation for row in rows if row.role == role]) for role in Participation.Role]
    return [(label, organisations) for label, organisations in by_role if organisations]


def _links(initiative, user):
    """Those of which this reader may open both ends, from this initiative and to it."""
    visible = InitiativeLink.objects.visible_to(user).select_related("source", "target")
    links = list(visible.filter(Q(source=initiative) | Q(target=initiative)))
    links_in = [link for link in links if link.target_id == initiative.pk]
    mine = _mine_to_answer([link for link in links_in if link.may_be_answered], initiative, user)
    return {
        "links_out": [
            LinkRead(link, link.get_kind_display(), link.target) for link in links if link.source_id == initiative.pk
        ],
        "links_in": [LinkRead(link, SEEN_FROM_TARGET[link.kind], link.source, link.pk in mine) for link in links_in],
    }


def _mine_to_answer(links, initiative, user):
    """Of links to this initiative, those of which this person may say whether it is so: `permissions.may_answer`.

    Shape: {primary key}.
    """
    if not links or not may_edit(user, initiative):
        return set()
    sources = editable_by(user).filter(pk__in=[link.source_id for link in links])
    own = set(sources.values_list("pk", flat=True))
    return {link.pk for link in links if link.source_id not in own}


def period_words(start, end, day):
    """When it ran, as a person says it: "since 1993", "July 1990 – 4 October 1992"."""
    if start is None:
        return "no start recorded"
    if end is None:
        return f"planned from {start}" if start.first > day else f"since {start}"
    span = str(start) if str(start) == str(end) else f"{start} – {end}"
    return f"planned: {span}" if start.first > day else span


def precision_words(start, end, *, exactly):
    """Which dates are given less than to the day. Shape: ["start: 1993 (year known only)"].

    exactly: whether that is all that is recorded; else the words leave open whether more is.
    """
    words = "{} known only" if exactly else "to the {}"
    return [
        f"{name}: {given} ({words.format(given.precision)})"
        for name, given in (("start", start), ("end", end))
        if given and given.precision != Precision.DAY
    ]


def others_read(initiative, day):
    """What those outside read in place of its dates and places; empty where they read what is recorded."""
    shown = initiative.shown_to_others
    when = period_words(shown.start, shown.end, day) if initiative.shown_dates else ""
    where = "; ".join(shown.places) if initiative.shown_places else ""
    return "; ".join(filter(None, (when, where)))


def language_name(code):
    try:
        return get_language_info(code)["name"]
    except KeyError:
        return code

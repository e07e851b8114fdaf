"""What an organisation does, as far as a reader may open it."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OuterRef, Prefetch, Subquery, Value, When
from django.db.models.functions import Coalesce
from reversion.models import Version

from initiatives.analytics.portfolio import counts_as
from initiatives.dates import today
from initiatives.models import ConflictSystem, Initiative, Participation, Status, TrackTag
from initiatives.models.coarsening import shown_day
from initiatives.pages.initiative import period_words
from mtd_tracker.elevation import elevated
from taxonomy.models import Track

ROLE_ORDER = Case(*(When(role=role, then=Value(place)) for place, role in enumerate(Participation.Role)))


@dataclass(frozen=True)
class PartRead:
    """One part in one initiative. status: empty where the dates say it already."""

    role: str
    initiative: Initiative
    when: str
    status: str
    tracks: tuple[Track, ...]


def revisions_of_records(organisation):
    """Of its revisions those that are a record's, into which its name was typed: who did so, when, and what for, is
    for that record's readers. Shape: {primary key}. Queries: one.

    It looks beyond what the reader may open, because otherwise the hidden ones would be told.
    """
    own = Version.objects.get_for_object(organisation).order_by().values("revision")
    of_records = Version.objects.get_for_model(Initiative).filter(revision__in=own)
    with elevated("which revisions of an organisation are a hidden record's too"):
        return set(of_records.values_list("revision", flat=True))


def parts_of(organisation, user):
    """The organisation's parts in initiatives that this person may open, by role, the latest begun first."""
    visible = Initiative.objects.visible_to(user)
    parts = Participation.objects.filter(organisation=organisation, initiative__in=visible.values("pk"))
    began = shown_day("initiative__start_on", keeps="first", reader=user, initiative="initiative__")
    read = visible.prefetch_related("suspensions", "track_tags__track")
    in_order = (ROLE_ORDER, began.desc(nulls_last=True), "initiative_id")
    return parts.prefetch_related(Prefetch("initiative", read)).order_by(*in_order)


def read_part(part):
    initiative, day = part.initiative, today()
    status = initiative.status(day)
    said_by_dates = (Status.ACTIVE, Status.ENDED, Status.PLANNED, Status.UNDATED)
    return PartRead(
        role=part.get_role_display(),
        initiative=initiative,
        when=period_words(initiative.shown.start, initiative.shown.end, day),
        status="" if status in said_by_dates else status.label,
        tracks=tuple(tag.track for tag in initiative.track_tags.all()),
    )


def with_initiative_counts(organisations, user):
    """Adds `initiatives_seen`: how many initiatives, that this person may open, name the organisation."""
    parts = Participation.objects.filter(
        organisation=OuterRef("pk"), initiative__in=Initiative.objects.visible_to(user).values("pk")
    )
    counted = parts.order_by().values("organisation").annotate(n=Count("initiative", distinct=True)).values("n")
    return organisations.annotate(initiatives_seen=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def systems_of(parts):
    """Conflict systems that these parts are in. Shape: queryset with `initiatives_seen`. Queries: one."""
    return ConflictSystem.objects.filter(engagements__initiative__in=parts.values("initiative")).annotate(
        initiatives_seen=Count("engagements__initiative", distinct=True)
    )


def tracks_of(parts):
    """Tracks that these parts are on, a retired one under its replacement.

    Shape: [(Track, number of initiatives)] in circle order. Queries: two.
    """
    counted_as = Track.objects.counted_under()
    tags = TrackTag.objects.filter(initiative__in=parts.values("initiative")).order_by()
    numbers = tags.values_list(counts_as("track", counted_as)).annotate(Count("initiative", distinct=True))
    found = [(counted_as[track], number) for track, number in numbers]
    return sorted(found, key=lambda item: (item[0].position, item[0].code))

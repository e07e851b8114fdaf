"""What the records of a system say now, and what they said on a day: read from the tables, and from the history.

The past of a record is told to whom its history page tells it, and no further back: to those who may edit it; its
author all of it, others what came after it was last not for them: a draft or restricted, without naming them, or
another organisation's. Records whose form of that day isn't told count as they stand now, and their number is told.

Source: docs/definitions.md, "As it was known on a day".
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from reversion.errors import RevertError
from reversion.models import Version

from initiatives.analytics.known import Stand
from initiatives.dates import PartialDate
from initiatives.history import organisations_with_merged, was_for
from initiatives.models import (
    Engagement,
    Grant,
    Initiative,
    Membership,
    Publication,
    Sharing,
    Status,
    Suspension,
    TrackTag,
)
from initiatives.models.status import mark_expression, mark_on, status_on
from initiatives.timing import engagements_on


@dataclass(frozen=True)
class RecordedAt:
    """One record, now and then. now, then: its Stand in the system, or None where it isn't in it.
    logged_since: it was logged after the day. as_now: its form of that day isn't told, `now` stands for it.
    unkept: of those, the ones whose history this reader may read, and which has nothing of that day.
    row: the record itself, with the columns that say whether readings are kept of it."""

    row: Initiative
    now: Stand | None
    then: Stand | None
    logged_since: bool = False
    as_now: bool = False
    unkept: bool = False

    @property
    def ref(self):
        return self.row.ref

    @property
    def title(self):
        return self.row.title


COLUMNS = ("pk", "ref", "title", "created_at", "updated_at", "shown_dates", "sharing", "publication", "owner")


def past_open_to(user):
    """Records whose history this person reads: `permissions.may_edit`, for many at once; after `visible_to`."""
    memberships = Membership.objects.active_for(user)
    writing = Grant.objects.current().filter(user=user, access=Grant.Access.WRITE)
    private = Q(sharing=Sharing.RESTRICTED) | Q(publication=Publication.DRAFT)
    own = Q(author=user, owner__in=memberships.values("organisation"))
    managed = Q(owner__in=memberships.managing().values("organisation")) & ~private
    return Exists(memberships) & (Q(pk__in=writing.values("initiative")) | own | managed) & Q(reads_exactly=True)


def recorded(initiatives, *, system, on, period, counted_as, reader):
    """Every record of the system that this reader may open, now or then in it. Shape: [RecordedAt], by title.

    initiatives: a queryset of what the reader may open (`visible_to`). counted_as: what each track counts as, by
    primary key. Queries: six at most, however many records there are.
    """
    evening = datetime.combine(on + timedelta(days=1), time.min, tzinfo=UTC)
    rows = list(_records(initiatives, system, evening, reader))
    now = _now(rows, system, period, counted_as, reader)
    changed = {row.pk: row.then_revision for row in rows if row.then_revision and row.is_told}
    past = _Past(changed, system, period, counted_as)
    return [_at(row, now.get(row.pk), past, evening) for row in rows]


def _records(initiatives, system, evening, reader):
    """Initiatives with `then_revision`, the last one of the day, and `is_told`, whether it is for this reader."""
    kept = Version.objects.get_for_model(Initiative).filter(object_id=Cast(OuterRef("pk"), CharField()))
    by_then = kept.filter(revision__date_created__lt=evening).order_by("-pk")
    theirs = was_for(reader, owners=organisations_with_merged(reader))
    cut = kept.filter(~theirs, revision__gte=OuterRef("then_revision"))
    engaged_then = Version.objects.get_for_model(Engagement).filter(
        revision=OuterRef("then_revision"), serialized_data__contains=f'"conflict_system": {system.pk}'
    )
    return (
        initiatives.annotate(then_revision=Subquery(by_then.values("revision")[:1]), past_open=past_open_to(reader))
        .annotate(is_told=Q(past_open=True) & (Q(author=reader) | ~Exists(cut)))
        .filter(
            Exists(Engagement.objects.filter(initiative=OuterRef("pk"), conflict_system=system))
            | Q(past_open=True, updated_at__gte=evening) & Exists(engaged_then)
        )
        .only(*COLUMNS)
        .order_by("title", "pk")
    )


def _now(rows, system, period, counted_as, reader):
    """{initiative: Stand}"""
    exactly = {row.pk: row.reads_exactly for row in rows}
    here = Engagement.objects.filter(conflict_system=system, initiative__in=list(exactly))
    tracks = defaultdict(set)
    tags = TrackTag.objects.counting(lead_only=period.lead_only).filter(initiative__in=here.values("initiative"))
    for initiative, track in tags.order_by().values_list("initiative", "track"):
        tracks[initiative].add(counted_as[track].pk)
    dates = [f"{of}{name}_{part}" for of in ("", "initiative__") for name in ("start", "end") for part in PARTS]
    columns = ("initiative", "status_then", "mark", "initiative__shown_dates", *dates)
    mark = mark_expression(period.as_of, cancelled_on="cancelled", suspended="suspended")
    engaged = engagements_on(period.as_of, reader).filter(pk__in=here.values("pk")).annotate(mark=mark)
    stands = {}
    for row in engaged.values(*columns):
        key = row["initiative"]
        to = "" if exactly[key] else row["initiative__shown_dates"]
        start, end = (_date(name, row, row, initiative="initiative__") for name in ("start", "end"))
        stands[key] = Stand(
            Status(row["status_then"]),
            row["mark"] and Status(row["mark"]),
            start and start.coarsened(to),
            end and end.coarsened(to),
            frozenset(tracks.get(key, ())),
        )
    return stands


PARTS = ("on", "precision")


def _date(name, own, whole, *, initiative=""):
    """The engagement's date, or else the initiative's, out of two rows of columns. Shape: PartialDate or None."""
    known = PartialDate.around(own[f"{name}_on"], own[f"{name}_precision"])
    return known or PartialDate.around(whole[f"{initiative}{name}_on"], whole[f"{initiative}{name}_precision"])


def _at(row, now, past, evening):
    told = {"row": row, "now": now}
    if row.created_at >= evening:
        return RecordedAt(**told, then=None, logged_since=True)
    if row.updated_at < evening:
        return RecordedAt(**told, then=now)
    if row.pk in past.read:
        return RecordedAt(**told, then=past.read[row.pk])
    return RecordedAt(**told, then=now, as_now=True, unkept=row.past_open and row.then_revision is None)


class _Past:
    """What revisions say of initiatives in the system. revisions: {initiative: revision}. Queries: one, if any.

    read: {initiative: Stand, or None where it wasn't in the system}; those that can't be read are missing.
    """

    def __init__(self, revisions, system, period, counted_as):
        self.system, self.period, self.counted_as = system, period, counted_as
        self.whole, self.parts = {}, defaultdict(list)
        wanted = {(initiative, revision) for initiative, revision in revisions.items()}
        for version in Version.objects.filter(revision__in=set(revisions.values())) if revisions else ():
            self._keep(version, wanted)
        self.read = {initiative: self._stand(initiative) for initiative in self.whole}

    def _keep(self, version, wanted):
        model = version._model
        if model not in (Initiative, Engagement, TrackTag, Suspension):
            return
        try:
            row = version.field_dict
        except RevertError:  # kept by a release that wrote it down otherwise
            return
        initiative = row["id"] if model is Initiative else row["initiative_id"]
        if (initiative, version.revision_id) not in wanted:
            return
        if model is Initiative:
            self.whole[initiative] = row
        else:
            self.parts[initiative, model].append(row)

    def _stand(self, initiative):
        whole = self.whole[initiative]
        engaged = [row for row in self.parts[initiative, Engagement] if row["conflict_system_id"] == self.system.pk]
        if not engaged:
            return None
        start, end = (_date(name, engaged[0], whole) for name in ("start", "end"))
        tags = self.parts[initiative, TrackTag]
        if self.period.lead_only:
            tags = [row for row in tags if row["emphasis"] == TrackTag.Emphasis.LEAD]
        marks = {
            "cancelled_on": whole["cancelled_on"],
            "suspensions": [(row["from_on"], row["until_on"]) for row in self.parts[initiative, Suspension]],
        }
        status = status_on(
            self.period.as_of,
            publication=whole["publication"],
            began_on=start and start.first,
            ended_on=end and end.last,
            **marks,
        )
        tracks = {self.counted_as[row["track_id"]].pk for row in tags if row["track_id"] in self.counted_as}
        return Stand(status, mark_on(self.period.as_of, **marks), start, end, frozenset(tracks))

"""Bringing an earlier version of an initiative back, as one more change: nothing is taken out of its history.

A restore changes nothing of who may read the record, how precisely it is shown to others, whose it is and whether it
is published. But what it brings back may have been for fewer: then it asks for what sharing more widely asks for.
Neither its diary nor who is named on it is part of a version.
"""

from dataclasses import dataclass
from datetime import date

import reversion
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from reversion.models import Version

from initiatives.actions.content import Content, check_dates, missing_for_publication, write_content
from initiatives.actions.sharing import missing_agreement
from initiatives.dates import PartialDate
from initiatives.history import was_published
from initiatives.models import (
    COMPLETE,
    ConflictSystem,
    Engagement,
    ExternalId,
    Grant,
    Initiative,
    InitiativeLink,
    Location,
    Organisation,
    OrganisationGrant,
    Participation,
    PrincipleRating,
    Publication,
    Sharing,
    Suspension,
    TrackTag,
)
from initiatives.widening import Reach, reach_of, read_by_more
from mtd_tracker.history import change
from taxonomy.models import ActivityType, Principle, Track

TEXTS = ("title", "summary", "description", "language", "officiality", "level", "dimension", "sources")
PARTS = (Engagement, TrackTag, PrincipleRating, Participation, Location, Suspension, ExternalId, InitiativeLink)
READERS = (Grant, OrganisationGrant)


@dataclass(frozen=True)
class Snapshot:
    """What a revision held of an initiative. row: its fields; rows: those of its parts, and of whom it named and to
    whom it was opened, {model: [row]}. day: when it was kept."""

    row: dict
    rows: dict
    day: date


@dataclass(frozen=True)
class Earlier:
    """A version as it can be brought back today.

    links: {(target's key, kind): (evidence, note)}, those of which the person may open both ends.
    lost: what can't be brought back, in words. replaced: what stands under another name today, in words.
    reach: whom it was open to then; None where that can't be told.
    """

    reach: Reach | None
    content: Content
    links: dict
    lost: list
    replaced: list

    def was_for_fewer(self, record):
        """Whether not everybody who reads the record today, or would once it is published again, could read what the
        version said, as precisely. What never was published is for nobody else: publishing it asks for itself.

        Queries: six at most.
        """
        if not was_published(record):
            return False
        return self.reach is None or read_by_more(self.reach, reach_of(record))


def snapshot_of(version):
    """Queries: one, and one for a revision that is not at hand."""
    initiative = int(version.object_id)
    rows = {model: [] for model in (*PARTS, *READERS)}
    for part in Version.objects.filter(revision=version.revision_id).order_by("pk"):
        if part._model in rows:
            row = part.field_dict
            if initiative in (row.get("initiative_id"), row.get("source_id")):
                rows[part._model].append(row)
    return Snapshot(version.field_dict, rows, version.revision.date_created.date())


def restore(initiative, earlier, *, by, note, version=None, reason="", agreed=False):
    """Write an earlier version over what is there now.

    reason, agreed: needed where the version was for fewer than read the record today.
    Raises: ValidationError, by form field where one is asked, where they are missing, where the version lacks what a
    published record needs, or its dates contradict each other; StaleSave where somebody changed the record since
    `version`.
    """
    check_dates(earlier.content)
    with change(initiative, by=by, note=note, version=version) as record:
        if earlier.was_for_fewer(record):
            faults = missing_agreement(reason, agreed=agreed)
            if faults:
                raise ValidationError(faults)
            widened = f"{note} for more readers; those concerned have agreed:"
            reversion.set_comment(f"{widened}\n{reason.strip()}")
        missing = missing_for_publication(earlier.content) if record.publication in COMPLETE else {}
        if missing:
            raise ValidationError(list(missing.values()))
        earlier.content.shown_dates, earlier.content.shown_places = record.shown_dates, record.shown_places
        write_content(record, earlier.content, by=by)
        _write_links(record, earlier.links, by=by)
    return record


def _write_links(record, wanted, *, by):
    """Those that the person may open become the wanted ones; links that they don't know of stay."""
    present = {
        (link.target_id, link.kind): link for link in InitiativeLink.objects.visible_to(by).filter(source=record)
    }
    record.links_out.filter(pk__in=[link.pk for key, link in present.items() if key not in wanted]).delete()
    for key, (evidence, text) in wanted.items():
        link = present.get(key) or InitiativeLink(source=record, target_id=key[0], kind=key[1])
        evidence = _evidence_again(link, evidence, text)
        if link.pk is None or (link.evidence, link.note) != (evidence, text):
            if (evidence, text) != (InitiativeLink.Evidence.CLAIMED, link.note):
                link.proposal = ""
            link.evidence, link.note = evidence, text
            link.save()


def _evidence_again(link, evidence, text):
    """The other side's word is never brought back; it stays as long as the link says what they confirmed."""
    level = InitiativeLink.Evidence
    if evidence == level.INDEPENDENT:
        return evidence
    stands = link.pk is not None and link.evidence == level.CONFIRMED and link.note == text
    return level.CONFIRMED if stands else level.CLAIMED


def as_it_can_return(snapshot, *, by):
    """What of a snapshot this person could bring back, with terms and organisations as they are called today."""
    return _Reader(snapshot, by).read()


class _Reader:
    """Finds what a snapshot refers to, and notes what is gone. Queries: one a kind, and one a merger."""

    def __init__(self, snapshot, user):
        self.snapshot, self.user = snapshot, user
        self.lost, self.replaced = [], []

    def read(self):
        row = self.snapshot.row
        content = Content(title=row["title"])
        for name in TEXTS:
            setattr(content, name, row.get(name) or "")
        content.start, content.end = _date(row, "start"), _date(row, "end")
        content.last_confirmed, content.cancelled_on = _date(row, "last_confirmed"), row.get("cancelled_on")
        content.activities = self._terms(ActivityType, map(int, row.get("activities") or ()))
        content.engagements = self._engagements()
        content.participations = self._participations()
        self._read_tracks(content)
        content.assessments = self._assessments()
        content.locations = [(str(part["country"]), part["place"]) for part in self._rows(Location)]
        content.suspensions = [(part["from_on"], part["until_on"]) for part in self._rows(Suspension)]
        content.external_ids = [(part["scheme"], part["identifier"]) for part in self._rows(ExternalId)]
        return Earlier(
            reach=self._reach(),
            content=content,
            links=self._links(),
            lost=self.lost,
            replaced=list(dict.fromkeys(self.replaced)),
        )

    def _reach(self):
        """Whom the version was open to; while it was unpublished, its author and those named alone. None where its
        owner or how widely it was shared is unknown today."""
        row = self.snapshot.row
        owner = Organisation.objects.select_related("merged_into").filter(pk=row["owner_id"]).first()
        if owner is None or row["sharing"] not in Sharing:
            return None
        published = row["publication"] == Publication.PUBLISHED
        people = {user: (named["access"], named["until_on"]) for user, named in self._named(Grant, "user_id")}
        partners = {one: named["until_on"] for one, named in self._named(OrganisationGrant, "organisation_id")}
        return Reach(
            sharing=Sharing(row["sharing"]) if published else Sharing.RESTRICTED,
            owner=owner.current,
            people=people,
            partners=partners if published else {},
            shown_dates=row["shown_dates"],
            shown_places=row["shown_places"],
        )

    def _named(self, model, key):
        """Those whose last day had not passed then. Shape: [(User or Organisation, row)]."""
        rows = [row for row in self._rows(model) if row["until_on"] is None or row["until_on"] >= self.snapshot.day]
        of = get_user_model() if model is Grant else Organisation
        found = of.objects.in_bulk([row[key] for row in rows])
        return [(found[row[key]], row) for row in rows if row[key] in found]

    def _rows(self, model):
        return self.snapshot.rows[model]

    def _terms(self, model, keys):
        """The terms of these keys, retired ones as what replaced them; in their order, each once."""
        found = self._today(model, keys)
        return list(dict.fromkeys(term for term in found.values() if term is not None))

    def _today(self, model, keys):
        """Shape: {key: term or None where it is gone}, replacements followed."""
        keys = list(keys)
        counted = model.objects.counted_under() if keys else {}
        named = model.objects.in_bulk(keys)
        for key in keys:
            if key not in named:
                self.lost.append(f"{model._meta.verbose_name.capitalize()} that is no longer there")
            elif counted[key] != named[key]:
                self.replaced.append(f"{named[key]} is now {counted[key]}")
        return {key: counted.get(key) for key in keys}

    def _engagements(self):
        systems = ConflictSystem.objects.in_bulk([row["conflict_system_id"] for row in self._rows(Engagement)])
        found = []
        for row in self._rows(Engagement):
            if row["conflict_system_id"] in systems:
                system = systems[row["conflict_system_id"]]
                found.append((system, _date(row, "start"), _date(row, "end")))
            else:
                self.lost.append("A conflict system that is no longer there")
        return found

    def _read_tracks(self, content):
        """The lead, those that contribute, and why. Two that became one keep the first one's words, and its lead."""
        rows = sorted(self._rows(TrackTag), key=lambda row: row["emphasis"] != TrackTag.Emphasis.LEAD)
        today = self._today(Track, [row["track_id"] for row in rows])
        for row in rows:
            track = today[row["track_id"]]
            if track is None:
                continue
            if row["emphasis"] == TrackTag.Emphasis.LEAD:
                content.lead_track = track
            elif track not in content.tracks and track != content.lead_track:
                content.tracks.append(track)
            content.rationales[track] = content.rationales.get(track) or row["rationale"]

    def _assessments(self):
        rows = self._rows(PrincipleRating)
        today = self._today(Principle, dict.fromkeys(row["principle_id"] for row in rows))
        found = {}
        for row in rows:
            principle = today[row["principle_id"]]
            if principle is not None:
                found.setdefault((principle, row["rated_on"]), (row["rating"], row["evidence"]))
        return [(principle, *said, day) for (principle, day), said in found.items()]

    def _participations(self):
        """Organisations as this person may know them; a merged one as what it was merged into."""
        rows = self._rows(Participation)
        merged = Organisation.objects.in_bulk([row["organisation_id"] for row in rows])
        while any(one.merged_into_id for one in merged.values()):
            onward = Organisation.objects.in_bulk([one.merged_into_id or one.pk for one in merged.values()])
            merged = {key: onward[one.merged_into_id or one.pk] for key, one in merged.items()}
        visible = Organisation.objects.visible_to(self.user).in_bulk([one.pk for one in merged.values()])
        found = []
        for row in rows:
            organisation = row["organisation_id"] in merged and visible.get(merged[row["organisation_id"]].pk)
            if organisation:
                found.append((row["role"], organisation))
                if organisation.pk != row["organisation_id"]:
                    self.replaced.append(f"An organisation merged since is now {organisation}")
            else:
                role = Participation.Role(row["role"]).label.lower()
                self.lost.append(f"An organisation that is no longer there, or not for you ({role})")
        return found

    def _links(self):
        rows = self._rows(InitiativeLink)
        known = Initiative.objects.visible_to(self.user).in_bulk([row["target_id"] for row in rows])
        there = [row for row in rows if row["target_id"] in known]
        return {(row["target_id"], row["kind"]): (row["evidence"], row["note"]) for row in there}


def _date(row, name):
    return PartialDate.around(row.get(f"{name}_on"), row.get(f"{name}_precision"))

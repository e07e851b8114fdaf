"""An initiative's past in words: what each revision changed, its tags, ratings, links and people included."""

from dataclasses import dataclass
from itertools import dropwhile, pairwise

from django.contrib.auth import get_user_model
from reversion.models import Version

from initiatives.actions.proposals import ANSWERS
from initiatives.dates import PartialDate, day_words
from initiatives.history import organisations_with_merged, was_for
from initiatives.models import (
    AS_RECORDED,
    FOR_MANAGERS,
    ConflictSystem,
    Dimension,
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
    ShownDates,
    ShownPlaces,
    Suspension,
    TrackTag,
)
from initiatives.pages.initiative import language_name
from initiatives.permissions import may_share
from mtd_tracker.history import FieldChange, RecordRevision
from mtd_tracker.names import with_names
from taxonomy.models import ActivityType, Level, Officiality, Principle, Track

TOLD_WHEN_STALE = 25  # revisions
TOLD_OF_REVIEW = 200  # revisions looked through for the last one that reviewers had

PLAIN = {
    "title": "Title",
    "summary": "Summary",
    "description": "Description",
    "sources": "Sources",
}
CHOSEN = {
    "sharing": ("Who may read it", Sharing.choices),
    "shown_dates": ("Dates that others read", [AS_RECORDED, *ShownDates.choices]),
    "shown_places": ("Places that others read", [AS_RECORDED, *ShownPlaces.choices]),
    "publication": ("State", Publication.choices),
    "officiality": ("Officiality", Officiality.choices),
    "level": ("Level", Level.choices),
    "dimension": ("Dimension", Dimension.choices),
}
DATED = {"start": "Start", "end": "End", "last_confirmed": "Last confirmed"}


def versions_for(initiative, user):
    """Its versions, back to the last time when it was not for this person: a draft or restricted, and not naming them,
    or another organisation's.

    What was taken out before it was shared more widely, or handed over, or named them, is not to be read in its past.
    Queries: four at most, before its own.
    """
    versions = Version.objects.get_for_object(initiative)
    if initiative.author_id == user.pk:
        return versions
    named = Grant.objects.current().filter(initiative=initiative, user=user).exists()
    of_others = versions.filter(~was_for(user, owners=organisations_with_merged(user), named=named))
    last = of_others.values_list("pk", flat=True).first()
    return versions if last is None else versions.filter(pk__gt=last)


def _was_for_managers(row):
    return row["sharing"] != Sharing.RESTRICTED and row["publication"] in (Publication.PUBLISHED, *FOR_MANAGERS)


@dataclass(frozen=True)
class Told:
    """One thing that a snapshot says, as label and text."""

    label: str
    text: str


class Revisions:
    """An initiative's revisions, latest first, for whoever may edit it; a Paginator reads them a page at a time.

    Named people, partners and reasons are told to those who may share it; links, if this person may open the other
    record too.
    Queries: a constant number a page.
    """

    def __init__(self, initiative, user):
        self.initiative, self.user = initiative, user
        self.with_people = may_share(user, initiative)
        self.versions = versions_for(initiative, user).select_related("revision__user")

    def __len__(self):
        return self.versions.count()

    def __getitem__(self, page):
        """Shape: [RecordRevision] of a slice; the first revision ever kept has no changes."""
        versions = list(self.versions[page.start : page.stop + 1])  # one more, to compare the last one with
        notes = with_names([self.note(version) for version in versions])
        states = self._states(versions)
        changes = [_changes(old=before, new=after) for after, before in pairwise(states)]
        told = [
            RecordRevision(
                version.revision.date_created,
                self.person(version),
                note,
                changed,
                version.field_dict["version"],
            )
            for version, note, changed in zip(versions, notes, [*changes, ()], strict=False)
        ]
        return told[: page.stop - page.start]

    def person(self, version):
        """Who changed it, or None: not who of the other side answered a link, which is told to that side alone."""
        return None if version.revision.comment in ANSWERS.values() else version.revision.user

    def note(self, version):
        """What a person gave as reason follows on lines of its own, for those who say who reads it."""
        note = version.revision.comment
        return note if self.with_people else note.partition("\n")[0].removesuffix(":")

    def numbered(self, number):
        """The Version that this person may read under a number, or None. Queries: one or two."""
        holding = self.versions.filter(serialized_data__contains=f'"version": {number}')
        return next((version for version in holding if version.field_dict["version"] == number), None)

    def compared(self, version):
        """What a version says, and how the record as it stands now differs. Shape: ([Told], (FieldChange, …))."""
        then, now = self._told([(version.field_dict, self._parts([version])[version.revision_id]), self._now()])
        return [told for told in then.values() if told.text], _changes(old=then, new=now)

    def since(self, seen):
        """The revisions that came after version `seen` of the record."""
        versions = list(self.versions[:TOLD_WHEN_STALE])
        newer = [version for version in versions if version.field_dict["version"] > seen]
        return self[0 : len(newer)] if newer else []

    def since_last_review(self):
        """What changed, in one step, since others than its author last had it: in review, or published before that.

        Shape: (FieldChange, …); None where they have not had it yet, or only while it was another
        organisation's or restricted to others.
        """
        kept = list(Version.objects.get_for_object(self.initiative)[:TOLD_OF_REVIEW])
        before = dropwhile(lambda version: version.field_dict["publication"] == Publication.IN_REVIEW, kept)
        of_old = next((version for version in before if version.field_dict["publication"] != Publication.DRAFT), None)
        if of_old is None or of_old.field_dict["owner_id"] != self.initiative.owner_id:
            return None
        if not (_was_for_managers(of_old.field_dict) or self.versions.filter(pk=of_old.pk).exists()):
            return None
        new, old = self._states([kept[0], of_old])
        return tuple(change for change in _changes(old=old, new=new) if change.name != "publication")

    def _states(self, versions):
        """What each version's revision says of the initiative. Shape: [{key: Told}]."""
        parts = self._parts(versions)
        return self._told([(version.field_dict, parts[version.revision_id]) for version in versions])

    def _parts(self, versions):
        """What each version's revision holds besides. Shape: {revision's key: [(model, row)]}."""
        parts = {version.revision_id: [] for version in versions}
        for part in Version.objects.filter(revision__in=parts):
            row = part.field_dict
            if self.initiative.pk in (row.get("initiative_id"), row.get("source_id")):
                parts[part.revision_id].append((part._model, row))
        return parts

    def _now(self):
        """The record as it stands, as if it were a snapshot. Shape: (row, [(model, row)])."""
        held = [
            (model, _row_of(part))
            for model, owner in OWNED_BY.items()
            for part in model.objects.filter(**{owner: self.initiative})
        ]
        activities = {"activities": list(self.initiative.activities.values_list("pk", flat=True))}
        return _row_of(self.initiative) | activities, held

    def _told(self, snapshots):
        """snapshots: [(row, [(model, row)])]. Shape: [{key: Told}]."""
        whole = [(Initiative, row) for row, _ in snapshots]
        names = _names([*whole, *(part for _, parts in snapshots for part in parts)], self.user)
        states = []
        for whole_row, parts in snapshots:
            state = _told_of_initiative(whole_row, names)
            for model, row in parts:
                if model in PARTS and self._is_told(model, row, names):
                    key, label, text = PARTS[model](row, names)
                    state[model, key] = Told(label, text)
            states.append(state)
        return states

    def _is_told(self, model, row, names):
        """Not who is named, to those who don't say who reads it; no link of which they may not open both ends."""
        if model in (Grant, OrganisationGrant):
            return self.with_people
        return model is not InitiativeLink or row["target_id"] in names[Initiative]


def _changes(*, old, new):
    """Shape: (FieldChange, …), fields of the initiative first, then its parts."""
    nothing = Told("", "")
    changes = []
    for key in dict.fromkeys([*new, *old]):
        before, after = old.get(key, nothing), new.get(key, nothing)
        if before.text != after.text:
            changes.append(FieldChange(str(key), after.label or before.label, before.text, after.text))
    return tuple(changes)


# ---------------------------------------------------------------- names


NAMED = {
    Engagement: {"conflict_system_id": ConflictSystem},
    TrackTag: {"track_id": Track},
    PrincipleRating: {"principle_id": Principle},
    Participation: {"organisation_id": Organisation},
    Grant: {"user_id": get_user_model()},
    OrganisationGrant: {"organisation_id": Organisation},
    InitiativeLink: {"target_id": Initiative},
}


def _names(rows, user):
    """What the snapshots refer to, by name. Shape: {model: {primary key: name}}. Queries: one a model."""
    wanted = {model: set() for fields in NAMED.values() for model in fields.values()} | {ActivityType: set()}
    for model, row in rows:
        for field, named in NAMED.get(model, {}).items():
            wanted[named].add(row[field])
        if model is Initiative:
            wanted[ActivityType].update(int(key) for key in row.get("activities") or ())
    gated = {Organisation: Organisation.objects.known_to(user), Initiative: Initiative.objects.visible_to(user)}
    names = {}
    for model, keys in wanted.items():
        records = gated[model] if model in gated else model.objects.all()
        names[model] = {record.pk: str(record) for record in records.filter(pk__in=keys)}
    return names


def _named(names, model, key):
    kind = "an organisation" if model is Organisation else "one"
    return names[model].get(key, f"({kind} that is no longer there, or not for you)")


# ---------------------------------------------------------------- what a snapshot says


def _told_of_initiative(row, names):
    told = {name: Told(label, row.get(name) or "") for name, label in PLAIN.items()}
    told["language"] = Told("Language", language_name(row.get("language") or ""))
    for name, (label, choices) in CHOSEN.items():
        value = row.get(name) or ""
        told[name] = Told(label, str(dict(choices).get(value, value)))
    for name, label in DATED.items():
        told[name] = Told(label, _date(row, name))
    told["cancelled_on"] = Told("Cancelled from", day_words(row.get("cancelled_on")))
    activities = [_named(names, ActivityType, int(key)) for key in row.get("activities") or ()]
    told["activities"] = Told("Activities", "\n".join(sorted(activities)))
    return told


def _engagement(row, names):
    start, end = _date(row, "start"), _date(row, "end")
    own = " – ".join(filter(None, (start and f"from {start}", end and f"until {end}")))
    name = _named(names, ConflictSystem, row["conflict_system_id"])
    return row["conflict_system_id"], f"Conflict system: {name}", own or "over the initiative's own dates"


def _track_tag(row, names):
    text = TrackTag.Emphasis(row["emphasis"]).label
    if row["rationale"]:
        text += f": {row['rationale']}"
    return row["track_id"], f"Track: {_named(names, Track, row['track_id'])}", text


def _rating(row, names):
    principle, day = _named(names, Principle, row["principle_id"]), day_words(row["rated_on"])
    text = f"{row['rating']}, {PrincipleRating.Rating(row['rating']).label}"
    if row["evidence"]:
        text += f"\n{row['evidence']}"
    label = f"Principle: {principle}" + (f" ({day})" if day else "")
    return (row["principle_id"], row["rated_on"]), label, text


def _participation(row, names):
    name = _named(names, Organisation, row["organisation_id"])
    return (row["organisation_id"], row["role"]), Participation.Role(row["role"]).label, name


def _location(row, names):
    country = Location(country=row["country"]).country.name
    return (row["country"], row["place"]), "Place", ", ".join(filter(None, (row["place"], country)))


def _suspension(row, names):
    until = day_words(row["until_on"]) or "further notice"
    return row["from_on"], "Pause", f"from {day_words(row['from_on'])} until {until}"


def _external_id(row, names):
    return (row["scheme"], row["identifier"]), "Identifier elsewhere", f"{row['scheme']} {row['identifier']}"


def _grant(row, names):
    text = Grant.Access(row["access"]).label
    if row["until_on"]:
        text += f", until {day_words(row['until_on'])}"
    return row["user_id"], f"Named person: {_named(names, get_user_model(), row['user_id'])}", text


def _partner(row, names):
    label = f"Opened to: {_named(names, Organisation, row['organisation_id'])}"
    until = f", until {day_words(row['until_on'])}" if row["until_on"] else ""
    return row["organisation_id"], label, f"may read{until}"


def _link(row, names):
    kind = InitiativeLink.Kind(row["kind"]).label
    text = InitiativeLink.Evidence(row["evidence"]).label
    if row["note"]:
        text += f"\n{row['note']}"
    return (row["target_id"], row["kind"]), f"Link: {kind} {_named(names, Initiative, row['target_id'])}", text


PARTS = {
    Engagement: _engagement,
    TrackTag: _track_tag,
    PrincipleRating: _rating,
    Participation: _participation,
    Location: _location,
    Suspension: _suspension,
    ExternalId: _external_id,
    Grant: _grant,
    OrganisationGrant: _partner,
    InitiativeLink: _link,
}


OWNED_BY = {model: "source" if model is InitiativeLink else "initiative" for model in PARTS}


def _row_of(record):
    return {field.attname: field.value_from_object(record) for field in record._meta.concrete_fields}


def _date(row, name):
    known = PartialDate.around(row.get(f"{name}_on"), row.get(f"{name}_precision"))
    return str(known) if known else ""

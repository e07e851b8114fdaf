"""What a person (or a loader) says about an initiative, and how it is written down."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from initiatives.dates import PartialDate, today
from initiatives.models import (
    Engagement,
    Organisation,
    Participation,
    PrincipleRating,
    TrackTag,
)


@dataclass
class Content:
    """Everything of an initiative but its state: what the form holds, and what a loader reads."""

    title: str
    summary: str = ""
    description: str = ""
    language: str = "en"
    sharing: str | None = None  # None leaves it as it is
    shown_dates: str = ""  # ShownDates; empty: as recorded
    shown_places: str = ""  # ShownPlaces
    start: PartialDate | None = None
    end: PartialDate | None = None
    last_confirmed: PartialDate | None = None
    cancelled_on: date | None = None
    officiality: str = ""
    level: str = ""
    dimension: str = ""
    sources: str = ""
    activities: list = field(default_factory=list)  # ActivityType
    engagements: list = field(default_factory=list)  # (ConflictSystem, start or None, end or None)
    locations: list = field(default_factory=list)  # (country code, place)
    participations: list = field(default_factory=list)  # (role, Organisation, or the name of a new one)
    lead_track: object = None  # Track
    tracks: list = field(default_factory=list)  # contributing Tracks
    rationales: dict = field(default_factory=dict)  # Track -> text
    ratings: dict = field(default_factory=dict)  # Principle -> (0-3, evidence); left out: not assessed
    rated_on: date | None = field(default_factory=today)  # of ratings that are new or changed
    assessments: list | None = None  # (Principle, 0-3, evidence, day or None): all that were ever made, for `ratings`
    suspensions: list = field(default_factory=list)  # (from, until or None)
    external_ids: list = field(default_factory=list)  # (scheme, identifier)
    grants: list | None = None  # (User, access, until or None); None leaves them as they are


PLAIN_FIELDS = (
    "title",
    "summary",
    "description",
    "language",
    "shown_dates",
    "shown_places",
    "start",
    "end",
    "last_confirmed",
    "cancelled_on",
    "officiality",
    "level",
    "dimension",
    "sources",
)


def missing_for_publication(content):
    """What coverage needs and the content lacks. Shape: {form field: what to do}; empty if nothing is missing."""
    missing = {}
    if not content.engagements:
        missing["conflicts"] = "Choose at least one conflict system."
    if content.start is None:
        missing["start"] = "Say when it began, or will begin: a year is enough."
    if content.lead_track is None:
        missing["lead_track"] = "Choose one lead track."
    if not any(role in Participation.IN_CHARGE for role, _ in content.participations):
        missing["organisations"] = "Name an organisation in charge: a lead, a mediator or a party to the talks."
    return missing


def refuse_too_late(initiative):
    """Raises: ValidationError where it was withdrawn too long ago to be published again."""
    if initiative.is_withdrawn_for_good:
        until = PartialDate.around(initiative.back_until, "day")
        raise ValidationError(
            f"It was withdrawn, and could be brought back until {until}. It stays as it is; log the work anew "
            "if it is to be read again."
        )


def check_dates(content):
    """Raises: ValidationError, by form field, where dates contradict each other."""
    faults = {}
    if content.end and not content.start:
        faults["start"] = "An end is given without a start: say when it began, a year is enough."
    elif content.end and content.end.last < content.start.first:
        faults["end"] = f"The end lies before the start ({content.start.iso})."
    for system, start, end in content.engagements:
        if start and end and end.last < start.first:
            faults["engagement_dates"] = f"In {system}, the end lies before the start."
        elif start and content.start and start.first < content.start.first:
            faults["engagement_dates"] = (
                f"In {system}, work begins before the initiative itself ({content.start.iso})."
            )
        elif content.end and ((end and end.last > content.end.last) or (start and start.first > content.end.last)):
            faults["engagement_dates"] = f"In {system}, work goes on after the initiative's end ({content.end.iso})."
        elif end and not start and content.start and end.last < content.start.first:
            faults["engagement_dates"] = f"In {system}, work ends before the initiative begins ({content.start.iso})."
    if len([1 for _, until in content.suspensions if until is None]) > 1:
        faults["suspensions"] = "Only one suspension can be open; say until when the others lasted."
    if any(until and until < start for start, until in content.suspensions):
        faults["suspensions"] = "A suspension ends before it begins."
    if faults:
        raise ValidationError(faults)


def write_content(initiative, content, *, by):
    """Put the content on a locked, or a new, initiative and save it with all its parts."""
    for name in PLAIN_FIELDS:
        setattr(initiative, name, getattr(content, name))
    initiative.sharing = content.sharing or initiative.sharing
    initiative.updated_by = by
    initiative.save()
    initiative.activities.set(content.activities)
    _write_engagements(initiative, content)
    _write_tracks(initiative, content)
    _write_participations(initiative, content, by=by)
    _write_ratings(initiative, content)
    keep_rows(
        initiative.locations.all(),
        ("country", "place"),
        [{"initiative": initiative, "country": country, "place": place} for country, place in content.locations],
    )
    keep_rows(
        initiative.suspensions.all(),
        ("from_on", "until_on"),
        [{"initiative": initiative, "from_on": start, "until_on": until} for start, until in content.suspensions],
    )
    keep_rows(
        initiative.external_ids.all(),
        ("scheme", "identifier"),
        [{"initiative": initiative, "scheme": scheme, "identifier": name} for scheme, name in content.external_ids],
    )
    if content.grants is not None:
        write_grants(initiative, content.grants)


def save_beside(record):
    """Count its version; its last change, told also to those who aren't told of this one, stays as it was."""
    record.save(update_fields=["version"])


def write_grants(initiative, grants):
    """Make these the people named on it. grants: triples (User, access, last day or None)."""
    keep_rows(
        initiative.grants.all(),
        ("user_id",),
        [
            {"initiative": initiative, "user_id": user.pk, "access": access, "until_on": until}
            for user, access, until in grants
        ],
    )


def keep_rows(present, key, wanted):
    """Make the rows of a queryset those wanted: drop what is not, add what is new, update what differs.

    present: of a related manager, whose rows know the record that they hang on without asking for it.
    key: names of the fields by which a row is the same one; rows wanted twice are written once.
    """

    def key_of(row):
        return tuple(str(row[name]) if isinstance(row, dict) else str(getattr(row, name)) for name in key)

    rows = {key_of(row): row for row in present}
    wanted = {key_of(values): values for values in wanted}
    present.filter(pk__in=[row.pk for row_key, row in rows.items() if row_key not in wanted]).delete()
    for row_key, values in wanted.items():
        row = rows.get(row_key) or present.model()
        changed = row.pk is None or any(getattr(row, name) != value for name, value in values.items())
        if changed:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()


def _write_engagements(initiative, content):
    rows = []
    for system, start, end in content.engagements:
        row = Engagement(initiative=initiative, conflict_system=system)
        row.start, row.end = start, end
        names = ("start_on", "start_precision", "end_on", "end_precision")
        rows.append(
            {"initiative": initiative, "conflict_system_id": system.pk} | {name: getattr(row, name) for name in names}
        )
    keep_rows(initiative.engagements.all(), ("conflict_system_id",), rows)


def _write_tracks(initiative, content):
    contributing = [track for track in content.tracks if track != content.lead_track]
    tags = [(track, TrackTag.Emphasis.CONTRIBUTING) for track in contributing]
    if content.lead_track:
        tags.append((content.lead_track, TrackTag.Emphasis.LEAD))
    # The former lead steps down first: the database allows one lead at a time.
    present = initiative.track_tags.all()
    for former in present.filter(emphasis=TrackTag.Emphasis.LEAD).exclude(track=content.lead_track):
        former.emphasis = TrackTag.Emphasis.CONTRIBUTING
        former.save()  # one by one, because an `update` would not reach the revision
    keep_rows(
        present,
        ("track_id",),
        [
            {
                "initiative": initiative,
                "track_id": track.pk,
                "emphasis": emphasis,
                "rationale": content.rationales.get(track, ""),
            }
            for track, emphasis in tags
        ],
    )


def _write_participations(initiative, content, *, by):
    rows = []
    made = {}
    for role, organisation in content.participations:
        if not isinstance(organisation, Organisation):
            name = organisation
            organisation = made.get(name.casefold()) or Organisation.objects.create(
                name=name, code=Organisation.new_code(name), made_by=by
            )
            made[name.casefold()] = organisation
        rows.append({"initiative": initiative, "organisation_id": organisation.pk, "role": role})
    keep_rows(initiative.participations.all(), ("organisation_id", "role"), rows)


def _write_ratings(initiative, content):
    """A changed rating gets the day of this assessment and leaves the earlier one; one taken back loses its rows."""
    if content.assessments is not None:
        _write_assessments(initiative, content.assessments)
        return
    latest = {}
    for row in initiative.principle_ratings.all():
        latest.setdefault(row.principle_id, row)  # ordered latest first within a principle
    for principle, (rating, evidence) in content.ratings.items():
        row = latest.pop(principle.pk, None)
        if row and (row.rating, row.evidence) == (rating, evidence):
            continue
        PrincipleRating.objects.update_or_create(
            initiative=initiative,
            principle=principle,
            rated_on=content.rated_on,
            defaults={"rating": rating, "evidence": evidence},
        )
    PrincipleRating.objects.filter(initiative=initiative, principle__in=latest).delete()


def _write_assessments(initiative, assessments):
    names = ("principle_id", "rated_on", "rating", "evidence")
    rows = [
        {"initiative": initiative} | dict(zip(names, (principle.pk, day, rating, evidence), strict=True))
        for principle, rating, evidence, day in assessments
    ]
    keep_rows(initiative.principle_ratings.all(), ("principle_id", "rated_on"), rows)

"""What a file of cases says, as unsaved records: conflict systems, organisations, initiatives and links.

Codes may name what the file itself brings or what the site has already.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django_countries import countries

from initiatives.actions.content import Content, check_dates, missing_for_publication
from initiatives.dates import PartialDate, Precision
from initiatives.models import (
    ConflictExternalId,
    ConflictSystem,
    Dimension,
    DisputedClaim,
    Initiative,
    InitiativeLink,
    Localness,
    Organisation,
    Participation,
    Phase,
    Sharing,
    ShownDates,
    ShownPlaces,
)
from mtd_tracker.datafile import codes_of
from taxonomy.models import ActivityType, Level, Officiality, Principle, Track

COUNTRIES = {code: code for code, _ in countries}


@dataclass
class CaseFile:
    """known_*: code -> record, those of the site and those of the file.
    systems, organisations: (record, its unsaved parts) in file order; one that the site has already is the
    stored one, without parts."""

    known_systems: dict
    known_organisations: dict
    systems: list = field(default_factory=list)
    organisations: list = field(default_factory=list)
    cases: dict = field(default_factory=dict)  # code -> Content
    links: list = field(default_factory=list)  # (code, code, kind, evidence, note)
    disputed: list = field(default_factory=list)  # unsaved

    def __post_init__(self):
        self.tracks, self.principles, self.activities = (
            {term.code: term for term in model.objects.all()} for model in (Track, Principle, ActivityType)
        )


def read_ground(file):
    """The systems and organisations that the file brings, unsaved; faults are noted on the file."""
    book = CaseFile(
        known_systems={system.code: system for system in ConflictSystem.objects.all()},
        known_organisations={
            organisation.code: organisation.current
            for organisation in Organisation.objects.select_related("merged_into")
        },
    )
    for entry in file.entries("conflict"):
        _read_system(entry, book)
    for entry in file.entries("organisation"):
        _read_organisation(entry, book)
    return book


def read_cases(file):
    """Everything in a file of cases, unsaved; faults are noted on the file."""
    book = read_ground(file)
    for entry in file.entries("initiative"):
        content = book.cases[entry.text("code", required=True)] = read_content(entry, book)
        if content.sharing != Sharing.PUBLIC:
            entry.fault("sharing", "a documented case is public; without members, nobody could open it otherwise.")
    for entry in file.entries("link", named=None):
        read_link(entry, book)
    for entry in file.entries("disputed", named=None):
        system = entry.one_of("conflict", book.known_systems, required=True)
        texts = {name: entry.text(name, required=True) for name in ("claim", "source", "doubt")}
        book.disputed.append(DisputedClaim(conflict_system=system, **texts))
    return book


# ---------------------------------------------------------------- systems and organisations


def _read_system(entry, book):
    system = ConflictSystem(
        code=entry.text("code", required=True),
        name=entry.text("name", required=True),
        aliases=entry.texts("aliases"),
        boundary=entry.text("boundary", required=True),
        countries=entry.many_of("countries", COUNTRIES),
        invented=entry.flag("invented"),
    )
    if system.code in ConflictSystem.RESERVED_CODES:
        entry.fault("code", f"“{system.code}” is an address of the site; choose another code.")
    parts = [*_read_phases(entry, system), *_read_external_ids(entry, system)]
    _list(entry, system, parts, book.known_systems, book.systems)


def _read_phases(entry, system):
    phases = []
    for phase in entry.entries("phases", named=None):
        record = Phase(conflict_system=system, kind=phase.one_of("phase", codes_of(Phase.Kind), required=True) or "")
        record.start = phase.parsed("from", PartialDate.parse, required=True)
        if any(record.start_on == other.start_on for other in phases):
            phase.fault("from", "another phase begins on this day.")
        phases.append(record)
    return phases


def _read_external_ids(entry, system):
    return [
        ConflictExternalId(
            conflict_system=system,
            scheme=row.text("scheme", required=True),
            identifier=row.text("id", required=True),
            release=row.text("version"),
        )
        for row in entry.entries("external_ids", named=None)
    ]


def _read_organisation(entry, book):
    organisation = Organisation(
        code=entry.text("code", required=True),
        name=entry.text("name", required=True),
        acronym=entry.text("acronym"),
        aliases=entry.texts("aliases"),
        kind=entry.text("kind"),
        country=entry.one_of("country", COUNTRIES) or "",
        confirmed=True,
    )
    systems = entry.many_of("local_to", book.known_systems)
    parts = [Localness(organisation=organisation, conflict_system=system, is_local=True) for system in systems]
    _list(entry, organisation, parts, book.known_organisations, book.organisations)


def _list(entry, record, parts, known, listed):
    """Check the record and list it, or in its place the stored one, which somebody may have edited since."""
    stored = known.get(record.code)
    is_new = stored is None or stored.pk is None
    entry.check(record, leave=[] if is_new else ["code", "name"])
    if any(record.name.casefold() == other.name.casefold() for other, _ in listed if other.pk is None):
        entry.fault("name", f"“{record.name}” is used twice.")
    known[record.code] = record if is_new else stored
    listed.append((record, parts) if is_new else (stored, []))


# ---------------------------------------------------------------- initiatives and links


def read_content(entry, book, *, publish=True):
    """The Content of one initiative. publish: whether it has to be complete."""
    content = Content(
        title=entry.text("title", required=True),
        summary=entry.text("summary"),
        description=entry.text("description"),
        language=entry.text("language") or "en",
        sharing=entry.one_of("sharing", codes_of(Sharing)) or Sharing.PUBLIC,
        shown_dates=entry.one_of("shown_dates", codes_of(ShownDates)) or "",
        shown_places=entry.one_of("shown_places", codes_of(ShownPlaces)) or "",
        start=entry.parsed("start", PartialDate.parse),
        end=entry.parsed("end", PartialDate.parse),
        last_confirmed=entry.parsed("last_confirmed", PartialDate.parse),
        cancelled_on=entry.parsed("cancelled_on", _day),
        officiality=entry.one_of("officiality", codes_of(Officiality)) or "",
        level=entry.one_of("level", codes_of(Level)) or "",
        dimension=entry.one_of("dimension", codes_of(Dimension)) or "",
        sources="\n".join(entry.texts("sources")),
        activities=entry.many_of("activities", book.activities),
        engagements=_read_engagements(entry, book),
        locations=[(code, "") for code in entry.many_of("locations", COUNTRIES)],
        participations=_read_participations(entry, book),
        lead_track=entry.one_of("lead_track", book.tracks),
        tracks=entry.many_of("tracks", book.tracks),
        ratings=_read_ratings(entry, book),
        suspensions=_read_suspensions(entry),
        rated_on=None,  # the file does not say on which days they were made
    )
    if content.lead_track in content.tracks:
        entry.fault("tracks", f"“{content.lead_track.code}” is the lead track already.")
    _check(entry, content, publish=publish)
    return content


def _check(entry, content, *, publish):
    texts = {name: getattr(content, name) for name in ("title", "summary", "description", "language")}
    entry.check(Initiative(**texts), leave=["owner"])
    faults = missing_for_publication(content) if publish else {}
    try:
        check_dates(content)
    except ValidationError as error:
        faults |= {name: " ".join(messages) for name, messages in error.message_dict.items()}
    for name, message in faults.items():
        if not entry.is_faulty(name):
            entry.fault(name, message)


def _read_engagements(entry, book):
    systems = entry.many_of("conflicts", book.known_systems)
    own = {}
    for row in entry.entries("engagements", named="conflict"):
        system = row.one_of("conflict", book.known_systems, required=True)
        dates = row.parsed("from", PartialDate.parse), row.parsed("to", PartialDate.parse)
        if system and system not in systems:
            row.fault("conflict", f"“{system.code}” is not among the initiative's conflicts.")
        elif system:
            own[system.code] = dates
    return [(system, *own.get(system.code, (None, None))) for system in systems]


def _read_participations(entry, book):
    roles = codes_of(Participation.Role)
    pairs = [
        (row.one_of("role", roles, required=True), row.one_of("organisation", book.known_organisations, required=True))
        for row in entry.rows("organisations", ("organisation", "role"))
    ]
    return [(role, organisation) for role, organisation in pairs if role and organisation]


def _read_suspensions(entry):
    pauses = [
        (row.parsed("from", _day, required=True), row.parsed("until", _day))
        for row in entry.entries("suspensions", named=None)
    ]
    return [(start, until) for start, until in pauses if start]


def _day(text):
    date = PartialDate.parse(text)
    if date.precision != Precision.DAY:
        raise ValidationError("Write a day (1993-07-15).")
    return date.first


def _read_ratings(entry, book):
    ratings = {}
    for row in entry.rows("principles", ("principle", "rating", "evidence"), named="principle"):
        principle = row.one_of("principle", book.principles, required=True)
        rating, evidence = row.number("rating", required=True), row.text("evidence")
        if rating is not None and rating not in range(4):
            row.fault("rating", f"is {rating}; ratings go from 0 to 3.")
        if principle:
            ratings[principle] = (rating, evidence)
    return ratings


def read_link(entry, book):
    kinds = {kind.value.replace("_", " "): kind.value for kind in InitiativeLink.Kind}
    cases = {code: code for code in book.cases}
    source, target = (entry.one_of(end, cases, required=True) for end in ("from", "to"))
    kind = entry.one_of("kind", kinds, required=True)
    evidence = entry.one_of("evidence", codes_of(InitiativeLink.Evidence), required=True)
    if source and source == target:
        entry.fault("to", "an initiative can't be linked to itself.")
    if any((source, target, kind) == link[:3] for link in book.links):
        entry.fault("kind", "this link is listed already.")
    book.links.append((source, target, kind, evidence, entry.text("note")))

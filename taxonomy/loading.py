"""The taxonomy's releases, read from a data file: terms, schemes and their crosswalk.

What is there already is left as it is, because a curator may have edited it since.
"""

from pathlib import Path

from django.db import transaction

from mtd_tracker.datafile import codes_of, reading
from mtd_tracker.history import change
from taxonomy.models import ActivityType, Level, Mapping, Officiality, Principle, Scheme, SchemeTerm, Track

FIRST_RELEASE = Path(__file__).parent / "data" / "taxonomy.toml"


@transaction.atomic
def load_taxonomy(path=FIRST_RELEASE):
    """Add what the file has and the site has not.

    Shape: {plural name: (added, there before)}.
    Raises: FaultyFile with every fault of the file; nothing is written then.
    """
    with reading(path) as file:
        release = _read_release(file)
        terms = {
            Track: _read_terms(file.entries("track"), _read_track),
            Principle: _read_terms(file.entries("principle"), _read_principle),
            ActivityType: _read_terms(
                file.table("activity_types").rows("codes", ("code", "name"), named="code"), _read_activity
            ),
        }
        tracks = {track.code: track for track in [*Track.objects.all(), *terms[Track]]}
        schemes = _read_schemes(file, tracks)
    added = {model: _add_terms(model, wanted, release) for model, wanted in terms.items()}
    added[Scheme] = _add_schemes(schemes)
    counts = {Track: terms[Track], Principle: terms[Principle], ActivityType: terms[ActivityType], Scheme: schemes}
    return {
        model._meta.verbose_name_plural: (added[model], len(wanted) - added[model]) for model, wanted in counts.items()
    }


# ---------------------------------------------------------------- reading


def _read_release(file):
    release = file.table("release")
    number, note = release.number("number", required=True), release.text("note")
    release.refuse_rest()
    return f"Release {number}: {note}"


def _read_terms(entries, read):
    """Unsaved terms; a file that gives two the same place is refused."""
    terms, places = [], {}
    for position, entry in enumerate(entries, start=1):
        term = read(entry, position)
        if term.position in places:
            key = "number" if isinstance(term, Track) else "position"
            entry.fault(key, f"{term.position} is the place of “{places[term.position]}” already.")
        places[term.position] = term.code
        entry.check(term, leave=["code"] if type(term).objects.filter(code=term.code).exists() else [])
        terms.append(term)
    return terms


def _read_track(entry, position):
    return Track(
        code=entry.text("code", required=True),
        name=entry.text("name", required=True),
        position=entry.number("number", required=True) or position,
        peacemaking_through=entry.text("peacemaking_through"),
        scope=entry.text("scope", required=True),
        actors=entry.texts("actors"),
        synonyms=entry.texts("synonyms"),
    )


def _read_principle(entry, position):
    return Principle(
        code=entry.text("code", required=True),
        name=entry.text("name", required=True),
        position=entry.number("position", required=True) or position,
        meaning=entry.text("meaning", required=True),
        prompts=entry.texts("prompts"),
    )


def _read_activity(entry, position):
    return ActivityType(
        code=entry.text("code", required=True), name=entry.text("name", required=True), position=position
    )


def _read_schemes(file, tracks):
    """Shape: [(unsaved Scheme, [(unsaved SchemeTerm, [(Track, match)])])]."""
    schemes = []
    canonical = Scheme.objects.filter(canonical=True).values_list("code", flat=True).first()
    for position, entry in enumerate(file.entries("scheme"), start=1):
        scheme = Scheme(
            code=entry.text("code", required=True),
            name=entry.text("name", required=True),
            source=entry.text("source", required=True),
            note=entry.text("note"),
            canonical=entry.flag("canonical"),
            position=position,
        )
        if scheme.canonical:
            canonical = canonical or scheme.code
            if canonical != scheme.code:
                entry.fault("canonical", f"only one scheme is canonical, and “{canonical}” is.")
        terms = [
            _read_scheme_term(term, place, tracks)
            for place, term in enumerate(entry.entries("terms", named="label"), start=1)
        ]
        known = Scheme.objects.filter(code=scheme.code).exists()
        entry.check(scheme, leave=["canonical", "code"] if known else ["canonical"])
        schemes.append((scheme, terms))
    return schemes


def _read_scheme_term(entry, position, tracks):
    term = SchemeTerm(
        label=entry.text("label", required=True),
        name=entry.text("name", required=True),
        officiality=entry.one_of("officiality", codes_of(Officiality)) or "",
        level=entry.one_of("level", codes_of(Level)) or "",
        position=position,
    )
    entry.check(term, leave=["scheme"])
    matches = codes_of(Mapping.Match)
    mappings = [
        (row.one_of("track", tracks, required=True), row.one_of("match", matches, required=True))
        for row in entry.rows("maps", ("track", "match"), named="track")
    ]
    return term, mappings


# ---------------------------------------------------------------- writing


def _add_terms(model, terms, release):
    present = set(model.objects.values_list("code", flat=True))
    wanted = [term for term in terms if term.code not in present]
    for term in wanted:
        with change(term, by=None, note=release) as record:
            record.save()
    return len(wanted)


def _add_schemes(schemes):
    present = set(Scheme.objects.values_list("code", flat=True))
    tracks = {track.code: track for track in Track.objects.all()}
    wanted = [(scheme, terms) for scheme, terms in schemes if scheme.code not in present]
    for scheme, terms in wanted:
        scheme.save()
        for term, mappings in terms:
            term.scheme = scheme
            term.save()
            for track, match in mappings:
                Mapping.objects.create(term=term, track=tracks[track.code], match=match)
    return len(wanted)

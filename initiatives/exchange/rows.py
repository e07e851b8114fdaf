"""Initiatives as rows for CSV and JSON: stable codes beside labels, one row an initiative."""

import csv
import io
import re

from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch, Q

from initiatives.models import InitiativeLink, PrincipleRating, TrackTag

COLUMNS = (
    *("ref", "url", "title", "summary", "status", "as_of", "publication", "sharing", "shown_dates", "shown_places"),
    *("start", "start_precision", "end", "end_precision", "suspensions", "cancelled"),
    *("conflicts", "conflict_names", "conflict_dates", "lead_track", "tracks", "track_names"),
    *("counted_tracks", "principles", "evidenced", "counted_principles", "counted_evidenced", "links"),
    *("activities", "activity_names", "organisations", "organisation_names", "local"),
    *("countries", "places", "regions"),
    *("officiality", "level", "dimension", "language", "owner", "owner_name", "last_confirmed", "updated_at"),
    "sources",
)
# Left out for those who read as the public.
MEMBERS_COLUMNS = frozenset({"publication", "sharing", "shown_dates", "shown_places", "updated_at"})
# Where a spreadsheet would begin a formula: at the start of a cell; where a semicolon parts cells, as it does in
# French and Spanish, also after one and on each new line. Wide forms count too; nothing unseen in front hides one.
UNSEEN = r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*"
FORMULA = re.compile(rf"^(?={UNSEEN}[=+\-@＝＋－＠\t\r\n])|(?<=[;\t\r\n])(?={UNSEEN}[=+\-@＝＋－＠])")

ADDRESS = re.compile(r"\S+://\S+")


def columns_for(*, in_full):
    return [name for name in COLUMNS if in_full or name not in MEMBERS_COLUMNS]


def initiative_rows(initiatives, *, columns, told, as_of, address, counted_as):
    """Rows of a filtered list, in its order.

    initiatives: `with_parts`, and with `status_then`, as the filter gives them. address: initiative -> its absolute
    URL. counted_as: what each of the "tracks" and "principles" counts as, by primary key. Dates and places are as
    precise as the reader that they were fetched for may see them; shown_dates and shown_places are blank for a reader
    who isn't inside. told: of the columns, those that are filled.
    Shape: [{column: text, or a list of texts}]. Never: texts of evidence, diary, author, the people named.
    """
    tracks, principles = counted_as["tracks"], counted_as["principles"]
    rows = (
        _row(initiative, as_of, address(initiative))
        | _tracks(initiative.track_tags.all(), tracks)
        | _counted_ratings(initiative.shown.ratings(as_of, under=principles), principles)
        for initiative in initiatives
    )
    return [{name: row[name] if name in told else "" for name in columns} for row in rows]


def with_parts(initiatives, *, reader):
    """The queryset with everything that a row says to this reader. Queries: one a part, one for what they name."""
    evidenced = ExpressionWrapper(~Q(evidence=""), BooleanField())
    ratings = PrincipleRating.objects.defer("evidence").annotate(evidenced=evidenced)
    return initiatives.select_related("owner").prefetch_related(
        "activities",
        "locations",
        "suspensions",
        Prefetch("links_out", InitiativeLink.objects.visible_to(reader).select_related("target")),
        # What many rows refer to is read once, not with each of them.
        "engagements__conflict_system",
        "participations__organisation__localness",
        "track_tags__track",
        Prefetch(
            "principle_ratings",
            ratings.order_by("principle__position", "principle", F("rated_on").desc(nulls_last=True), "-pk"),
        ),
        "principle_ratings__principle",
    )


def _row(initiative, as_of, url):
    shown, ratings, activities = initiative.shown, initiative.shown.ratings(as_of), initiative.activities.all()
    engagements, participations = initiative.engagements.all(), initiative.participations.all()
    return {
        "ref": str(initiative.ref),
        "url": url,
        "title": initiative.title,
        "summary": initiative.summary,
        "status": str(initiative.status_then),
        "as_of": as_of.isoformat(),
        "publication": initiative.publication,
        "sharing": initiative.sharing,
        "shown_dates": initiative.shown_dates if initiative.reads_exactly else "",
        "shown_places": initiative.shown_places if initiative.reads_exactly else "",
        **_dates(shown),
        **_conflicts(engagements),
        "principles": [f"{rating.principle.code}:{rating.rating}" for rating in ratings],
        "evidenced": [rating.principle.code for rating in ratings if rating.evidenced],
        "links": [f"{link.kind}:{link.evidence}:{link.target.ref}" for link in initiative.links_out.all()],
        "activities": [activity.code for activity in activities],
        "activity_names": [activity.name for activity in activities],
        **_organisations(participations),
        "local": _local(engagements, participations),
        "countries": shown.countries,
        "places": shown.named_places,
        "regions": shown.regions,
        "officiality": initiative.officiality,
        "level": initiative.level,
        "dimension": initiative.dimension,
        "language": initiative.language,
        "owner": initiative.owner.code,
        "owner_name": initiative.owner.name,
        "last_confirmed": _iso(shown.last_confirmed),
        "updated_at": initiative.updated_at.isoformat(),
        "sources": initiative.source_lines,
    }


def _iso(partial_date):
    return partial_date.iso if partial_date else ""


def _dates(shown):
    return {
        "start": _iso(shown.start),
        "start_precision": str(shown.start.precision) if shown.start else "",
        "end": _iso(shown.end),
        "end_precision": str(shown.end.precision) if shown.end else "",
        "suspensions": [f"{_iso(since)}/{_iso(until)}" for since, until in shown.pauses],
        "cancelled": _iso(shown.cancelled),
    }


def _conflicts(engagements):
    """conflict_dates: code:start/end of those with dates of their own; either side may be empty."""
    own = [engagement for engagement in engagements if engagement.start or engagement.end]
    return {
        "conflicts": [engagement.conflict_system.code for engagement in engagements],
        "conflict_names": [engagement.conflict_system.name for engagement in engagements],
        "conflict_dates": [f"{e.conflict_system.code}:{_iso(e.shown_start)}/{_iso(e.shown_end)}" for e in own],
    }


def _tracks(tags, under):
    """All tracks, the lead first. counted_tracks: as figures count them, a retired track under its replacement.

    under: see `counted_under`.
    """
    return {
        "lead_track": next((tag.track.code for tag in tags if tag.emphasis == TrackTag.Emphasis.LEAD), ""),
        "tracks": [tag.track.code for tag in tags],
        "track_names": [tag.track.name for tag in tags],
        "counted_tracks": list(dict.fromkeys(under[tag.track_id].code for tag in tags)),
    }


def _counted_ratings(ratings, under):
    return {
        "counted_principles": [f"{under[rating.principle_id].code}:{rating.rating}" for rating in ratings],
        "counted_evidenced": [under[rating.principle_id].code for rating in ratings if rating.evidenced],
    }


def _organisations(participations):
    return {
        "organisations": [f"{part.role}:{part.organisation.code}" for part in participations],
        "organisation_names": [f"{part.role}:{part.organisation.name}" for part in participations],
    }


def _local(engagements, participations):
    """Where it is known of the organisations whether they are local to the systems: system:organisation:yes or no."""
    systems = {one.conflict_system_id: one.conflict_system for one in engagements}
    organisations = dict.fromkeys(part.organisation for part in participations)
    return [
        f"{systems[one.conflict_system_id].code}:{organisation.code}:{'yes' if one.is_local else 'no'}"
        for organisation in organisations
        for one in organisation.localness.all()
        if one.conflict_system_id in systems
    ]


def rows_as_csv(rows, *, columns, headed=True):
    """Text after RFC 4180, with lists joined by `;` and no cell that a spreadsheet would take for a formula.

    headed: whether it begins with the names of the columns, after a mark by which spreadsheets know that it is UTF-8.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    if headed:
        text.write("\ufeff")
        writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def _cell(value):
    """A semicolon within one of several values becomes a comma, or "%3B" in an address, so that each stands apart."""
    if isinstance(value, list):
        value = ";".join(ADDRESS.sub(_without_semicolon, part).replace(";", ",") for part in value)
    return FORMULA.sub("'", value)


def _without_semicolon(address):
    return address[0].replace(";", "%3B")

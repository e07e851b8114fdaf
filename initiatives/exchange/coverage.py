"""Coverage as data: stable codes, fractions that are not rounded, null where a figure is undefined."""

from dataclasses import asdict

from initiatives.analytics.figures import Stated, TrackCoverage, TrackOutline
from initiatives.exchange.rows import rows_as_csv

TRACK_COLUMNS = (
    "code",
    "name",
    "active",
    "planned",
    "suspended",
    "ended",
    "unconfirmed",
    "reach",
    "share",
    "organisations",
    "funders",
    "state",
    *("conflict", "from", "to", "as_of", "lead_only"),
)


def as_json(coverage):
    """The whole coverage as values that JSON knows; days as ISO 8601, tracks and principles by code.

    Units: initiatives; reach, share and jaccard are fractions.
    """
    return {
        **outline_as_json(coverage),
        "tracks": [_track_figures(track) for track in coverage.tracks],
        "effective_tracks": coverage.effective_tracks,
        "evenness_nine": coverage.evenness_nine,
        "evenness_present": coverage.evenness_present,
        **_ties(coverage),
        "principles": principles_as_json(coverage.principles),
        "years": [
            {
                "year": row.year,
                "track": row.track.code,
                "active": row.active,
                "started": row.started,
                "ended": row.ended,
            }
            for row in coverage.years
        ],
        **_on_whom(coverage),
    }


def outline_as_json(outline):
    """The part of it that a list of systems says of each."""
    return {
        "conflict": outline.system.code,
        **window(outline.period),
        "initiatives": outline.initiatives,
        "planned": outline.planned,
        "untagged": outline.untagged,
        "undated": outline.undated,
        "tracks": [_track_outline(track) for track in outline.tracks],
        "statements": [_stated(track.track, one) for track in outline.tracks for one in track.statements],
        "breadth": outline.breadth,
        "mixed": outline.bridges,
        "named": outline.named,
        "complete": outline.complete,
        "completeness": outline.completeness,
        "open_ended": outline.open_ended,
        "confirmed": outline.confirmed,
    }


def window(period):
    """What a question asks of time."""
    return {
        "from": iso(period.from_day),
        "to": iso(period.to_day),
        "as_of": iso(period.as_of),
        "lead_only": period.lead_only,
    }


def window_as_text(period):
    """The same for the cells of a table: nothing where it is open, yes or no."""
    return {name: {None: "", True: "yes", False: "no"}.get(value, value) for name, value in window(period).items()}


def principles_as_json(principles):
    return [
        {
            "principle": cell.principle.code,
            "track": cell.track.code,
            "practised": cell.practised,
            "assessed": cell.assessed,
            "evidenced": cell.evidenced,
            "median": cell.median,
        }
        for cell in principles
    ]


def as_csv(coverage):
    """The tracks table: one row a track, in circle order, under the keys of the JSON form and the track's name, each
    with what was asked."""
    asked = {"conflict": coverage.system.code} | window_as_text(coverage.period)
    figures = ({"name": track.track.name} | _track_figures(track) | asked for track in coverage.tracks)
    rows = [{column: str(value) for column, value in row.items()} for row in figures]
    return rows_as_csv(rows, columns=TRACK_COLUMNS)


def _track_figures(track: TrackCoverage):
    return _track_outline(track) | {"organisations": track.organisations, "funders": track.funders}


def _track_outline(track: TrackOutline):
    return {
        "code": track.track.code,
        "active": track.active,
        "planned": track.planned,
        "suspended": track.suspended,
        "ended": track.ended,
        "unconfirmed": track.unconfirmed,
        "reach": track.reach,
        "share": track.share,
        "state": track.state.value,
    }


def _stated(track, statement: Stated):
    """organisation: null where it isn't named to everybody."""
    return {
        "track": track.code,
        "kind": statement.kind,
        "organisation": statement.organisation,
        "reason": statement.reason,
        "stated_on": iso(statement.stated_on),
        "lapses_on": iso(statement.lapses_on),
    }


def _ties(coverage):
    return {
        "co_tagging": [
            {"a": tie.a.code, "b": tie.b.code, "initiatives": tie.initiatives, "jaccard": tie.jaccard}
            for tie in coverage.co_tagging
        ],
        "flows": [
            {"from": flow.source.code, "to": flow.target.code, "weight": flow.weight, "evidence": flow.evidence}
            for flow in coverage.flows
        ],
        "pair_coverage": coverage.pair_coverage,
        "isolated": [track.code for track in coverage.isolated],
    }


def _on_whom(coverage):
    return {
        "critical": [
            {"track": track.code, "organisation": organisation.code, "name": organisation.name}
            for track, organisation in coverage.critical
        ],
        "concentration": asdict(coverage.concentration),
        "localness": asdict(coverage.localness),
        "contributors": coverage.contributors,
    }


def iso(day):
    return day.isoformat() if day else None

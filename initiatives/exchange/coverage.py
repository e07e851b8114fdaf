"""Coverage as data: stable codes, fractions that are not rounded, null where a figure is undefined."""

from initiatives.analytics.figures import Stated, TrackCoverage
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
)


def as_json(coverage):
    """The whole coverage as values that JSON knows; days as ISO 8601, tracks and principles by code.

    Units: initiatives; reach, share and jaccard are fractions.
    """
    period = coverage.period
    return {
        "conflict": coverage.system.code,
        "from": _iso(period.from_day),
        "to": _iso(period.to_day),
        "as_of": _iso(period.as_of),
        "initiatives": coverage.initiatives,
        "planned": coverage.planned,
        "untagged": coverage.untagged,
        "undated": coverage.undated,
        "tracks": [_track_figures(track) for track in coverage.tracks],
        "statements": [_stated(track.track, one) for track in coverage.tracks for one in track.statements],
        "breadth": coverage.breadth,
        "effective_tracks": coverage.effective_tracks,
        "evenness_nine": coverage.evenness_nine,
        "evenness_present": coverage.evenness_present,
        "co_tagging": [
            {"a": tie.a.code, "b": tie.b.code, "initiatives": tie.initiatives, "jaccard": tie.jaccard}
            for tie in coverage.co_tagging
        ],
        "flows": [
            {"from": flow.source.code, "to": flow.target.code, "weight": flow.weight, "evidence": flow.evidence}
            for flow in coverage.flows
        ],
        "principles": [
            {
                "principle": cell.principle.code,
                "track": cell.track.code,
                "practised": cell.practised,
                "assessed": cell.assessed,
                "evidenced": cell.evidenced,
            }
            for cell in coverage.principles
        ],
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
    }


def as_csv(coverage):
    """The tracks table: one row a track, in circle order, under the keys of the JSON form and the track's name."""
    figures = ({"name": track.track.name} | _track_figures(track) for track in coverage.tracks)
    rows = [{column: str(value) for column, value in row.items()} for row in figures]
    return rows_as_csv(rows, columns=TRACK_COLUMNS)


def _track_figures(track: TrackCoverage):
    return {
        "code": track.track.code,
        "active": track.active,
        "planned": track.planned,
        "suspended": track.suspended,
        "ended": track.ended,
        "unconfirmed": track.unconfirmed,
        "reach": track.reach,
        "share": track.share,
        "organisations": track.organisations,
        "funders": track.funders,
        "state": track.state.value,
    }


def _stated(track, statement: Stated):
    """organisation: null where it isn't named to everybody."""
    return {
        "track": track.code,
        "kind": statement.kind,
        "organisation": statement.organisation,
        "reason": statement.reason,
        "stated_on": _iso(statement.stated_on),
        "lapses_on": _iso(statement.lapses_on),
    }


def _iso(day):
    return day.isoformat() if day else None

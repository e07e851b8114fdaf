"""An organisation's work as data. Units: initiatives, as docs/definitions.md defines them."""

from initiatives.exchange.coverage import principles_as_json, window, window_as_text
from initiatives.exchange.rows import rows_as_csv


def portfolio_as_csv(portfolio, *, organisation, period):
    """One row a conflict system, by name as on the page; a column a track, by its code; each with what was asked."""
    asked = {"organisation": organisation.code} | window_as_text(period)
    tracks = [track.code for track in portfolio.tracks]
    columns = ("conflict", "conflict_name", *tracks, "initiatives", "planned", "untagged", "undated", *asked)
    rows = [
        {
            "conflict": work.system.code,
            "conflict_name": work.system.name,
            **{track.code: str(work.on_track.get(track.pk, 0)) for track in portfolio.tracks},
            "initiatives": str(work.initiatives),
            "planned": str(work.planned),
            "untagged": str(work.untagged),
            "undated": str(work.undated),
            **asked,
        }
        for work in portfolio.systems
    ]
    return rows_as_csv(rows, columns=columns)


def portfolio_as_json(portfolio, *, organisation, period):
    return {
        "organisation": organisation.code,
        **window(period),
        "initiatives": portfolio.initiatives,
        "elsewhere": portfolio.elsewhere,
        "systems": [
            {
                "conflict": work.system.code,
                "initiatives": work.initiatives,
                "planned": work.planned,
                "untagged": work.untagged,
                "undated": work.undated,
                "tracks": [
                    {"code": track.code, "initiatives": work.on_track.get(track.pk, 0)} for track in portfolio.tracks
                ],
            }
            for work in portfolio.systems
        ],
    }


def organisation_principles_as_json(found, *, organisation, period):
    return {
        "organisation": organisation.code,
        **window(period),
        "initiatives": found.initiatives,
        "principles": principles_as_json(found.principles),
    }

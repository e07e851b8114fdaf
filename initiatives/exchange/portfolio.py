"""An organisation's portfolio as data: one row a conflict system, a column a track by its code."""

from initiatives.exchange.rows import rows_as_csv


def portfolio_as_csv(portfolio):
    """Units: initiatives, as docs/definitions.md defines them. Systems by name, as on the page."""
    tracks = [track.code for track in portfolio.tracks]
    columns = ("conflict", "conflict_name", *tracks, "initiatives", "planned", "untagged", "undated")
    rows = [
        {
            "conflict": work.system.code,
            "conflict_name": work.system.name,
            **{track.code: str(work.on_track.get(track.pk, 0)) for track in portfolio.tracks},
            "initiatives": str(work.initiatives),
            "planned": str(work.planned),
            "untagged": str(work.untagged),
            "undated": str(work.undated),
        }
        for work in portfolio.systems
    ]
    return rows_as_csv(rows, columns=columns)

"""A trend by month or by year as data."""

from initiatives.exchange.coverage import iso, window


def trend_as_json(trend, *, system, unit, period):
    """Units: initiatives."""
    return {
        "conflict": system.code,
        **window(period),
        "by": unit,
        "initiatives": trend.initiatives,
        "start_coarse": trend.start_coarse,
        "end_coarse": trend.end_coarse,
        "earlier_until": iso(trend.earlier and trend.earlier.last),
        "bins": [
            {
                "first": iso(row.bin.first),
                "last": iso(row.bin.last),
                "track": row.track.code,
                "active": row.active,
                "started": row.started,
                "ended": row.ended,
            }
            for row in trend.rows
        ],
    }

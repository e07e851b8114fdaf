"""Coverage as it was known on a day, beside as known now, as data."""

from initiatives.exchange.coverage import iso, window


def known_as_json(page):
    """page: a KnownPage. Units: initiatives; reach and share are fractions."""
    return {
        "conflict": page.system.code,
        "on": iso(page.on),
        **window(page.period),
        "then": _figures(page.then),
        "now": _figures(page.now),
        "as_now": page.as_now,
        "unkept": page.unkept,
        "changes": [
            {"ref": str(change.record.ref), "title": change.record.title, "kinds": list(change.kinds)}
            for change in page.changes
        ],
    }


def _figures(known):
    return {
        "initiatives": known.initiatives,
        "planned": known.planned,
        "untagged": known.untagged,
        "undated": known.undated,
        "breadth": known.breadth,
        "tracks": [
            {
                "code": one.track.code,
                "active": one.active,
                "planned": one.planned,
                "suspended": one.suspended,
                "ended": one.ended,
                "reach": one.reach,
                "share": one.share,
            }
            for one in known.tracks
        ],
    }

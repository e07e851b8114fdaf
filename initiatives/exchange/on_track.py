"""Who is on one track of a system, as data."""

from initiatives.exchange.coverage import window


def on_track_as_json(told, *, times, numbers, system, track, period):
    """Every organisation, not a page of them. told: [OnTrack]; times, numbers: of `analytics.on_track`.

    Years, as the page says them: a day may be known no more precisely, or not for this reader.
    """
    return {
        "conflict": system.code,
        **window(period),
        "track": track.code,
        "counts": [{"status": status.value, "initiatives": number} for status, number in times.counts.items()],
        "since": _year(times.since),
        "last_ended": _year(times.ended),
        "taking_part": numbers,
        "organisations": [_organisation(one) for one in told],
    }


def _organisation(one):
    return {
        "code": one.organisation.code,
        "name": one.organisation.name,
        "roles": [{"role": role.value, "initiatives": number} for role, number in one.roles],
        "since": _year(one.since),
        "leading": one.leading,
        "contributing": one.contributing,
        "initiatives": one.initiatives,
    }


def _year(day):
    return day.year if day else None

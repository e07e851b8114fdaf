"""Coverage recomputed from the exported list alone, in plain Python and by the definitions.

Nothing of the site's own code is used on the way. Source: docs/definitions.md.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

SINCE, DAY, YEAR_BEFORE = date(1990, 1, 1), date(2000, 12, 31), date(1999, 12, 31)
CARRIERS = ("lead", "implementer")
BEGUN = ("active", "suspended", "ended")


# ---------------------------------------------------------------- reading the file


class Record(NamedTuple):
    """parts: {role: codes of organisations}."""

    row: dict
    status: str
    start: date | None
    end: date | None
    tracks: list
    parts: dict


def values(cell):
    return cell.split(";") if cell else []


def first(text):
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last(text):
    parts = [*map(int, text.split("-"))]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])


def engaged(row, system):
    """(start, end) of a row's engagement in the system, or None each."""
    own = dict(value.split(":") for value in values(row["conflict_dates"]))
    start, end = own.get(system, "/").split("/")
    start, end = start or row["start"], end or row["end"]
    return start and first(start), end and last(end)


def status(row, start, end):
    if row["cancelled"] and first(row["cancelled"]) <= DAY:
        return "cancelled"
    if not start:
        return "undated"
    if start > DAY:
        return "planned"
    if end and end < DAY:
        return "ended"
    for pause in values(row["suspensions"]):
        since, until = pause.split("/")
        if first(since) <= DAY and (not until or last(until) >= DAY):
            return "suspended"
    return "active"


def read(rows, system):
    """Of the rows that name the system. Shape: [Record]."""
    for row in rows:
        if system in values(row["conflicts"]):
            start, end = engaged(row, system)
            parts = defaultdict(set)
            for part in values(row["organisations"]):
                role, code = part.split(":")
                parts[role].add(code)
            yield Record(row, status(row, start, end), start, end, values(row["counted_tracks"]), parts)


# ---------------------------------------------------------------- counting


def recompute(rows, system):
    """What coverage.json says, as far as it is compared."""
    records = list(read(rows, system))
    begun = [one for one in records if one.status in BEGUN and (not one.end or one.end >= SINCE)]
    counted = [one for one in begun if one.tracks]
    complete = [
        one
        for one in records
        if one.start and one.tracks and any(one.parts[role] for role in ("lead", "mediator", "party"))
    ]
    open_ended = [one for one in counted if one.status == "active" and not one.end]
    return {
        "initiatives": len(counted),
        "planned": sum(one.status == "planned" for one in records),
        "undated": sum(one.status == "undated" for one in records),
        "untagged": len(begun) - len(counted),
        "mixed": sum(row["officiality"] == "mixed" for row, *_ in counted),
        "completeness": len(complete) / len(records),
        "open_ended": len(open_ended),
        "confirmed": sum(not unconfirmed(one) for one in open_ended),
        "tracks": {track: on_track(track, counted, records) for track in {t for one in records for t in one.tracks}},
        "co_tagging": co_tagging(counted),
        "flows": flows(counted),
        "principles": principles(counted),
        "years": years(counted),
        "critical": critical(counted),
        "hhi": hhi(counted),
        "localness": localness(counted, system),
    }


def unconfirmed(one):
    row, then, _, end, *_ = one
    return then == "active" and not end and not (row["last_confirmed"] and last(row["last_confirmed"]) >= YEAR_BEFORE)


def on_track(track, counted, records):
    here = [one for one in counted if track in one.tracks]
    working = {code for one in here for role in (*CARRIERS, "partner", "mediator") for code in one.parts[role]}
    return {
        **{name: sum(one.status == name for one in here) for name in BEGUN},
        "planned": sum(one.status == "planned" and track in one.tracks for one in records),
        "unconfirmed": sum(map(unconfirmed, here)),
        "reach": len(here) / len(counted) if counted else 0,
        "share": sum(1 / len(one.tracks) for one in here) / len(counted) if counted else 0,
        "organisations": len(working),
        "funders": len({code for one in here for code in one.parts["funder"]}),
    }


def co_tagging(counted):
    pairs = Counter(frozenset((a, b)) for one in counted for a in one.tracks for b in one.tracks if a < b)
    on = Counter(track for one in counted for track in one.tracks)
    return {pair: (n, n / (sum(on[track] for track in pair) - n)) for pair, n in pairs.items()}


def flows(counted):
    tracks, found = {one.row["ref"]: one.tracks for one in counted}, defaultdict(float)
    for row, *_ in counted:
        for _, evidence, other in (link.split(":") for link in values(row["links"])):
            for k in tracks[row["ref"]]:
                for target in tracks.get(other, ()):
                    if k != target:
                        found[k, target, evidence] += 1 / (len(tracks[row["ref"]]) * len(tracks[other]))
    return found


def principles(counted):
    found = defaultdict(lambda: [0, 0, 0])
    for row, _, _, _, tracks, _ in counted:
        for code, rating in (value.split(":") for value in values(row["counted_principles"])):
            for track in tracks:
                cell = found[code, track]
                cell[0] += int(rating) >= 2
                cell[1] += 1
                cell[2] += code in values(row["counted_evidenced"])
    return found


def years(counted):
    found = Counter()
    for _, _, start, end, tracks, _ in counted:
        for track in tracks:
            for year in range(max(start.year, SINCE.year), min(end.year if end else DAY.year, DAY.year) + 1):
                found[year, track, "active"] += 1
            found[start.year, track, "started"] += start.year >= SINCE.year
            if end:
                found[end.year, track, "ended"] += end.year <= DAY.year
    return +found


def critical(counted):
    active = defaultdict(list)
    for _, then, _, _, tracks, parts in counted:
        for track in tracks:
            if then == "active":
                active[track].append({code for role in CARRIERS for code in parts[role]})
    return {(track, code) for track, sets in active.items() for code in set.intersection(*sets)}


def hhi(counted):
    carried, weights = 0, defaultdict(float)
    for *_, parts in counted:
        carriers = {code for role in CARRIERS for code in parts[role]}
        carried += bool(carriers)
        for code in carriers:
            weights[code] += 1 / len(carriers)
    return sum((weight / carried) ** 2 for weight in weights.values()) if carried else None


def localness(counted, system):
    found = Counter(local=0, known=0, led=0, led_known=0)
    for row, *_, parts in counted:
        told = [value.split(":") for value in values(row["local"])]
        known = {code: word == "yes" for where, code, word in told if where == system}
        doing = [known[code] for role in (*CARRIERS, "partner") for code in parts[role] if code in known]
        leading = [known[code] for code in parts["lead"] if code in known]
        found.update(local=any(doing), known=bool(doing), led=any(leading), led_known=bool(leading))
    return dict(found)


# ---------------------------------------------------------------- and the site's own


def figures(told):
    """coverage.json in the shape of `recompute`, without rows of zeros."""
    return {
        **{name: told[name] for name in ("initiatives", "planned", "undated", "untagged", "mixed", "completeness")},
        **{name: told[name] for name in ("open_ended", "confirmed", "localness")},
        "tracks": {row.pop("code"): row for row in told["tracks"] if row.pop("state") != "none_recorded"},
        "co_tagging": {frozenset((r["a"], r["b"])): (r["initiatives"], r["jaccard"]) for r in told["co_tagging"]},
        "flows": {(row["from"], row["to"], row["evidence"]): row["weight"] for row in told["flows"]},
        "principles": {
            (row["principle"], row["track"]): [row["practised"], row["assessed"], row["evidenced"]]
            for row in told["principles"]
        },
        "years": {
            (row["year"], row["track"], name): row[name]
            for row in told["years"]
            for name in ("active", "started", "ended")
            if row[name]
        },
        "critical": {(row["track"], row["organisation"]) for row in told["critical"]},
        "hhi": told["concentration"]["hhi"],
    }


def rounded(value):
    """To nine places: a sum of fractions differs by the order in which they are added."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(map(rounded, value))
    return round(value, 9) if isinstance(value, float) else value

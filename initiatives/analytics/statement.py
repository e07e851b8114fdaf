"""The one statement that coverage asks the database: everything counted where it is, so that only sums travel.

Plain SQL that both databases read. One statement, so that all figures of a page are of one moment, and so that the
population is found once.

PostgreSQL guesses from its conditions how many rows a WITH query finds. Where it guesses a handful, it joins two of
them row by row, which takes quadratically long. So conditions are written such that it guesses many: a truth value
worked out before (half of all rows) rather than a comparison (one of 200), an outer join rather than an inner one.
What is asked of each row is asked once: the part that it belongs to is worked out in what is grouped by it, and no sum
looks at it again. Only rows that are read twice are materialized: putting them by costs as much as reading them.
The latest rating is the greatest of texts that begin with its day, as shown, and its key, both always of one length:
grouping ratings costs less than putting them in order.
"""

from collections import defaultdict
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Value

from initiatives.dates import PartialDate, Precision, twelve_months_before
from initiatives.models import Participation, Tally
from initiatives.models.coarsening import ShownDates

# To which part of the population a row belongs: numbers, because they are what rows are grouped by.
PARTS = ("cancelled", "undated", "planned", "besides", "ended", "suspended", "active")
PART = {name: number for number, name in enumerate(PARTS)}

# A day that a reader is shown by its month or year stands for the whole of it. Comparing it is comparing what is
# recorded with the other day, moved to the far end of its own month or year: so no column needs changing.
POPULATION = """
edge(shown, digits, now_hi, now_lo, latest, foreseen, since, confirmed_since) AS (VALUES {edges}),
counts_as_track(term, own) AS ({tracks}),
{seen},
parted AS (
    SELECT seen.system, seen.initiative, seen.owner, seen.tracks, seen.started_on, seen.ended_on, seen.mixed,
        seen.in_charge, edge.digits, edge.now_hi,
        seen.confirmed_on >= edge.confirmed_since AS confirmed,
        CASE
            WHEN seen.cancelled_on <= edge.now_hi THEN {part[cancelled]}
            WHEN seen.started_on IS NULL THEN {part[undated]}
            WHEN seen.started_on > edge.now_hi THEN {to_come}
            {besides}
            WHEN seen.ended_on < edge.now_lo THEN {part[ended]}
            WHEN seen.pauses > 0 AND seen.paused_from <= edge.now_hi
            AND (seen.paused_until IS NULL OR seen.paused_until >= edge.now_lo)
            AND (seen.pauses = 1 OR EXISTS (
                SELECT 1 FROM initiatives_suspension pause WHERE pause.initiative_id = seen.initiative
                AND pause.from_on <= edge.now_hi AND (pause.until_on IS NULL OR pause.until_on >= edge.now_lo)
            )) THEN {part[suspended]}
            ELSE {part[active]}
        END AS part
    FROM seen
    LEFT JOIN edge ON edge.shown = CASE WHEN seen.shown_dates = '' OR seen.exact THEN '' ELSE seen.shown_dates END
),
tally AS {kept} (
    SELECT parted.*, part IN ({part[active]}, {part[suspended]}, {part[ended]}) AND tracks <> '' AS counts FROM parted
),
grouped AS (
    SELECT system, part, tracks, CAST(count(*) AS integer) AS n,
        count(*) FILTER (WHERE ended_on IS NULL) AS open_ended,
        count(*) FILTER (WHERE ended_on IS NULL AND confirmed) AS confirmed,
        count(*) FILTER (WHERE mixed) AS mixed,
        count(*) FILTER (WHERE in_charge AND started_on IS NOT NULL) AS complete
    FROM tally GROUP BY system, part, tracks
),
standing AS (
    SELECT system, part, tracks, n, CAST(mixed AS integer) AS mixed,
        CAST(CASE WHEN tracks <> '' THEN complete ELSE 0 END AS integer) AS complete,
        CAST(CASE WHEN part = {part[active]} THEN open_ended ELSE 0 END AS integer) AS open_ended,
        CAST(CASE WHEN part = {part[active]} THEN confirmed ELSE 0 END AS integer) AS confirmed
    FROM grouped
),
member AS (
    SELECT tracks, own, count(*) OVER (PARTITION BY tracks) AS size FROM (
        SELECT DISTINCT sets.tracks, counts.own
        FROM (SELECT DISTINCT tracks, ',' || tracks || ',' AS listed FROM standing) sets
        JOIN counts_as_track counts ON replace(listed, ',' || CAST(counts.term AS text) || ',', '') <> listed
    ) known
)"""

OUTLINE = """
SELECT 'part' AS kind, CAST(part AS text) AS word, system, CASE WHEN tracks = '' THEN 0 ELSE 1 END AS a, sum(n) AS b,
    sum(open_ended) AS c, sum(confirmed) AS d, sum(mixed) AS e, sum(complete) AS f
FROM standing GROUP BY system, part, 4
UNION ALL
SELECT 'track', CAST(part AS text), system, own, size, sum(n), sum(open_ended - confirmed), 0, 0
FROM standing JOIN member ON member.tracks = standing.tracks GROUP BY system, part, own, size"""

DETAIL = """,
counted AS MATERIALIZED (
    SELECT system, initiative, owner, tracks, part, digits, now_hi,
        {started} AS started, {ended} AS ended
    FROM tally WHERE counts
),
span AS (
    SELECT system, own, started, ended, CAST(count(*) AS integer) AS n
    FROM counted JOIN member ON member.tracks = counted.tracks GROUP BY system, own, started, ended
),
held AS MATERIALIZED (
    SELECT counted.system, counted.initiative, counted.tracks, counted.part, parts.organisation_id AS organisation,
        max(CASE WHEN parts.role = 'lead' THEN 1 ELSE 0 END) AS leading,
        max(CASE WHEN parts.role IN ('lead', 'implementer') THEN 1 ELSE 0 END) AS carrying,
        max(CASE WHEN parts.role IN ('lead', 'implementer', 'partner') THEN 1 ELSE 0 END) AS doing,
        max(CASE WHEN parts.role IN ({working}) THEN 1 ELSE 0 END) AS working,
        max(CASE WHEN parts.role = 'funder' THEN 1 ELSE 0 END) AS funding
    FROM counted JOIN initiatives_participation parts ON parts.initiative_id = counted.initiative
    GROUP BY counted.system, counted.initiative, counted.tracks, counted.part, parts.organisation_id
),
on_track AS (
    SELECT system, own, organisation, max(working) AS working, max(funding) AS funding,
        sum(CASE WHEN part = {part[active]} THEN carrying ELSE 0 END) AS active
    FROM held JOIN member ON member.tracks = held.tracks GROUP BY system, own, organisation
),
active AS (
    SELECT system, own, sum(n) AS n FROM standing JOIN member ON member.tracks = standing.tracks
    WHERE part = {part[active]} GROUP BY system, own
),
carried AS (
    SELECT system, organisation, CAST(count(*) OVER (PARTITION BY system, initiative) AS integer) AS among
    FROM held WHERE carrying = 1
),
known AS (
    SELECT held.system, held.initiative,
        max(CASE WHEN local.is_local THEN held.doing ELSE 0 END) AS is_local, max(held.doing) AS known,
        max(CASE WHEN local.is_local THEN held.leading ELSE 0 END) AS led, max(held.leading) AS led_known
    FROM held JOIN initiatives_localness local
        ON local.conflict_system_id = held.system AND local.organisation_id = held.organisation
    GROUP BY held.system, held.initiative
),
latest AS MATERIALIZED (
    SELECT counted.system, counted.initiative, counted.tracks, {principle} AS principle,
        max(substr(CASE WHEN ratings.rated_on IS NULL THEN '0000-00-00' ELSE CAST(ratings.rated_on AS text) END,
            1, counted.digits)
            || CAST(ratings.id + 1000000000000 AS text) || CAST(ratings.rating AS text)
            || CASE WHEN ratings.evidence <> '' THEN '1' ELSE '0' END) AS told
    FROM counted JOIN initiatives_principlerating ratings ON ratings.initiative_id = counted.initiative
        AND (ratings.rated_on IS NULL OR ratings.rated_on <= counted.now_hi)
    GROUP BY counted.system, counted.initiative, counted.tracks, 4
),
rated AS (
    SELECT system, tracks, principle, CAST(substr(told, length(told) - 1, 1) AS integer) AS rating,
        CAST(count(*) AS integer) AS n, CAST(count(*) FILTER (WHERE told LIKE '%%1') AS integer) AS evidenced
    FROM latest GROUP BY system, tracks, principle, 4
)"""

DETAILS = """
UNION ALL
SELECT 'pair', '', system, one.own, other.own, sum(n), 0, 0, 0
FROM standing JOIN member one ON one.tracks = standing.tracks
JOIN member other ON other.tracks = standing.tracks AND one.own < other.own
WHERE part IN ({part[active]}, {part[suspended]}, {part[ended]}) GROUP BY system, one.own, other.own
UNION ALL
SELECT 'started', '', system, own, started, sum(n), 0, 0, 0 FROM span GROUP BY system, own, started
UNION ALL
SELECT 'ended', '', system, own, ended, sum(n), 0, 0, 0 FROM span WHERE ended IS NOT NULL GROUP BY system, own, ended
UNION ALL
SELECT 'enters', '', system, own, CASE WHEN started < {first_year} THEN {first_year} ELSE started END, sum(n), 0, 0, 0
FROM span GROUP BY system, own, 5
UNION ALL
SELECT 'leaves', '', system, own,
    CASE WHEN ended + 1 < {first_year} OR ended + 1 < started
        THEN CASE WHEN started < {first_year} THEN {first_year} ELSE started END ELSE ended + 1 END, sum(n), 0, 0, 0
FROM span WHERE ended IS NOT NULL GROUP BY system, own, 5
UNION ALL
SELECT 'owners', '', system, count(DISTINCT owner), 0, 0, 0, 0, 0 FROM counted GROUP BY system
UNION ALL
SELECT 'organisations', '', system, own, sum(working), sum(funding), 0, 0, 0 FROM on_track GROUP BY system, own
UNION ALL
SELECT 'critical', '', on_track.system, on_track.own, organisation, 0, 0, 0, 0
FROM on_track JOIN active ON active.system = on_track.system AND active.own = on_track.own
WHERE on_track.active = active.n
UNION ALL
SELECT 'carries', '', system, organisation, among, count(*), 0, 0, 0
FROM carried GROUP BY system, organisation, among
UNION ALL
SELECT 'local', '', system, sum(is_local), sum(known), sum(led), sum(led_known), 0, 0 FROM known GROUP BY system
UNION ALL
SELECT 'rated', '', system, principle, own, rating, sum(n), sum(evidenced), 0
FROM rated JOIN member ON member.tracks = rated.tracks GROUP BY system, principle, own, rating
UNION ALL
SELECT 'flow', links.evidence, source.system, origin.own, goal.own, origin.size * goal.size, count(*), 0, 0
FROM initiatives_initiativelink links CROSS JOIN counted source CROSS JOIN counted target
CROSS JOIN member origin CROSS JOIN member goal -- in this order on SQLite, which else begins with all pairs of records
WHERE source.initiative = links.source_id AND target.initiative = links.target_id AND target.system = source.system
AND origin.tracks = source.tracks AND goal.tracks = target.tracks AND goal.own <> origin.own
GROUP BY links.evidence, source.system, origin.own, goal.own, origin.size * goal.size"""

YEAR = "CAST(substr(CAST({} AS text), 1, 4) AS integer)"


COLUMNS = (
    *("conflict_system", "initiative", "owner", "started_on", "ended_on", "cancelled_on", "confirmed_on"),
    *("shown_dates", "pauses", "paused_from", "paused_until", "mixed", "in_charge"),
)
NAMES = (
    "system, initiative, owner, started_on, ended_on, cancelled_on, confirmed_on, shown_dates, pauses, paused_from, "
    "paused_until, mixed, in_charge, tracks"
)


def ask(initiatives, *, systems, period, tracks, principles, in_detail):
    """Ask it. Shape: {system's primary key: {kind: [(word, a, b, c, d, e, f)]}}. Queries: one.

    tracks, principles: what each term counts as, by primary key. in_detail: with the second half of what it tells.
    """
    answers = defaultdict(lambda: defaultdict(list))
    try:
        seen, seen_parameters = _seen(initiatives, systems, lead_only=period.lead_only)
    except EmptyResultSet:
        return answers
    days = [value for shown in ("", *ShownDates) for value in _edges(shown, period)]
    words = {
        "part": PART,
        "edges": ", ".join(["(" + ", ".join(["%s"] * 8) + ")"] * 3),
        "tracks": _pairs(tracks),
        "principle": _own("ratings.principle_id", principles),
        "seen": seen,
        **_outside(period),
        "kept": "MATERIALIZED" if in_detail else "",
        "started": YEAR.format("started_on"),
        "ended": YEAR.format("ended_on"),
        "first_year": period.from_day.year if period.from_day else 0,
        "working": ", ".join(f"'{role}'" for role in Participation.WORKING),
    }
    parts = (POPULATION, DETAIL, OUTLINE, DETAILS) if in_detail else (POPULATION, OUTLINE)
    with connection.cursor() as cursor:
        cursor.execute("WITH" + "".join(part.format(**words) for part in parts), [*days, *seen_parameters])
        for kind, word, system, *numbers in cursor.fetchall():
            told = PARTS[int(word)] if kind in ("part", "track") else word
            answers[system][kind].append((told, *numbers))
    return answers


def _seen(initiatives, systems, *, lead_only):
    """The tallies of what the reader may open, and whether its days are shown as recorded. Shape: (SQL, parameters).

    Where a reader alone narrows the initiatives, their tallies tell as much, and nothing else is read.
    """
    columns = (*COLUMNS, "lead" if lead_only else "tracks")
    tallies = Tally.objects.filter(conflict_system__in=[system.pk for system in systems]).order_by()
    if initiatives.reader is not None:
        rows = tallies.visible_to(initiatives.reader).values_list(*columns, "reads_exactly")
        sql, parameters = rows.query.sql_with_params()
        return f"seen({NAMES}, exact) AS ({sql})", parameters
    if "reads_exactly" not in initiatives.query.annotations:
        initiatives = initiatives.annotate(reads_exactly=Value(False))
    opened = initiatives.order_by().values_list("pk", "reads_exactly").distinct()  # a join may have doubled some
    opened, opened_parameters = opened.query.sql_with_params()
    tallied, parameters = tallies.values_list(*columns).query.sql_with_params()
    sql = (
        f"opened(initiative, exact) AS ({opened}), tallied({NAMES}) AS ({tallied}), seen AS (SELECT tallied.*, "
        "opened.exact FROM tallied JOIN opened ON opened.initiative = tallied.initiative)"
    )
    return sql, (*opened_parameters, *parameters)


def _edges(shown, period):
    """The days of the question for records that are shown like this, in the order of `edge`."""

    def edge(day, which):
        return connection.ops.adapt_datefield_value(
            getattr(PartialDate.around(day, Precision.DAY).coarsened(shown), which)
        )

    return (
        str(shown),
        {"month": 7, "year": 4}.get(shown, 10),
        edge(period.as_of, "last"),
        edge(period.as_of, "first"),
        edge(period.latest_start, "last"),
        edge(period.to_day or date.max, "last"),
        edge(period.from_day or date.min, "first"),
        edge(twelve_months_before(period.as_of), "first"),
    )


def _outside(period):
    """What becomes of rows that the window leaves out. Shape: {word: SQL}, nothing where there is no such window."""
    conditions = [
        *["seen.started_on > edge.latest"] * (period.latest_start < period.as_of),
        *["seen.ended_on < edge.since"] * (period.from_day is not None),
    ]
    reaches_beyond = period.to_day is not None and period.to_day > period.as_of
    planned, besides = PART["planned"], PART["besides"]
    foreseen = f"CASE WHEN seen.started_on <= edge.foreseen THEN {planned} ELSE {besides} END"
    return {
        "besides": f"WHEN {' OR '.join(conditions)} THEN {besides}" if conditions else "",
        "to_come": foreseen if reaches_beyond else planned,
    }


def _own(column, counted_as):
    """What the term of a column counts as, as an expression: itself, but for those that were replaced."""
    moved = {int(term): int(own.pk) for term, own in counted_as.items() if own.pk != term}
    cases = " ".join(f"WHEN {term} THEN {own}" for term, own in moved.items())
    return f"CASE {column} {cases} ELSE {column} END" if moved else column


def _pairs(counted_as):
    """What each term counts as, as rows of two keys."""
    pairs = ", ".join(f"({int(term)}, {int(own.pk)})" for term, own in counted_as.items())
    return f"VALUES {pairs}" if pairs else "SELECT 0, 0 WHERE 1 = 0"

"""The row policies' words, in SQL: the person at work, what they belong to, and which initiatives they may open.

What `visible_to` says in the language of models is said here once more in the database's, so that one may be
forgotten or wrong without the other. Columns without a table are those of the table that the condition is for.
Whatever doesn't depend on the row is a sub-select, which PostgreSQL evaluates once a query; the fewer words, the
quicker it plans.
"""

SCHEMA = "sight"

ME = "(SELECT nullif(current_setting('app.user_id', true), '')::bigint)"
ELEVATED = "(SELECT coalesce(current_setting('app.elevated', true), '') <> '')"
TODAY = "(now() AT TIME ZONE 'UTC')::date"

# Of the person at work, by the functions below.
READS_NETWORK = f"(SELECT {SCHEMA}.reads_network())"
OWN = f"ANY ((SELECT {SCHEMA}.organisations())::bigint[])"
MANAGED = f"ANY ((SELECT {SCHEMA}.managed())::bigint[])"
NAMED = f"(SELECT {SCHEMA}.named())"
NAMED_TO_WRITE = f"(SELECT {SCHEMA}.named_to_write())"
OPENED = f"(SELECT {SCHEMA}.opened())"

_MEMBERSHIPS = f"""initiatives_membership JOIN accounts_user ON accounts_user.id = user_id
    WHERE user_id = {ME} AND active AND is_active"""
_VALID = f"(until_on IS NULL OR until_on >= {TODAY})"

# Asked once a query, never once a row. They run as the owner, whom no policy binds: else the policies of initiatives
# and of who is named on them would ask each other in a circle. Each tells of the person at work alone.
# Shape: {name: (what it returns, query)}.
FUNCTIONS = {
    "organisations": ("bigint[]", f"SELECT coalesce(array_agg(organisation_id), '{{}}') FROM {_MEMBERSHIPS}"),
    "managed": (
        "bigint[]",
        f"SELECT coalesce(array_agg(organisation_id), '{{}}') FROM {_MEMBERSHIPS} AND role = 'manager'",
    ),
    "member": ("bigint", f"SELECT min(user_id) FROM {_MEMBERSHIPS}"),
    "reads_network": (
        "boolean",
        f"""SELECT EXISTS (SELECT FROM {_MEMBERSHIPS})
    OR EXISTS (SELECT FROM accounts_user WHERE id = {ME} AND is_active AND (is_curator OR is_superuser))""",
    ),
    "named": (
        "SETOF bigint",
        f"SELECT initiative_id FROM initiatives_grant WHERE user_id = {SCHEMA}.member() AND {_VALID}",
    ),
    "named_to_write": (
        "SETOF bigint",
        f"""SELECT initiative_id FROM initiatives_grant
    WHERE user_id = {SCHEMA}.member() AND access = 'write' AND {_VALID}""",
    ),
    "opened": (
        "SETOF bigint",
        f"SELECT initiative_id FROM initiatives_organisationgrant WHERE organisation_id = {OWN} AND {_VALID}",
    ),
}


def in_hand(table, column="id"):
    """Being changed in this transaction, by somebody who might see it: see mtd_tracker/sight.py."""
    keys = f"nullif(current_setting('app.in_hand_{table}', true), '')"
    return f"{column} = ANY ((SELECT coalesce({keys}, '{{}}')::bigint[])::bigint[])"


INITIATIVE = "initiatives_initiative"
ENTRY = "initiatives_logentry"


def open_to_me(key="id", publication="publication"):
    """Of an initiative, or of a row that tells the same of one: `readable_by`, and what most are open by asked first.

    key, publication: the columns, or constants, that say so there.
    """
    return f"""(
    {publication} = 'published' AND (sharing = 'public' OR sharing = 'network' AND {READS_NETWORK})
    OR owner_id = {OWN} AND ({publication} = 'published' AND sharing = 'organisation' OR author_id = {ME})
    OR {publication} = 'published' AND sharing <> 'restricted' AND {key} IN {OPENED}
    OR {publication} IN ('in_review', 'withdrawn') AND sharing <> 'restricted' AND owner_id = {MANAGED}
    OR {key} IN {NAMED}
    OR {ELEVATED}
    OR {in_hand(INITIATIVE, key)}
)"""


OPEN_TO_ME = open_to_me()

# Of an initiative that one may open: whether one works on it, and so may write to it, and read its past.
MINE_TO_WRITE = f"""(
    {ELEVATED} OR {in_hand(INITIATIVE)} OR owner_id = {OWN} OR id IN {NAMED_TO_WRITE}
)"""

# The same, or at least named on it: who else is, and what became of it in review, is nobody else's business.
CLOSE_TO_ME = f"""(
    {ELEVATED} OR {in_hand(INITIATIVE)} OR owner_id = {OWN} OR id IN {NAMED}
)"""

# Of an initiative that one may open: `ReadingQuerySet.visible_to`.
READ_BY_WHOM = f"""(
    {ELEVATED}
    OR sharing = 'organisation' AND initiatives_reading.owner_id = {MANAGED} AND NOT while_restricted
    OR sharing = 'restricted'
)"""

# Of an erasure that is asked for: `ErasureQuerySet.visible_to`, whether it is decided by now or not.
_SUBJECT = f"SELECT FROM {INITIATIVE} WHERE {INITIATIVE}.ref = subject"
ERASURE_FOR_ME = f"""(
    {ELEVATED}
    OR kind = 'person' AND EXISTS (
        SELECT FROM accounts_user WHERE id = {ME} AND is_active AND (is_superuser OR accounts_user.ref = subject))
    OR kind = 'record' AND requested_by_id = {ME} AND EXISTS ({_SUBJECT})
    OR kind = 'record' AND EXISTS ({_SUBJECT} AND (
        sharing = 'restricted' AND (author_id = {ME} AND owner_id = {OWN} OR id IN {NAMED_TO_WRITE})
        OR sharing <> 'restricted' AND owner_id = {MANAGED}))
)"""


def of_an_initiative(column, condition=None):
    """The column names an initiative that one may open, and of which the condition holds.

    The initiatives' own policy holds within the sub-select. EXISTS, because PostgreSQL then chooses: one look-up
    a row where few rows are read, one set of all of them where many are.
    """
    further = f" AND {condition}" if condition else ""
    return f"EXISTS (SELECT FROM {INITIATIVE} WHERE {INITIATIVE}.id = {column}{further})"


# Of an initiative that one may open: one is shown its dates and places as they are recorded, as `inside`.
INSIDE = f"({ELEVATED} OR owner_id = {OWN} OR id IN {NAMED})"


def found():
    """A function: of the initiatives that one may open, some whose words hold each pattern, `most` of them at most.

    It runs as the owner, whom no policy binds: a reader's own query has to ask the policy before any word, and can't
    use an index on words. So it asks who may open each one itself, as well as who is shown its places.
    """
    held = f"(text LIKE %1$L OR places LIKE %1$L AND {_in_a_string(INSIDE)})"
    rows = f"initiatives_wording JOIN {INITIATIVE} ON id = initiative_id"
    asked = f"SELECT initiative_id FROM {rows} WHERE %s AND {_in_a_string(OPEN_TO_ME)} LIMIT %s"
    return f"""CREATE FUNCTION {SCHEMA}.found(patterns text[], most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE conditions text;
    BEGIN
        SELECT string_agg(format('{held}', pattern), ' AND ') INTO conditions FROM unnest(patterns) AS pattern;
        RETURN QUERY EXECUTE format('{asked}', conditions, most);
    END $$"""


def _in_a_string(condition):
    """As it stands within a text that PostgreSQL formats."""
    return condition.replace("'", "''").replace("%", "%%")


# Of a log entry: `LogEntryQuerySet.visible_to`. What it asks of its initiative stands in one sub-select, because each
# has the initiatives' whole policy in it, which takes long to plan.
_ENTRY_FOR_ME = f"""(
    {ENTRY}.sharing = 'network' AND {READS_NETWORK}
    OR owner_id = {OWN} AND ({ENTRY}.sharing = 'organisation' OR {ENTRY}.author_id = {ME} OR author_id = {ME})
    OR id IN {NAMED}
)"""
ENTRY_OPEN_TO_ME = f"""(
    {ELEVATED}
    OR {in_hand(ENTRY)}
    OR {of_an_initiative(f"{ENTRY}.initiative_id", _ENTRY_FOR_ME)}
)"""


def content_types(models):
    """Keys of these models' content types, which differ from database to database."""
    named = ", ".join(f"('{model._meta.app_label}', '{model._meta.model_name}')" for model in models)
    return f"(SELECT id FROM django_content_type WHERE (app_label, model) IN ({named}))"


def _kept_key(model):
    """A version's object as this model's key; nothing where it is of another, whose keys may be no numbers."""
    return f"CASE WHEN content_type_id = {content_types([model])} THEN object_id::bigint END"


def kept_of_an_entry(model):
    return f"EXISTS (SELECT FROM {ENTRY} WHERE {ENTRY}.id = {_kept_key(model)})"


# Of a version: its revision is of an initiative that one works on.
KEPT_OF_MINE = f"EXISTS (SELECT FROM {SCHEMA}.kept WHERE kept.revision_id = reversion_version.revision_id)"


def kept(initiative):
    """Revisions of initiatives that one works on: a view of the owner's, because versions can't ask for versions."""
    return f"""SELECT revision_id FROM reversion_version
    WHERE EXISTS (SELECT FROM {INITIATIVE} WHERE {INITIATIVE}.id = {_kept_key(initiative)}
    AND {OPEN_TO_ME} AND {MINE_TO_WRITE})"""

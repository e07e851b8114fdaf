"""Putting the locks on a database, taking them off, and telling whether they hold."""

from hashlib import sha256

from django.db import connection, transaction

from initiatives.models import Initiative
from mtd_tracker.rowsecurity.conditions import FUNCTIONS, SCHEMA, found, kept
from mtd_tracker.rowsecurity.policies import locks

READ_ONLY = ("django_migrations", "django_content_type", "auth_permission")  # written by `migrate` alone


def put_on(role):
    """Functions, policies and rights, afresh. role: the one that serves the site, and owns nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        _take_off(cursor)
        for statement in (*definitions(), *_rights(role)):
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{fingerprint()}'")


def take_off():
    """Policies and functions, before a migration that changes a column they name.

    Row security stays on, so that meanwhile nobody but the owner sees a row of these tables.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _take_off(cursor)


def _take_off(cursor):
    cursor.execute("SELECT tablename, policyname FROM pg_policies WHERE policyname LIKE 'sight\\_%'")
    for table, policy in cursor.fetchall():
        cursor.execute(f"DROP POLICY {policy} ON {_name(table)}")
    cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def definitions():
    """Everything that the database is told of who may see what. Shape: [SQL]."""
    told = [f"CREATE SCHEMA {SCHEMA}"]
    told += [_function(name, *function) for name, function in FUNCTIONS.items()]
    told.append(found())
    # A barrier: no function of whoever asks is run on rows that the view leaves out.
    told.append(f"CREATE VIEW {SCHEMA}.kept WITH (security_barrier) AS {kept(Initiative)}")
    for lock in locks():
        told.append(f"ALTER TABLE {_name(lock.table)} ENABLE ROW LEVEL SECURITY")
        for name, (command, clauses) in lock.policies.items():
            told.append(f"CREATE POLICY {name} ON {_name(lock.table)} FOR {command} {clauses}")
    return told


def _function(name, returns, query):
    """In PL/pgSQL, which keeps its plan: asking costs microseconds, and the asking query is planned without it."""
    several = returns.startswith("SETOF")
    answer, rows = (f"QUERY {query}", "ROWS 20") if several else (f"({query})", "")
    return (
        f"CREATE FUNCTION {SCHEMA}.{name}() RETURNS {returns} LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER "
        f"COST 1 {rows} SET search_path = public, pg_temp AS $$ BEGIN RETURN {answer}; END $$"
    )


def fingerprint():
    """Of the definitions, so that a database which has older ones is known."""
    return sha256("\n".join(definitions()).encode()).hexdigest()


def _rights(role):
    role, read_only = _name(role), ", ".join(READ_ONLY)
    return [
        f"GRANT USAGE ON SCHEMA public, {SCHEMA} TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {read_only} FROM {role}",
    ]


def faults():
    """Why the locks don't hold for the role that is connected. Shape: [sentence], empty where they hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
        found = []
        for name in _standing_above(cursor):
            found.append(f"The role {role} can act as {name}, whom no policy binds. Connect as one that owns nothing.")
        cursor.execute(f"SELECT obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace')")
        if cursor.fetchone()[0] != fingerprint():
            found.append("The database has no policies, or older ones. Run “manage.py setup_database_roles” as owner.")
        return found + list(_open_tables(cursor))


def _standing_above(cursor):
    """Roles, the connected one among them, as which it may act, and which policies don't bind. Shape: [name]."""
    tables = [lock.table for lock in locks()]
    cursor.execute(
        """SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER') AND (
               rolsuper OR rolbypassrls
               OR oid IN (SELECT relowner FROM pg_class WHERE oid = ANY (%s::regclass[]))) ORDER BY rolname""",
        [[_name(table) for table in tables]],
    )
    return [name for (name,) in cursor.fetchall()]


def _open_tables(cursor):
    """What is amiss on each table. Shape: sentences."""
    cursor.execute(
        """SELECT relname, relrowsecurity, has_table_privilege(pg_class.oid, 'SELECT'),
                  array_remove(array_agg(polname::text), NULL)
           FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid
           WHERE relkind = 'r' AND pg_table_is_visible(pg_class.oid) GROUP BY relname, relrowsecurity, pg_class.oid"""
    )
    tables = {table: (secured, readable, set(policies)) for table, secured, readable, policies in cursor.fetchall()}
    for lock in locks():
        secured, readable, policies = tables.get(lock.table, (False, False, set()))
        if not readable:
            yield f"The role has no right to {lock.table}. Run “manage.py setup_database_roles” as owner."
        if not secured:
            yield f"Row security is off on {lock.table}."
        if policies != set(lock.policies):
            yield f"{lock.table} has other policies than it should: {', '.join(sorted(policies)) or 'none'}."


def _name(name):
    return connection.ops.quote_name(name)

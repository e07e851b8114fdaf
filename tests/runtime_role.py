"""The suite on PostgreSQL works as the role that serves the site, and as nobody who stands above row security.

What a test does by itself (making records, calling an action) is the site's own work; a request that it sends is
its person's. So each connection begins elevated, and `seen_by` takes that back for as long as it lasts.
"""

from contextlib import contextmanager

from django.core.management import call_command
from django.db.backends.signals import connection_created

TEST_WORK = "a test is at work"


def put_on(connection):
    """Row security on the test database, a role of its own to serve it, and every connection as that role."""
    _set_up(connection)
    connection_created.connect(_begin, dispatch_uid="runtime role")
    _hang_up(connection)


@contextmanager
def as_owner(connection):
    """The owner for a while, who alone may migrate; what it made in between is the role's to use afterwards."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        _set_up(connection)
        _begin(None, connection)


def _set_up(connection):
    role = role_of(connection)
    quoted = connection.ops.quote_name(role)
    call_command("setup_database_roles", role=role)
    with connection.cursor() as cursor:
        # Tests that commit are undone by emptying every table, after which Django writes these two again.
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT INSERT, DELETE ON django_content_type, auth_permission TO {quoted}")
        cursor.execute(f"GRANT {quoted} TO CURRENT_USER")


def take_off(connection):
    """The owner again, who drops the database; the role goes too, because it is not part of it."""
    connection_created.disconnect(dispatch_uid="runtime role")
    _hang_up(connection)
    role = connection.ops.quote_name(role_of(connection))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")


def role_of(connection):
    return f"{connection.settings_dict['NAME']}_web"


def _begin(sender, connection, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(role_of(connection))}")
        cursor.execute("SELECT set_config('app.elevated', %s, false)", [TEST_WORK])


def _hang_up(connection):
    connection.close()
    connection.close_pool()

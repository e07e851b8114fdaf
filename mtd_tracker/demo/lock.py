import sqlite3
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import connection

ADVISORY_LOCK = 0x6D7464  # any number that nothing else in the database uses
PATIENCE = 120  # seconds


@contextmanager
def one_at_a_time():
    """Let a second start on the same database wait until the first is done.

    On PostgreSQL the database itself keeps the lock. SQLite's migrations are many transactions, so there an
    otherwise empty database beside it is held: a lock that works on every system.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
    else:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        path = settings.VAR_DIR / "demo.lock"
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            yield

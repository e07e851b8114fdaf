import logging

from django.db import OperationalError, connection

from initiatives.models.wording import INDEX

logger = logging.getLogger(__name__)


def overwrite_freed_space():
    """Where a database is a file of ours, write it anew without what was deleted; otherwise the bytes stay until their
    place is used again. PostgreSQL does so by itself (autovacuum), and forbids it to those who own no table."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            # Words of what is gone leave the index only with this.
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('optimize')")  # noqa: S608  its own name
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError:  # somebody reads or writes: all is erased, only its bytes are not yet overwritten
        logger.warning("Freed space could not be overwritten; `manage.py apply_erasures` does it.", exc_info=True)

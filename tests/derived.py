"""Tests write rows that no action would: one tag, one engagement. What is derived follows before it is read.

The actions keep what is derived by themselves: tests/initiatives/test_derived.py sees to that, without this help.
"""

import re
from contextlib import contextmanager

from django.db import connection

from initiatives.derived import KINDS, batches, settle
from mtd_tracker.elevation import elevated

SOURCES = re.compile(
    r'(INSERT INTO|UPDATE|DELETE FROM) "initiatives_'
    r'(initiative|engagement|tracktag|participation|suspension|location|organisation|conflictsystem)"'
)
READ = (*(f'FROM "{kind.MODEL._meta.db_table}"' for kind in KINDS), "initiatives_found")


class Follow:
    """A wrapper around every statement of a connection."""

    def __init__(self):
        self.behind = False

    def __call__(self, execute, sql, params, many, context):
        text = str(sql)
        if SOURCES.match(text):
            self.behind = True
        elif self.behind and any(table in text for table in READ) and not text.startswith("DELETE"):
            self.behind = False
            self._catch_up()
        return execute(sql, params, many, context)

    def _catch_up(self):
        logging, connection.force_debug_cursor = connection.force_debug_cursor, False  # no query of whoever counts
        with elevated("what a test wrote past the actions"):
            for keys in batches():
                settle(keys)
        connection.force_debug_cursor = logging
        self.behind = False


@contextmanager
def following():
    with connection.execute_wrapper(Follow()):
        yield

"""SQLite whose writers take turns.

SQLite lets those who wait for its one lock look again every tenth of a second, and whoever is quickest gets it: one
who writes again and again shuts out the others until their time is over, "database is locked". So whoever begins a
transaction goes through a gate, a lock of the operating system beside the database, and keeps it until it has begun:
the one who wrote last has to queue like everyone else.
"""

import contextlib

from django.db.backends.sqlite3 import base

try:
    from fcntl import LOCK_EX, flock
except ImportError:  # not on Windows
    flock = None


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self):
        with self._gate():
            super()._start_transaction_under_autocommit()

    @contextlib.contextmanager
    def _gate(self):
        """Held by one thread of one process; a killed one lets go of it."""
        if flock is None or self.is_in_memory_db():
            yield
            return
        with open(f"{self.settings_dict['NAME']}-gate", "a") as gate:
            flock(gate, LOCK_EX)
            yield

"""Names in the order of the alphabet, whatever accents they bear and whichever database sorts them.

By their bytes Élan stands behind Zagreb, where who reads "by name; this is no ranking" takes it for the last.
"""

from functools import lru_cache

from django.db.models import Func, TextField
from django.utils.deconstruct import deconstructible

from initiatives.folding import folded

place_of = lru_cache(10_000)(folded)  # of a name among others, kept because lists of names are sorted on every page


@deconstructible(path="initiatives.alphabet.Alphabetical")
class Alphabetical(Func):
    """What a query sorts a name by: Unicode's collation on PostgreSQL, a function of ours on SQLite."""

    function = "folded"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='(%(expressions)s COLLATE "und-x-icu")', **context)


def by_name(records):
    """The same for records at hand. Shape: [record]."""
    return sorted(records, key=lambda record: (place_of(record.name), record.pk))


def teach(connection, **kwargs):
    """Give a new connection to SQLite the function. A receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("folded", 1, folded, deterministic=True)

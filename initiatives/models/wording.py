"""What is searched of an initiative: its words, folded, in one place."""

import json

from django.db import connection, models
from django.db.models import Lookup, Q

from initiatives.models.coarsening import inside
from initiatives.models.initiative import Initiative

INDEX = "initiatives_wording_index"  # on SQLite: a full-text table of threes of letters, kept by triggers


class WordingQuerySet(models.QuerySet):
    def holding(self, words, reader):
        """Those in which each of these folded words stands somewhere, for this reader; parts of words too."""
        rows = self.alias(reads_exactly=inside(reader, "initiative__", key="pk"))
        for word in words:
            rows = rows.filter(Q(text__holds=word) | Q(places__holds=word, reads_exactly=True))
        return rows

    def keys_holding(self, words, reader, *, most):
        """Primary keys of the initiatives of some of those, `most` of them at most. Queries: one.

        On PostgreSQL by a function: row security keeps an index on words from being used in the reader's own query,
        so the function looks them up, and answers with those alone that the reader may open. It may answer with too
        many, never with too few.
        """
        if connection.vendor != "postgresql":
            return list(self.holding(words, reader).values_list("pk", flat=True)[:most])
        with connection.cursor() as cursor:
            cursor.execute("SELECT initiatives_found(%s, %s)", [[_pattern(word) for word in words], most])
            return [key for (key,) in cursor.fetchall()]


class Wording(models.Model):
    """Derived from the initiative and its parts by initiatives/derived; never edited.

    text: what everyone may read who may open it: title, summary, description, the names of its conflict systems and
    organisations, and its places where these are shown to all. places: those that are not.
    """

    initiative = models.OneToOneField(Initiative, models.CASCADE, primary_key=True, related_name="wording")
    text = models.TextField()
    places = models.TextField(blank=True)

    objects = WordingQuerySet.as_manager()

    def __str__(self):
        return f"wording of {self.pk}"


@models.TextField.register_lookup
class Holds(Lookup):
    """A column of Wording holds a word, or a part of one."""

    lookup_name = "holds"

    def as_sqlite(self, compiler, connection):
        table, column = self.lhs.alias, connection.ops.quote_name(self.lhs.target.column)
        pattern = "*" + "".join(f"[{letter}]" if letter in "*?[" else letter for letter in self.rhs) + "*"
        key = f"{connection.ops.quote_name(table)}.{connection.ops.quote_name('initiative_id')}"
        return key + f" IN (SELECT rowid FROM {INDEX} WHERE {column} GLOB %s)", [pattern]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*params, _pattern(self.rhs)]


@models.BigAutoField.register_lookup
class Among(Lookup):
    """A key is one of many: one parameter, however many they are."""

    lookup_name = "among"

    def get_prep_lookup(self):
        return list(self.rhs)

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return column + " IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]


def _pattern(word):
    return "%" + "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in word) + "%"

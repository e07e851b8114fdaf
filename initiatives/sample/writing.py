"""Rows by the thousand into a table: by COPY on PostgreSQL, by one prepared statement on SQLite.

Past models on purpose: no signal, no default, no history; whoever makes the rows fills every column.
"""

import json
from datetime import date, datetime
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from initiatives.derived import KINDS


class Table:
    """A model's table. columns: attribute names in the order of a row's values; keys are given by `next_key`."""

    def __init__(self, model):
        self.model = model
        fields = model._meta.concrete_fields
        self.columns = [field.attname for field in fields]
        quote = connection.ops.quote_name
        self.name = quote(model._meta.db_table)
        self.listed = ", ".join(quote(field.column) for field in fields)
        self.last_key = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        self.rows = []

    def add(self, **values):
        """Keep one row to be written; every column but the key is named. Shape: its primary key."""
        self.last_key += 1
        self.rows.append(tuple(self.last_key if name == "id" else values[name] for name in self.columns))
        return self.last_key

    def add_instances(self, instances):
        """The same of a model's instances, whose keys are given already."""
        self.rows += [tuple(getattr(one, name) for name in self.columns) for one in instances]

    def write(self):
        """Write what was kept. Shape: how many rows."""
        rows, self.rows = self.rows, []
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self.name} ({self.listed}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row([_plain(value) for value in row])
            else:
                marks = ", ".join(["%s"] * len(self.columns))
                adapted = [tuple(map(_for_sqlite, row)) for row in rows]
                cursor.executemany(f"INSERT INTO {self.name} ({self.listed}) VALUES ({marks})", adapted)
        return len(rows)


def write_derived(initiatives):
    """What follows from these, of which nothing is derived yet. initiatives: primary keys."""
    for kind in KINDS:
        table = Table(kind.MODEL)
        table.add_instances(kind.derive(initiatives))
        table.write()


def let_keys_go_on(models):
    """Rows made from now on get keys after those that were written here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def owns_tables():
    """Whether whoever is connected may write like this: PostgreSQL refuses it to a role that row security binds."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'initiatives_initiative'::regclass"
        )
        return cursor.fetchone()[0]


def _plain(value):
    return json.dumps(value) if isinstance(value, list | dict) else value


def _for_sqlite(value):
    adapt = ADAPTED.get(type(value))
    return adapt(value) if adapt else value


ADAPTED = {  # as Django's fields would
    UUID: lambda ref: ref.hex,
    datetime: lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S"),
    date: date.isoformat,
    list: json.dumps,
    dict: json.dumps,
}

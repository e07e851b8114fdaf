"""What Django checks of the database itself, before each `migrate` and by `check --database default`."""

from django.core.checks import Error, Tags, register
from django.db import connections

from initiatives.models import Wording

TRIGGERS = {f"initiatives_wording_{done}" for done in ("added", "changed", "removed")}


@register(Tags.database)
def words_are_indexed(app_configs, databases, **kwargs):
    """On SQLite the index of words follows its table by triggers, which go where a migration makes the table anew."""
    return [fault for name in databases or () for fault in _without_triggers(connections[name])]


def _without_triggers(connection):
    table = Wording._meta.db_table
    if connection.vendor != "sqlite" or table not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        missing = TRIGGERS - {name for (name,) in cursor.fetchall()}
    if not missing:
        return []
    return [
        Error(
            f"The search finds nothing of what changes from now on: {table} has lost {', '.join(sorted(missing))}.",
            hint="A migration that makes this table anew has to put its index and triggers on again, as 0010_wording.",
            id="initiatives.E001",
        )
    ]

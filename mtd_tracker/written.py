"""Sub-selects in another form than Django's own.

Written as SQL once, where Django would copy and rename their parts with each further step: those that refer to nothing
outside themselves, in queries that are put together in many steps. Looked up row by row, where PostgreSQL would begin
with them: those that refer to the row outside.
"""

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BooleanField, IntegerField, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce


def rows_of(queryset):
    """What a queryset of one column finds, for `__in`."""
    return _written("{}", queryset.order_by().query)


def any_of(queryset):
    """Condition: the queryset finds something."""
    return _written("EXISTS ({})", queryset.order_by().query.exists(), BooleanField())


def number_of(queryset):
    """How many rows a queryset finds, as a column beside other rows."""
    return _written("SELECT COUNT(*) FROM ({}) AS counted", queryset.query, IntegerField())


def any_row_by_row(queryset):
    """Condition: the queryset, which refers to a row outside, finds something for it.

    As `Exists`, PostgreSQL reads all that it finds before a page of twenty-five, or begins at what few it guesses.
    """
    return Coalesce(Subquery(queryset.order_by().values_list(Value(True))[:1]), Value(False))


def written(query):
    """Shape: (SQL, parameters); for a query that can find nothing, too."""
    return query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()


def _written(template, query, output_field=None):
    sql, parameters = written(query)
    return RawSQL(template.format(sql), parameters, output_field)  # noqa: S611  Django's own SQL

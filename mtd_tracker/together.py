"""What a page needs from small tables: of many of them in one query, of few in one each."""

from collections import Counter
from functools import cached_property

from django.db import connection, models

from mtd_tracker.written import written

TYPES = {"number": "bigint", "text": "text", "day": "date"}
DAY = models.DateField()


class Together:
    """Rows of several querysets, asked for in one query as soon as one of them is wanted.

    parts: {name: (queryset, names of fields)}: own ones, related ones, annotations, as far as they are numbers, keys,
    texts or days. The order of a queryset is lost.
    Shape of a part: [tuple of those fields].
    """

    def __init__(self, **parts):
        self.parts = parts

    def __getitem__(self, name):
        return self.rows[name]

    @cached_property
    def rows(self):
        """The columns of one part stand under those of another of the same kind; what a part has less is empty."""
        own = {name: _columns(*part) for name, part in self.parts.items()}
        every = list(dict.fromkeys(column for columns in own.values() for column in columns))
        with connection.cursor() as cursor:
            cursor.execute(*self._statement(own, every))
            found = cursor.fetchall()
        days = [place for place, column in enumerate(every) if column.startswith("day")]
        places = {name: [every.index(column) for column in columns] for name, columns in own.items()}
        rows, names = {name: [] for name in own}, list(own)
        for part, *values in found:
            for place in days:  # texts, on SQLite
                values[place] = DAY.to_python(values[place])
            rows[names[part]].append(tuple(values[place] for place in places[names[part]]))
        return rows

    def _statement(self, own, every):
        """As text: in a union of Django's own, each empty column would cost as much as a full one. Each row begins
        with the place of its part.

        own: {name: its columns}. every: those of all parts. Shape: (SQL, parameters).
        """
        named, selected, parameters = [], [], []
        for place, (name, (queryset, fields)) in enumerate(self.parts.items()):
            sql, given = written(queryset.order_by().values_list(*fields).query)
            named.append(f"part_{place} ({', '.join(own[name])}) AS ({sql})")
            filled = ", ".join(column if column in own[name] else _empty(column) for column in every)
            selected.append(f"SELECT {place}, {filled} FROM part_{place}")  # noqa: S608  names from here alone
            parameters += given
        return f"WITH {', '.join(named)} {' UNION ALL '.join(selected)}", parameters


class Apart:
    """The same, each asked for by itself when it is wanted: quicker where mostly one is."""

    def __init__(self, **parts):
        self.parts = parts
        self.rows = {}

    def __getitem__(self, name):
        if name not in self.rows:
            queryset, fields = self.parts[name]
            self.rows[name] = list(queryset.order_by().values_list(*fields))
        return self.rows[name]


def made_of(rows, model, attributes):
    """Instances of a model that know these attributes alone. rows: with their values, in that order."""
    return [model(**dict(zip(attributes, row, strict=True))) for row in rows]


def _columns(queryset, fields):
    """A name for each field, by its kind: the first text is text_0, the second number_1."""
    seen = Counter()
    columns = []
    for field in fields:
        kind = _kind(queryset, field)
        columns.append(f"{kind}_{seen[kind]}")
        seen[kind] += 1
    return columns


def _empty(column):
    return f"CAST(NULL AS {TYPES[column.partition('_')[0]]})"


def _kind(queryset, name):
    field, model = queryset.query.annotations.get(name), queryset.model
    if field is None:
        for step in name.split("__"):
            field = model._meta.get_field(step)
            model = field.related_model
    else:
        field = field.output_field
    if isinstance(field, models.DateField):
        return "day"
    return "number" if isinstance(field, models.IntegerField | models.ForeignKey) else "text"

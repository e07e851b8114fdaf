"""What a page needs from small tables: of many of them in one query, of few in one each."""

from functools import cached_property

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast

COLUMNS = {"number": models.BigIntegerField, "text": models.TextField, "day": models.DateField}


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
        kinds = {name: [_kind(queryset, field) for field in fields] for name, (queryset, fields) in self.parts.items()}
        width = {column: max(of_part.count(column) for of_part in kinds.values()) for column in COLUMNS}
        asked, places = [], {}
        for name, (queryset, fields) in self.parts.items():
            columns = []
            for column, number in width.items():
                filled = [field for field, kind in zip(fields, kinds[name], strict=True) if kind == column]
                places |= {(name, field): len(columns) + place for place, field in enumerate(filled)}
                columns += [F(field) for field in filled]
                columns += [Cast(Value(None), COLUMNS[column]())] * (number - len(filled))
            asked.append(queryset.order_by().values_list(Value(name, models.TextField()), *columns))
        rows = {name: [] for name in self.parts}
        for name, *values in asked[0].union(*asked[1:], all=True).order_by():
            rows[name].append(tuple(values[places[name, field]] for field in self.parts[name][1]))
        return rows


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

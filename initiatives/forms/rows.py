"""Rows of a form: several inputs side by side, as often as needed.

Every row repeats the same input names, and the rows are put together by position: the second `locations` and the
second `places` are one row. So a page without JavaScript, a page that adds rows, and a script that posts
`locations=KE` alone all send the same thing.
"""

from itertools import zip_longest

from django import forms
from django.core.exceptions import ValidationError

from initiatives.dates import day_words, today
from mtd_tracker.forms import control_class

MAX_ROWS = 60
BLANK_ROWS = 3  # offered below those that are filled in


class Row(tuple):
    """The texts of one row, as typed; reads as one line."""

    def __str__(self):
        return ", ".join(text for text in self if text)


class RowsWidget(forms.Widget):
    """Draws rows of controls, and reads them back as a list of `Row`, wholly blank ones left out.

    columns: {input name: form field}. presets: columns that are never blank, and so say nothing of a row's being so.
    """

    template_name = "initiatives/_form_rows.html"
    use_fieldset = True

    def __init__(self, columns, *, presets=(), add_label="Add another"):
        super().__init__()
        self.columns, self.presets, self.add_label = columns, presets, add_label

    def value_from_datadict(self, data, files, name):
        if self.value_omitted_from_data(data, files, name):
            return None
        columns = [data.getlist(column) for column in self.columns]
        rows = (Row(text.strip() for text in texts) for texts in zip_longest(*columns, fillvalue=""))
        return [row for row in rows if not self._is_blank(row)]

    def value_omitted_from_data(self, data, files, name):
        return not any(column in data for column in self.columns)

    def _is_blank(self, row):
        return not any(text for column, text in zip(self.columns, row, strict=True) if column not in self.presets)

    def get_context(self, name, value, attrs):
        blank = Row("" for _ in self.columns)
        rows = [*(value or []), *[blank] * BLANK_ROWS]
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"rows": [self._controls(row) for row in rows], "add_label": self.add_label}
        return context

    def _controls(self, row):
        """Shape: [(label, control as HTML, name of the input)]."""
        return [
            (field.label, field.widget.render(column, text, {"class": control_class(field.widget)}), column)
            for (column, field), text in zip(self.columns.items(), row, strict=True)
        ]


class RowsField(forms.Field):
    """Cleans each row by its columns' fields, to a tuple a row. Errors name the row.

    check: called with a row's cleaned values; returns what the row becomes, or raises ValidationError.
    """

    def __init__(self, columns, *, check=None, presets=(), add_label="Add another", **options):
        widget = RowsWidget(columns, presets=presets, add_label=add_label)
        super().__init__(**{"required": False, "widget": widget, "initial": list} | options)
        self.columns, self.check = columns, check or (lambda row: row)

    def prepare_value(self, rows):
        return [Row("" if value is None else str(value) for value in row) for row in rows or []]

    def clean(self, rows):
        rows = rows or []
        if len(rows) > MAX_ROWS:
            raise ValidationError(f"At most {MAX_ROWS} rows can be saved; there are {len(rows)}.")
        return check_rows(rows, lambda row: self.check(self._clean_row(row)))

    def _clean_row(self, row):
        values, faults = [], []
        for field, text in zip(self.columns.values(), row, strict=True):
            try:
                values.append(field.clean(text))
            except ValidationError as error:
                faults.extend(error.messages)
        if faults:
            raise ValidationError(faults)
        return tuple(values)


def check_rows(rows, check):
    """What `check` makes of each row.

    Raises: ValidationError with every fault, each naming its row as the page counts them.
    """
    checked, faults = [], []
    for number, row in enumerate(rows, start=1):
        try:
            checked.append(check(row))
        except ValidationError as error:
            faults.extend(f"Row {number}: {message}" for message in error.messages)
    if faults:
        raise ValidationError(faults)
    return checked


def refuse_over(until, *, kept):
    """For the `check` of a row with a last day: one that is over opens nothing. kept: whether it is stored."""
    if until and until < today() and not kept:
        remedy = "Give a last day from today on, leave it empty, or take the row out."
        raise ValidationError(f"{day_words(until)} is over. {remedy}")


def refuse_repeats(rows, *, said_of):
    """Add to `check_rows`: a row whose key stands in an earlier one is a fault. said_of: row -> what repeats."""
    seen = set()

    def check(row):
        if said_of(row) in seen:
            raise ValidationError(f"{said_of(row)} is in an earlier row already.")
        seen.add(said_of(row))
        return row

    return check_rows(rows, check)

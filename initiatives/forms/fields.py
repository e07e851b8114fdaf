"""Single fields that the form of an initiative is made of."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from initiatives.dates import PartialDate

SELECTED = SafeString(" selected")


class PartialDateField(forms.CharField):
    """A year, a month or a day. Cleans to a PartialDate or None."""

    def __init__(self, **options):
        super().__init__(**{"required": False} | options)
        self.widget.attrs.update(placeholder="1993-07-15", size=12, spellcheck="false")

    def prepare_value(self, value):
        return value.iso if isinstance(value, PartialDate) else value

    def clean(self, value):
        text = super().clean(value)
        return PartialDate.parse(text) if text else None


class DayField(forms.DateField):
    """A calendar day, picked or typed."""

    def __init__(self, **options):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(
            **{
                "required": False,
                "widget": widget,
                "input_formats": ["%Y-%m-%d"],
                "error_messages": {"invalid": "Write the day as year, month and day: 2024-07-15."},
            }
            | options
        )


class LongText(forms.CharField):
    """Text of several lines. Browsers send line ends of their own, which would look like changes."""

    def __init__(self, *, rows=3, **options):
        super().__init__(
            **{"required": False, "widget": forms.Textarea(attrs={"rows": rows, "dir": "auto"})} | options
        )

    def prepare_value(self, value):
        return _plain_line_ends(value)

    def to_python(self, value):
        return _plain_line_ends(super().to_python(value))


def _plain_line_ends(value):
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


class Radios(forms.RadioSelect):
    template_name = "initiatives/_form_choices.html"


class Checkboxes(forms.CheckboxSelectMultiple):
    template_name = "initiatives/_form_choices.html"


class LongSelect(forms.Select):
    """A select drawn in one go. Django draws each option by templates, too slow for rows of all countries."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = self.format_value(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, SELECTED if str(code) in chosen else "", label) for code, label in self.choices),
        )
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, (attrs or {}) | {"name": name})), options
        )


class OneOf(forms.TypedChoiceField):
    """One of these records, by its code. They are at hand already, so no query follows."""

    def __init__(self, records, *, none="", **options):
        super().__init__(
            **{
                "required": False,
                "choices": [("", none), *_choices(records)],
                "coerce": {record.code: record for record in records}.get,
                "empty_value": None,
            }
            | options
        )


class SeveralOf(forms.TypedMultipleChoiceField):
    """Several of these records, by their codes."""

    def __init__(self, records, **options):
        super().__init__(
            **{
                "required": False,
                "choices": _choices(records),
                "coerce": {record.code: record for record in records}.get,
                "empty_value": [],
                "widget": Checkboxes,
            }
            | options
        )


def _choices(records):
    return [(record.code, f"{record}{getattr(record, 'retired_note', '')}") for record in records]


class FormToken(forms.UUIDField):
    """Made when a form is shown, so that sending it twice is noticed. An unreadable one is replaced."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean(self, value):
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()

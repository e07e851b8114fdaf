"""What every form of the site shares: its look, lists typed one a line, and the version that it began with."""

from django import forms
from django.core.validators import ProhibitNullCharactersValidator, RegexValidator
from django.utils.html import format_html
from django.utils.text import slugify


class SiteForm:
    """Mixin: Bootstrap's classes on every control, and no colon after labels."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        dress(self)


TYPED = forms.TextInput | forms.EmailInput | forms.PasswordInput | forms.NumberInput | forms.DateInput | forms.Textarea


def dress(form):
    """Put Bootstrap's class on each control that has none yet."""
    for field in form.fields.values():
        css = control_class(field.widget)
        if css:
            field.widget.attrs.setdefault("class", css)


def control_class(widget):
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    if isinstance(widget, TYPED):
        return "form-control"
    return ""


UNKNOWN_START = (
    "This form doesn't say which version of the record it began with, so it can't be told whether somebody else was "
    "quicker. Copy what you typed, open the form afresh, and save it there."
)


class VersionedForm(SiteForm):
    """Mixin: carries the version that the person started from; name it to the action as `version=`.

    ASIDE: names of fields that say nothing of the record itself. NEEDS_START: whether a form of a record that is there
    is refused without its version; what sets a single mark, and replaces no text, may do without.
    """

    ASIDE = ("version",)
    NEEDS_START = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        instance = getattr(self, "instance", None)
        stored = instance is not None and instance.pk
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput,
            required=bool(stored) and self.NEEDS_START,
            error_messages=dict.fromkeys(("required", "invalid"), UNKNOWN_START),
        )
        if stored:
            self.initial["version"] = instance.version


CODE_FORM = RegexValidator(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters a-z, digits and single hyphens.")


class NewlyCodedForm(forms.Form):
    """Mixin for a model with a name and a code: a new record's code is typed or made from its name, later it stays.

    The model's RESERVED_CODES are addresses of their own, that no record can have.
    """

    code = forms.CharField(
        label="Code",
        help_text="Stands in addresses and files, and never changes. Left empty, it is made from the name.",
        required=False,
        max_length=60,
        validators=[CODE_FORM],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]

    def clean_code(self):
        name = self.cleaned_data.get("name", "")
        code = self.cleaned_data["code"] or slugify(name.replace("_", " "))[:60].strip("-")
        other = self._meta.model.objects.filter(code=code).first()
        if name and not code:
            raise forms.ValidationError("No code can be made from this name: type one.")
        if code in self._meta.model.RESERVED_CODES:
            raise forms.ValidationError(f"“{code}” is kept for an address of the site: type another code.")
        if other:
            raise forms.ValidationError(with_link("The code “{}” belongs to {}: type another one.", code, other))
        return code


def with_link(message, word, record):
    """A message about a word and the record that has it, which is one click away."""
    return format_html(message, word, format_html('<a href="{}">{}</a>', record.get_absolute_url(), record))


class LinesField(forms.CharField):
    """A list of short texts, typed one a line. Cleans to a list, blank lines dropped."""

    widget = forms.Textarea

    def __init__(self, *, max_items=50, max_length=500, **options):
        super().__init__(**{"required": False, "widget": forms.Textarea(attrs={"rows": 3})} | options)
        self.max_items, self.line_length = max_items, max_length

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), (data or "").replace("\r\n", "\n"))

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > self.max_items:
            raise forms.ValidationError(f"At most {self.max_items} lines; there are {len(lines)}.")
        for line in lines:
            if len(line) > self.line_length:
                raise forms.ValidationError(f"A line has at most {self.line_length} characters: “{line[:40]}…”")
        return lines


YES, NO = ("on", "true", "1", "yes"), ("", "off", "false", "0", "no")


class FlagInput(forms.CheckboxInput):
    """A tick box that hands on what an address really says."""

    def __init__(self, attrs=None):
        super().__init__(attrs, check_test=lambda value: str(value).lower() in YES)

    def value_from_datadict(self, data, files, name):
        return data.get(name, "")


class FlagField(forms.BooleanField):
    """A yes or no in an address. What is neither is an error, not a yes."""

    widget = FlagInput

    def __init__(self, **options):
        super().__init__(**{"required": False} | options)

    def to_python(self, value):
        text = str(value or "").strip().lower()
        if text not in YES + NO:
            raise forms.ValidationError("Write “on” or leave it out.", code="invalid")
        return text in YES


class CodesField(forms.ModelMultipleChoiceField):
    """Several records chosen by their codes."""

    def __init__(self, queryset, **options):
        super().__init__(queryset, **{"to_field_name": "code", "required": False} | options)

    def _check_values(self, value):
        refuse_null = ProhibitNullCharactersValidator()  # PostgreSQL would raise on one
        for code in value:
            refuse_null(code)
        return super()._check_values(value)


class CodeField(forms.ModelChoiceField):
    """One record chosen by its code."""

    def __init__(self, queryset, **options):
        super().__init__(queryset, **{"to_field_name": "code", "required": False} | options)

    def to_python(self, value):
        ProhibitNullCharactersValidator()(value or "")
        return super().to_python(value)

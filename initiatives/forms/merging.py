"""Which organisation another one is merged into."""

from django import forms
from django.core.exceptions import ValidationError

from mtd_tracker.forms import SiteForm, VersionedForm, dress


class IntoField(forms.CharField):
    """An organisation by name, acronym or code. directory: of those to choose from."""

    def __init__(self, directory, **options):
        super().__init__(max_length=300, **options)
        self.directory = directory

    def clean(self, value):
        text = super().clean(value)
        found = self.directory.find(text)
        if found is None:
            raise ValidationError(
                "No other confirmed organisation is found by this. Type a shorter part of its name.",
                code="part",
            )
        return found


class TargetForm(SiteForm, forms.Form):
    """Looked for in an address, so that it can be looked at before anything is decided."""

    def __init__(self, *args, directory, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"] = IntoField(
            directory,
            label="Which organisation is it?",
            help_text="The entry that stays. Type a part of its name, its acronym or its code.",
            error_messages={"required": "Name the organisation that stays."},
        )
        self.fields["into"].widget.attrs.update(dir="auto", autocomplete="off")
        dress(self)


class MergeForm(VersionedForm, forms.Form):
    """The answer. Carries what was asked about: both organisations, as they were then."""

    def __init__(self, *args, directory, organisation, **kwargs):
        self.instance = organisation
        super().__init__(*args, **kwargs)
        self.fields["into"] = IntoField(directory, widget=forms.HiddenInput)

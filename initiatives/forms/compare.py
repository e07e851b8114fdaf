from django import forms

from initiatives.models import ConflictSystem
from initiatives.period import PeriodForm
from mtd_tracker.forms import CodesField

FEWEST, MOST = 2, 6


class CompareForm(PeriodForm):
    """Conflict systems to set side by side, over one window."""

    system = CodesField(
        ConflictSystem.objects.all(),
        label="Conflict systems",
        help_text=f"Choose {FEWEST} to {MOST}.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "“%(value)s” is no conflict system of this site. Choose from those below.",
            "invalid_pk_value": "“%(pk)s” is no conflict system of this site. Choose from those below.",
        },
    )

    def clean_system(self):
        chosen = self.cleaned_data["system"]
        if len(chosen) < FEWEST:
            raise forms.ValidationError(f"Choose at least {FEWEST} conflict systems to compare.")
        if len(chosen) > MOST:
            raise forms.ValidationError(f"{len(chosen)} are chosen; choose {MOST} at most, so that they can be read.")
        return chosen

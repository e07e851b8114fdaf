from django import forms

from initiatives.forms.fields import LongText
from mtd_tracker.forms import VersionedForm


class ReviewForm(VersionedForm, forms.Form):
    """What a reviewer decides on the text that they saw. `initiative`: as it stands now."""

    APPROVE, RETURN = "approve", "return"

    decision = forms.ChoiceField(
        choices=[(APPROVE, "Approve and publish"), (RETURN, "Return to the author")],
        error_messages={"required": "Choose one of the two buttons."},
        widget=forms.HiddenInput,
    )
    comment = LongText(
        label="Comment to the author",
        rows=4,
        max_length=2000,
        help_text="Needed when you return it: what is to be changed. Only those who may edit or review it read this.",
    )

    def __init__(self, *args, initiative, **kwargs):
        self.instance = initiative
        super().__init__(*args, **kwargs)
        self.fields["version"].required = True
        self.fields["version"].error_messages["required"] = "Open this page again: it has to say which text you saw."

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == self.RETURN and "comment" not in self.errors and not cleaned["comment"]:
            self.add_error("comment", "Say what is to be changed, so that the author can go on.")
        return cleaned

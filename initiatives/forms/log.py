from django import forms

from initiatives.actions.log import sharing_choices, sharing_choices_of
from initiatives.dates import today
from initiatives.forms.fields import DayField, LongText
from initiatives.models import LogEntry, Sharing
from mtd_tracker.forms import VersionedForm

MAX_TEXT = 10_000  # characters


class LogEntryForm(VersionedForm, forms.ModelForm):
    """One entry of the diary; never shared more widely than its initiative. user: who edits one that is there."""

    happened_on = DayField(label="When", required=True)
    text = LongText(label="What happened", required=True, max_length=MAX_TEXT, rows=4)

    class Meta:
        model = LogEntry
        fields = ("happened_on", "kind", "text", "sharing")
        labels = {"kind": "Kind", "sharing": "Who may read it"}

    def __init__(self, *args, initiative, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        choices = sharing_choices_of(self.instance, user) if user and self.instance.pk else sharing_choices(initiative)
        self.fields["sharing"].choices = choices
        self.fields["sharing"].help_text = (
            "Its author and the people named on the initiative read it in any case. “Organisation” is the owning one "
            "alone, also where the initiative is open to another."
        )
        self.fields["kind"].choices = LogEntry.Kind.choices
        self.fields["text"].widget.attrs["dir"] = "auto"
        self.fields["happened_on"].widget.attrs["max"] = today().isoformat()
        if not self.instance.pk:
            self.initial["happened_on"] = today()
            self.initial["kind"] = LogEntry.Kind.MEETING
            self.initial["sharing"] = Sharing.ORGANISATION
        if self.initial["sharing"] not in dict(choices):
            self.initial["sharing"] = Sharing.RESTRICTED

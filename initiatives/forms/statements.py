"""What a manager states of a track in a system."""

from django import forms

from initiatives.dates import today
from initiatives.forms.fields import DayField, LongText, OneOf, Radios
from initiatives.models import CoverageStatement
from mtd_tracker.forms import FlagField, SiteForm, VersionedForm, dress

MAX_REASON = 2000  # characters
MEANINGS = {
    CoverageStatement.Kind.NONE_FOUND: "we looked for work on this track, and found none",
    CoverageStatement.Kind.NOT_INVITED: "we would take part, and were not invited or admitted",
    CoverageStatement.Kind.NOT_ENGAGED: "we chose not to work on this track",
}


def kind_field():
    return forms.ChoiceField(
        label="What you state",
        choices=[(kind.value, f"{kind.label}: {meaning}.") for kind, meaning in MEANINGS.items()],
        widget=Radios,
        error_messages={"required": "Choose what you state."},
    )


def reason_field():
    return LongText(
        label="Reason",
        required=True,
        max_length=MAX_REASON,
        rows=4,
        help_text="Where and how you looked, or why not. Every member of the network reads it, with your name.",
        error_messages={"required": "Say why: a statement without a reason can’t be relied on."},
    )


class AsksWhatIsRecorded:
    """Mixin: that nothing was found, where something is recorded, is stated only with the word that one knows of it.

    recorded_on: (track, day) -> how many initiatives this person may open there, begun or planned.
    """

    def __init__(self, *args, recorded_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.recorded_on = recorded_on
        self.recorded = 0
        self.fields["knowing"] = FlagField(label="I know of what is recorded, and state it all the same")
        dress(self)

    def says_of(self):
        """Of what it is stated, once the form is valid but for the word. Shape: (track, day)."""
        return self.cleaned_data["track"], self.cleaned_data["day"]

    def clean(self):
        cleaned = super().clean()
        knowing = cleaned.pop("knowing", False)
        if not self.errors and cleaned["kind"] == CoverageStatement.Kind.NONE_FOUND:
            self.recorded = self.recorded_on(*self.says_of())
            if self.recorded and not knowing:
                self.add_error(
                    "knowing", "Look at what is recorded. If it stands all the same, tick this and sign again."
                )
        return cleaned


class StatementForm(AsksWhatIsRecorded, SiteForm, forms.Form):
    """A new one. organisations: those in whose name this person may sign."""

    kind = kind_field()
    day = DayField(
        label="As of", required=True, help_text="The day on which it was so. It lapses twelve months later."
    )
    reason = reason_field()

    def __init__(self, *args, tracks, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["track"] = OneOf(
            tracks,
            label="Track",
            required=True,
            none="Choose a track…",
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"required": "Choose the track that you speak of."},
        )
        self.fields["organisation"] = OneOf(
            organisations,
            label="Signed for",
            required=True,
            none="Choose an organisation…",
            widget=forms.Select(attrs={"class": "form-select"}),
            help_text="The statement is your organisation’s, and names you.",
            error_messages={"required": "Choose the organisation for which you sign."},
        )
        self.order_fields(["track", "kind", "day", "reason", "organisation", "knowing"])
        self.fields["day"].widget.attrs["max"] = today().isoformat()
        self.initial.setdefault("day", today())


class StatementChangeForm(AsksWhatIsRecorded, VersionedForm, forms.Form):
    """Other words for one that stands; its track, day and organisation stay."""

    kind = kind_field()
    reason = reason_field()

    def __init__(self, *args, statement, **kwargs):
        self.instance = statement
        super().__init__(*args, **{"initial": {"kind": statement.kind, "reason": statement.reason}} | kwargs)

    def says_of(self):
        return self.instance.track, self.instance.stated_on

"""Pointing out that a record of much the same name is there already."""

from django import forms

from initiatives.similarity import Likeness

SHOWN = 5


def alike(names, records, *, names_of):
    """Those of the records with a name like one of these, at most five. names_of: record -> its names."""
    likenesses = [Likeness(name) for name in names if name]
    found = (
        record
        for record in records
        if any(likeness.to(other) for likeness in likenesses for other in names_of(record) if other)
    )
    return [record for record, _ in zip(found, range(SHOWN), strict=False)]


class PointsOutLookalikes:
    """Mixin: a name much like another record's is saved only with the word that it is a different one.

    The form gives `others()`, the records that this person may see, and `names_of(record)`.
    """

    NAMING = ("name", "aliases")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lookalikes = []
        self.fields["different"] = forms.BooleanField(
            required=False, initial=False, label="It is a different one", widget=forms.CheckboxInput
        )
        self.fields["different"].widget.attrs["class"] = "form-check-input"

    def clean(self):
        cleaned = super().clean()
        if not self.errors and set(self.NAMING) & set(self.changed_data):
            names = [cleaned["name"], *cleaned["aliases"]]
            self.lookalikes = alike(names, self.others(), names_of=self.names_of)
        if self.lookalikes and not cleaned.get("different"):
            self.add_error("different", "Look at those listed. If it is none of them, tick this and save again.")
        return cleaned

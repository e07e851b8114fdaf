"""Narrows a list of readings to one record or one person, by their refs."""

from django import forms
from django.contrib.auth import get_user_model

from initiatives.pages.readings import records_read
from mtd_tracker.forms import SiteForm


class ReadingsFilter(SiteForm, forms.Form):
    """readings: those that the person may know of; only what is among them is offered."""

    record = forms.ModelChoiceField(None, to_field_name="ref", required=False, empty_label="All records")
    person = forms.ModelChoiceField(None, to_field_name="ref", required=False, empty_label="Everybody")

    def __init__(self, data, *, readings, user):
        super().__init__(data)
        self.readings = readings
        people = get_user_model().objects.filter(pk__in=readings.order_by().values("reader")).order_by("name", "pk")
        self.fields["record"].queryset = records_read(readings, user)
        self.fields["person"].queryset = people

    def found(self):
        """Latest first; none where what was asked can't be read."""
        if not self.is_valid():
            return self.readings.none()
        chosen = {"initiative": self.cleaned_data["record"], "reader": self.cleaned_data["person"]}
        asked = {name: value for name, value in chosen.items() if value}
        return self.readings.filter(**asked).select_related("initiative", "reader")

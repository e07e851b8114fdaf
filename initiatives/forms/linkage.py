from django import forms

from mtd_tracker.forms import dress
from taxonomy.models import Track
from taxonomy.order import in_order


class TrackField(forms.ChoiceField):
    """A track by its code; a retired one that was replaced stands for its replacement. Cleans to a Track."""

    default_error_messages = {
        "required": "Choose a track.",
        "invalid_choice": "That is no track of this site. Choose from the list.",
    }

    def offer(self, counted, label):
        """counted: {code: the Track that it counts as}. Offered are those that something can count as."""
        self.counted = counted
        own = {track.code: track for track in counted.values()}.values()
        offered = [(track.code, f"{label(track)}{track.retired_note}") for track in in_order(own)]
        self.choices = [("", "Choose a track"), *offered]

    def clean(self, value):
        code = super().clean(self.counted[value].code if value in self.counted else value)
        return self.counted[code]


class TrackPairForm(forms.Form):
    """Two different tracks, from one to the other."""

    source = TrackField(label="One track")
    target = TrackField(label="And another")

    def __init__(self, *args, label=str, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        under = Track.objects.counted_under()
        counted = {track.code: under[track.pk] for track in Track.objects.all()}
        for name in ("source", "target"):
            self.fields[name].offer(counted, label)
        dress(self)

    def clean(self):
        said = self.cleaned_data
        if "source" in said and said["source"] == said.get("target"):
            self.add_error("target", "Choose another track than the first one.")
        return said

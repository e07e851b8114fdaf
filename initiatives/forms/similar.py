from django import forms

from initiatives.models import ConflictSystem
from mtd_tracker.forms import CodesField


class SimilarForm(forms.Form):
    """What is known of an initiative while it is being typed. ref: the record itself, where there is one."""

    title = forms.CharField(max_length=200)
    conflicts = CodesField(ConflictSystem.objects.all(), required=True)
    ref = forms.UUIDField(required=False)

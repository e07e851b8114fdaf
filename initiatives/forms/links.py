from django import forms

from initiatives.forms.fields import LongText
from initiatives.models import Initiative, InitiativeLink
from mtd_tracker.forms import SiteForm

MOST_RESULTS = 20
OWN_EVIDENCE = [choice for choice in InitiativeLink.Evidence.choices if choice[0] != InitiativeLink.Evidence.CONFIRMED]
NOT_FOUND = "There is no such initiative, or none that you may open."


class LinkSearchForm(SiteForm, forms.Form):
    """Find the other end of a link by words of its title."""

    link_q = forms.CharField(
        label="Words of its title",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def results(self, user, source):
        """Initiatives that this person may open and whose titles hold every word, the first of them; and whether
        there are more. Shape: ([Initiative], bool)."""
        if not self.is_valid() or not self.cleaned_data["link_q"]:
            return [], False
        found = Initiative.objects.visible_to(user).exclude(pk=source.pk)
        for word in self.cleaned_data["link_q"].split():
            found = found.filter(title__icontains=word)
        found = list(found.select_related("owner").order_by("title", "pk")[: MOST_RESULTS + 1])
        return found[:MOST_RESULTS], len(found) > MOST_RESULTS


class LinkForm(SiteForm, forms.Form):
    """target: named by its ref, which a search offers; one that this person can't open does not exist."""

    target = forms.UUIDField(
        label="Which initiative",
        error_messages={"required": "Choose one that the search found.", "invalid": NOT_FOUND},
    )
    kind = forms.ChoiceField(label="What this one does for it", choices=InitiativeLink.Kind.choices)
    evidence = forms.ChoiceField(
        label="How it is known",
        choices=OWN_EVIDENCE,
        initial=InitiativeLink.Evidence.CLAIMED,
        required=False,
        help_text="Once it is recorded, you can ask those who keep the other record to confirm it.",
        error_messages={
            "invalid_choice": "Select a valid choice. Only the other side confirms a link: record it, then ask them."
        },
    )
    note = LongText(label="Note", max_length=2000)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_target(self):
        target = Initiative.objects.visible_to(self.user).filter(ref=self.cleaned_data["target"]).first()
        if target is None:
            raise forms.ValidationError(NOT_FOUND)
        return target

    def clean_evidence(self):
        return self.cleaned_data["evidence"] or InitiativeLink.Evidence.CLAIMED


class AnswerForm(forms.Form):
    """The other side's word on a proposed link. wording: of the link as they read it."""

    CONFIRM, DECLINE = "confirm", "decline"

    wording = forms.CharField(widget=forms.HiddenInput, max_length=16)
    answer = forms.ChoiceField(
        choices=[(CONFIRM, "Confirm"), (DECLINE, "Decline")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose whether you confirm or decline it."),
    )

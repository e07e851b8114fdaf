from django import forms

from initiatives.models import Organisation, SavedQuestion
from initiatives.workspace import workspaces_of
from mtd_tracker.forms import CodeField, SiteForm


class QuestionForm(SiteForm, forms.Form):
    """The name of a question, who finds it, and where. user: whose organisations it can be shared in."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))
    sharing = forms.ChoiceField(
        label="Who can open it",
        choices=SavedQuestion.Sharing.choices,
        help_text="It holds the question alone: whoever opens it gets the answer from what they may see themselves.",
    )
    organisation = CodeField(Organisation.objects.none(), label="Which organisation", empty_label=None)
    on_home = forms.BooleanField(required=False, label="Put it on my start page")
    monthly = forms.BooleanField(
        required=False,
        label="Mail it to me every month",
        help_text="A link and the number of initiatives, from next month on; neither its name nor any record.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = workspaces_of(user)
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in own])
        if len(own) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
        if not own:
            del self.fields["organisation"]
            choices = self.fields["sharing"].choices
            self.fields["sharing"].choices = [one for one in choices if one[0] != SavedQuestion.Sharing.ORGANISATION]

    def offer_in_place_of(self, questions):
        """Let this one take the place of one of these: for a question that is to ask something else."""
        self.fields["in_place_of"] = forms.ModelChoiceField(
            questions,
            to_field_name="ref",
            required=False,
            blank=True,
            label="In place of",
            empty_label="None: it is a new one",
            help_text="The one that you choose then asks this instead. Its link, who can open it and where you find "
            "it stay as they are: what is said below is for a new one.",
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.order_fields(["name", "in_place_of"])

    @classmethod
    def of(cls, question, *args, user):
        said = {name: getattr(question, name) for name in ("name", "sharing", "on_home", "monthly")}
        code = question.organisation and question.organisation.code
        return cls(*args, user=user, initial={**said, "organisation": code})

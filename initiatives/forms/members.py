"""Who belongs to an organisation, and how it works here; which one a person works for."""

from django import forms

from initiatives.forms.fields import OneOf, Radios
from initiatives.models import Membership
from mtd_tracker.forms import SiteForm, VersionedForm, dress

ROLE_HELP = (
    "A practitioner logs initiatives and edits their own. A manager also edits what colleagues logged, except "
    "restricted records and drafts, and keeps the members."
)


class InviteForm(SiteForm, forms.Form):
    email = forms.EmailField(label="E-mail address", help_text="The invitation holds for this address alone.")
    role = forms.ChoiceField(
        label="Role", choices=Membership.Role, initial=Membership.Role.PRACTITIONER, widget=Radios, help_text=ROLE_HELP
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class MemberForm(VersionedForm, forms.Form):
    """One step for one member. act: which; role: what it changes to, where it is that step."""

    ROLE, DEACTIVATE, REACTIVATE = "role", "deactivate", "reactivate"

    act = forms.ChoiceField(choices=[(ROLE, ROLE), (DEACTIVATE, DEACTIVATE), (REACTIVATE, REACTIVATE)])
    role = forms.ChoiceField(label="Role", choices=Membership.Role, required=False, widget=Radios, help_text=ROLE_HELP)

    def __init__(self, *args, membership, **kwargs):
        self.instance = membership
        super().__init__(*args, **{"initial": {"role": membership.role}} | kwargs)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") == self.ROLE and not cleaned.get("role") and not self.errors:
            self.add_error("role", "Choose a role.")
        return cleaned


class InvitationForm(forms.Form):
    """One step for one open invitation."""

    SEND, TAKE_BACK = "send", "take-back"

    act = forms.ChoiceField(choices=[(SEND, SEND), (TAKE_BACK, TAKE_BACK)])


class SettingsForm(VersionedForm, forms.Form):
    reviews = forms.BooleanField(
        required=False,
        label="Review before publishing",
        help_text="A record is published once a manager has looked at it and agreed. Whoever logs one sends it for "
        "review; a manager publishes it, or returns it with a comment. What is published already stays so.",
    )

    def __init__(self, *args, organisation, **kwargs):
        self.instance = organisation
        super().__init__(*args, **{"initial": {"reviews": organisation.reviews}} | kwargs)


class WorkspaceForm(SiteForm, forms.Form):
    """organisations: those that the person belongs to; another one is as unknown as none."""

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OneOf(
            organisations,
            label="Organisation",
            required=True,
            error_messages={"invalid_choice": "Choose one of your organisations."},
            widget=Radios,
        )
        self.fields["organisation"].choices = self.fields["organisation"].choices[1:]  # there is no "none"
        dress(self)

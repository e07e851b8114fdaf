from django import forms

from initiatives.forms.fields import LongText
from initiatives.models import Membership
from mtd_tracker.forms import SiteForm


class MemberField(forms.ModelChoiceField):
    """An active member of one organisation, by the membership's ref. Cleans to the User."""

    def __init__(self, organisation, **options):
        members = Membership.objects.active().filter(organisation=organisation).select_related("user")
        super().__init__(members.order_by("user__name", "pk"), to_field_name="ref", **options)

    def label_from_instance(self, membership):
        return str(membership.user)

    def clean(self, value):
        return super().clean(value).user


class KeeperForm(SiteForm, forms.Form):
    """Who is to keep a record, and why this person."""

    reason = LongText(
        label="Why this person",
        required=True,
        max_length=2000,
        help_text="It stands in the record’s history, with the names of both managers.",
        error_messages={"required": "Say why: it stands in the record’s history."},
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keeper"] = MemberField(
            organisation,
            label="Keeper",
            empty_label="Choose a member…",
            help_text="May read and change the record, and name others on it.",
            error_messages={"required": "Choose who is to keep it."},
        )
        self.order_fields(["keeper", "reason"])
        self.fields["keeper"].widget.attrs["class"] = "form-select"

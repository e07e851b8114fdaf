"""The form on who reads a record that is there already."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from initiatives.actions.sharing import NO_PARTNERS, missing_agreement
from initiatives.forms.directory import Directory, listed
from initiatives.forms.fields import DayField, LongText, Radios
from initiatives.forms.initial import initial_of_sharing
from initiatives.forms.rows import RowsField, check_rows, refuse_over, refuse_repeats
from initiatives.forms.sections import SUGGESTED_AT_FIRST
from initiatives.forms.who_reads import (
    WhoReads,
    grants_field,
    organisations_of,
    owner_field,
    shown_dates_field,
    shown_places_field,
)
from initiatives.history import was_published
from initiatives.models import Organisation, Sharing
from initiatives.widening import gains, reach_of
from mtd_tracker.forms import VersionedForm, dress


class SharingForm(WhoReads, VersionedForm, forms.Form):
    """`values()` hands what was said to `change_sharing`; a field that was not sent at all leaves what is stored.

    What opens the record to more, once it was published, is asked for in a second step: see `asks_why`.
    """

    sharing = forms.ChoiceField(label="Who may read it", required=False, choices=Sharing.choices, widget=Radios)
    grants = grants_field()
    partners = RowsField(
        {
            "partners": forms.CharField(
                label="Organisation",
                max_length=300,
                error_messages={"required": "Name the organisation."},
                widget=forms.TextInput(attrs={"dir": "auto", "list": "organisation-options", "autocomplete": "off"}),
            ),
            "partner_until": DayField(label="Until"),
        },
        label="Organisations it is opened to",
        help_text="All their members may read it, as a whole; they can't edit it. Diary entries for the organisation "
        "stay with the owning one. Not for a restricted record.",
        add_label="Add an organisation",
    )
    shown_dates = shown_dates_field()
    shown_places = shown_places_field()
    reason = LongText(label="Why should more people read it?", max_length=2000)
    agreed = forms.BooleanField(required=False, label="Those concerned have agreed")

    SAID = ("sharing", "owner", "grants", "partners", "shown_dates", "shown_places")
    ASIDE = (*VersionedForm.ASIDE, "reason", "agreed")

    def __init__(self, data=None, *, user, initiative):
        self.user, self.instance = user, initiative
        self.own_organisations = organisations_of(user)
        self.reach, self.guarded = reach_of(initiative), was_published(initiative)
        super().__init__(data, initial=initial_of_sharing(initiative))
        if len(self.own_organisations) > 1:
            self.fields["owner"] = owner_field(self.own_organisations)
        dress(self)

    def clean_sharing(self):
        return self.cleaned_data["sharing"] or self.reach.sharing

    def clean_partners(self):
        stored = {tuple(row) for row in self.initial["partners"]}
        directory, present = Directory(self.user), {listed(one): one for one in self.reach.partners}

        def found(row):
            name, until = row
            organisation = present.get(name) or directory.find(name)
            if organisation is None:
                raise ValidationError(f"No organisation here is called “{name}”. Write its name as the list has it.")
            refuse_over(until, kept=(name, until) in stored)
            return organisation, until

        rows = check_rows(self.cleaned_data["partners"], found)
        keys = [organisation.pk for organisation, _ in rows if organisation not in self.reach.partners]
        unconfirmed = Organisation.objects.filter(pk__in=keys, confirmed=False).first()
        if unconfirmed:
            raise ValidationError(f"{unconfirmed} is not confirmed yet: a curator does that.")
        return refuse_repeats(rows, said_of=lambda row: row[0])

    def clean(self):
        cleaned = super().clean()
        wanted = self.reach.changed(self.values())
        if wanted.sharing == Sharing.RESTRICTED and wanted.partners:
            self.add_error("partners", NO_PARTNERS)
        elif wanted.owner in wanted.partners:
            self.add_error("partners", f"{wanted.owner} owns it: its members are chosen above, take it out here.")
        if self.gained and "reason" in self.data:
            for name, fault in missing_agreement(cleaned.get("reason", ""), agreed=cleaned.get("agreed")).items():
                self.add_error(name, fault)
        return cleaned

    def values(self):
        """Shape: {name: value}, as the action takes it; what is in error left out."""
        sent = [name for name in self.SAID if name in self.fields and name in self.cleaned_data]
        return {
            name: self.cleaned_data[name]
            for name in sent
            if not self.fields[name].widget.value_omitted_from_data(self.data, self.files, name)
        }

    @cached_property
    def gained(self):
        """What the record would be opened to, beyond what is stored. Shape: [Gain]; none while it is a first draft."""
        return gains(self.reach, self.reach.changed(self.values())) if self.guarded else []

    def asks_why(self):
        """Whether all is well, but more people could read it then, and nobody was asked why yet. Not of a form that
        somebody else overtook: what it would gain is asked once both are put together."""
        if not (self.is_bound and self.is_valid()) or self.cleaned_data["version"] != self.instance.version:
            return False
        return bool(self.gained) and "reason" not in self.data

    def organisation_options(self):
        confirmed = Organisation.objects.visible_to(self.user).filter(confirmed=True).only("code", "name")
        return [listed(organisation) for organisation in confirmed[:SUGGESTED_AT_FIRST]]

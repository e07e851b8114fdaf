"""Conflict systems: added and edited by managers and curators."""

from django import forms
from django_countries import countries

from initiatives.forms.fields import Checkboxes, LongText, PartialDateField
from initiatives.forms.lookalikes import PointsOutLookalikes
from initiatives.forms.rows import RowsField, refuse_repeats
from initiatives.models import ConflictSystem, Phase
from mtd_tracker.forms import CodeField, CodesField, LinesField, NewlyCodedForm, VersionedForm


class ConflictForm(PointsOutLookalikes, NewlyCodedForm, VersionedForm, forms.ModelForm):
    ASIDE = (*VersionedForm.ASIDE, "different")

    aliases = LinesField(
        label="Other names", help_text="What else it is called, contested names too; one a line.", max_length=160
    )
    boundary = LongText(
        label="Boundary",
        rows=5,
        max_length=4000,
        help_text="What belongs to it, and what does not. Signed with your name and today's date when you change it.",
    )
    parent = CodeField(ConflictSystem.objects.all(), label="Part of", empty_label="None: it stands by itself")
    related = CodesField(
        ConflictSystem.objects.all(),
        label="Related conflict systems",
        widget=Checkboxes,
        help_text="Each is shown beside the other; nothing is added up.",
    )

    class Meta:
        model = ConflictSystem
        fields = ["name", "aliases", "boundary", "parent", "related"]
        help_texts = {"name": "Neutral: one that the sides can live with, such as the place."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {"countries": countries_field(), "phases": phases_field(), "external_ids": external_ids_field()}
        if self.instance.pk:
            for name in ("parent", "related"):
                self.fields[name].queryset = self.others()
            self.initial |= _stored(self.instance)

    def others(self):
        """All of them are public knowledge."""
        return ConflictSystem.objects.exclude(pk=self.instance.pk)

    @staticmethod
    def names_of(system):
        return [system.name, *system.aliases]

    def clean_name(self):
        name = self.cleaned_data["name"]
        other = self.others().filter(name__iexact=name).first()
        if other:
            raise forms.ValidationError(f"{other.name} is there already (code {other.code}). Open that one instead.")
        return name

    def clean_countries(self):
        rows = refuse_repeats(self.cleaned_data["countries"], said_of=lambda row: dict(countries)[row[0]])
        return [code for (code,) in rows]

    def clean_phases(self):
        return refuse_repeats(self.cleaned_data["phases"], said_of=lambda row: f"A phase from {row[1].first}")

    def clean_external_ids(self):
        return refuse_repeats(self.cleaned_data["external_ids"], said_of=lambda row: " ".join(filter(None, row)))

    @property
    def words(self):
        """What the conflict system becomes. Shape: {field: value}, as the actions take it."""
        return {name: self.cleaned_data[name] for name in self.fields if name not in ("version", "different")}


def _stored(system):
    """The parts of a stored system, as its form shows them."""
    return {
        "parent": system.parent and system.parent.code,
        "related": [other.code for other in system.related.all()],
        "countries": [(country.code,) for country in system.countries],
        "phases": [(phase.kind, phase.start.iso) for phase in system.phases.all()],
        "external_ids": [(row.scheme, row.identifier, row.release) for row in system.external_ids.all()],
    }


def countries_field():
    country = forms.ChoiceField(
        label="Country",
        choices=[("", "Choose a country"), *countries],
        error_messages={"invalid_choice": "There is no such country. Choose one from the list."},
    )
    return RowsField({"countries": country}, label="Countries", add_label="Another country")


def phases_field():
    columns = {
        "phase_kind": forms.ChoiceField(
            label="Phase",
            choices=[("", "Choose a phase"), *Phase.Kind.choices],
            error_messages={"required": "Choose a phase.", "invalid_choice": "Choose a phase from the list."},
        ),
        "phase_start": PartialDateField(
            label="From", required=True, error_messages={"required": "Say from when: a year is enough."}
        ),
    }
    return RowsField(
        columns,
        label="Phases",
        help_text="Each lasts until the next begins. A year (1993), a month (1993-07) or a day (1993-07-15).",
        add_label="Another phase",
    )


def external_ids_field():
    columns = {
        "external_scheme": forms.CharField(
            label="List", max_length=60, error_messages={"required": "Name the list, for example ucdp-conflict."}
        ),
        "external_identifier": forms.CharField(
            label="Number there", max_length=120, error_messages={"required": "Give the number in that list."}
        ),
        "external_release": forms.CharField(label="Version of the list", max_length=30, required=False),
    }
    return RowsField(
        columns,
        label="In other lists",
        help_text="The numbers by which other lists know it. They draw other boundaries: several may fit.",
        add_label="Another number",
    )

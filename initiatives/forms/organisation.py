"""Organisations: looked for in the list, added and edited."""

from django import forms
from django.db.models import Prefetch, prefetch_related_objects
from django_countries import countries

from initiatives.forms.fields import OneOf
from initiatives.forms.lookalikes import PointsOutLookalikes
from initiatives.forms.rows import RowsField, refuse_repeats
from initiatives.models import ConflictSystem, Localness, Membership, Organisation
from initiatives.permissions import may_curate
from initiatives.similarity import folded
from mtd_tracker.forms import CodeField, LinesField, SiteForm, VersionedForm

LOCAL, NOT_LOCAL = "local", "not-local"


class OrganisationSearch(SiteForm, forms.Form):
    """Narrows the organisations that a reader may know of; offers only what stands on those."""

    q = forms.CharField(label="Name", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind", required=False)
    country = forms.ChoiceField(label="Country", required=False)

    def __init__(self, data, *, organisations):
        super().__init__(data)
        self.organisations = organisations
        kinds = set(organisations.exclude(kind="").order_by().values_list("kind", flat=True).distinct())
        codes = set(organisations.exclude(country="").order_by().values_list("country", flat=True).distinct())
        self.fields["kind"].choices = [("", "Any kind"), *((kind, kind) for kind in sorted(kinds, key=str.casefold))]
        self.fields["country"].choices = [("", "Any country"), *(pair for pair in countries if pair[0] in codes)]
        for name in ("kind", "country"):
            self.fields[name].error_messages["invalid_choice"] = "Not one of the choices. Choose from the list."

    def found(self):
        """Those that the reader asked for: none where the question can't be read."""
        if not self.is_valid():
            return self.organisations.none()
        asked = self.cleaned_data
        found = self.organisations
        for name in ("kind", "country"):
            if asked[name]:
                found = found.filter(**{name: asked[name]})
        return found.filter(pk__in=self._called(found, asked["q"])) if asked["q"] else found

    @staticmethod
    def _called(organisations, words):
        """Primary keys by name. Compared here: SQLite knows the case of ASCII alone, and keeps aliases escaped."""
        wanted = folded(words)
        rows = organisations.order_by().values_list("pk", "name", "acronym", "aliases")
        return [pk for pk, *names, aliases in rows if any(wanted in folded(name) for name in (*names, *aliases))]


class OrganisationForm(PointsOutLookalikes, VersionedForm, forms.ModelForm):
    NAMING = ("name", "acronym", "aliases")
    ASIDE = (*VersionedForm.ASIDE, "different")

    aliases = LinesField(label="Other names", help_text="In other languages, or from before; one a line.")

    class Meta:
        model = Organisation
        fields = ["name", "acronym", "aliases", "kind", "country"]
        labels = {"kind": "Kind"}
        help_texts = {"kind": "In a word or two: NGO, donor, government, faith community…"}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["country"].choices = [("", "Not recorded"), *countries]
        self.fields["localness"] = localness_field()
        if self.instance.pk:
            with_systems = Localness.objects.select_related("conflict_system")
            prefetch_related_objects([self.instance], Prefetch("localness", with_systems))
            self.initial["localness"] = [
                (row.conflict_system.code, LOCAL if row.is_local else NOT_LOCAL)
                for row in self.instance.localness.all()
            ]
        elif not may_curate(user) and Membership.objects.active_for(user).managing().count() > 1:
            self.fields["made_in"] = made_in_field(user)

    def others(self):
        return Organisation.objects.visible_to(self.user).exclude(pk=self.instance.pk)

    @staticmethod
    def names_of(organisation):
        return [organisation.name, organisation.acronym, *organisation.aliases]

    def clean_localness(self):
        rows = refuse_repeats(self.cleaned_data["localness"], said_of=lambda row: row[0].name)
        return dict(rows)

    @property
    def words(self):
        """What the organisation becomes. Shape: {field: value}, as the actions take it."""
        return {name: self.cleaned_data[name] for name in (*self._meta.fields, "localness")}


def localness_field():
    columns = {
        "localness_system": OneOf(
            list(ConflictSystem.objects.all()),
            none="Choose a conflict system",
            label="Conflict system",
            required=True,
            error_messages={"required": "Choose a conflict system.", "invalid_choice": "Choose one from the list."},
        ),
        "localness_is": forms.ChoiceField(
            label="There it is",
            choices=[("", "Choose"), (LOCAL, "a local actor"), (NOT_LOCAL, "not a local actor")],
            error_messages={"required": "Say whether it is a local actor there."},
        ),
    }
    return RowsField(
        columns,
        check=lambda row: (row[0], row[1] == LOCAL),
        label="Local or not",
        help_text="Where you know it. A conflict system that is not named here stays unknown.",
        add_label="Another conflict system",
    )


def made_in_field(user):
    managed = Membership.objects.active_for(user).managing()
    return CodeField(
        Organisation.objects.filter(pk__in=managed.values("organisation")),
        required=True,
        label="Added for",
        help_text="Until a curator confirms it, members of this organisation see it.",
    )


class ConfirmForm(VersionedForm, forms.Form):
    """Carries what the question was asked about: an organisation renamed meanwhile is asked about again."""

    def __init__(self, *args, instance, **kwargs):
        self.instance = instance
        super().__init__(*args, **kwargs)

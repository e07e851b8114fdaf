"""Forms for curators, and for the choice of a lens."""

from django import forms

from mtd_tracker.forms import CodeField, LinesField, NewlyCodedForm, SiteForm, VersionedForm, dress, with_link
from taxonomy.models import ActivityType, Principle, Scheme, Track

TEXT_LENGTH = 4000


class LensForm(SiteForm, forms.Form):
    scheme = CodeField(
        Scheme.objects.all(),
        label="Number tracks as in",
        required=True,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose one of the schemes.",
            "invalid_choice": "There is no such scheme. Choose one of those listed.",
        },
    )


def _text_field(label, help_text):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TermForm(NewlyCodedForm, VersionedForm, forms.ModelForm):
    """A term's words, and of a new one its code."""

    synonyms = LinesField(label="Also called", help_text="Other words for the same, one a line.", max_length=120)

    @property
    def words(self):
        """What was typed for the term itself. Shape: {field: value}."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "code")}

    def clean(self):
        cleaned = super().clean()
        self._refuse_words_in_use(cleaned)
        return cleaned

    def _refuse_words_in_use(self, cleaned):
        """A word stands for one term of a kind, in any case; only a term and what it replaces may share it."""
        typed = {word.casefold(): ("synonyms", word) for word in cleaned.get("synonyms", [])}
        if cleaned.get("name"):
            typed[cleaned["name"].casefold()] = ("name", cleaned["name"])
        for other in self._others():
            for taken in {word.casefold() for word in (other.name, *other.synonyms)} & typed.keys():
                field, word = typed.pop(taken)
                message = "“{}” stands for {} already."
                if other.is_retired:
                    message = "“{}” stands for {}, which is retired. Bring that one back into use instead."
                self.add_error(field, with_link(message, word, other))

    def _others(self):
        others = self._meta.model.objects.all()
        if not self.instance.pk:
            return others
        return [
            other
            for other in others.exclude(pk=self.instance.pk)
            if other.pk != self.instance.replaced_by_id and other.replaced_by_id != self.instance.pk
        ]


class TrackForm(TermForm):
    scope = _text_field("Scope", "What belongs on the track, told by the function performed.")
    actors = LinesField(label="Typical actors", help_text="One a line.")

    class Meta:
        model = Track
        fields = ["name", "code", "peacemaking_through", "scope", "actors", "synonyms"]


class PrincipleForm(TermForm):
    meaning = _text_field("Meaning", "What it asks for, in plain words.")
    prompts = LinesField(label="Questions that help to rate", help_text="One a line.")

    class Meta:
        model = Principle
        fields = ["name", "code", "meaning", "prompts", "synonyms"]


class ActivityTypeForm(TermForm):
    description = _text_field("Description", "What is done. It never says on which track.")

    class Meta:
        model = ActivityType
        fields = ["name", "code", "description", "synonyms"]


FORMS = {Track: TrackForm, Principle: PrincipleForm, ActivityType: ActivityTypeForm}


class RetireForm(VersionedForm, forms.Form):
    def __init__(self, *args, term, **kwargs):
        self.instance = term  # whose version the form carries
        super().__init__(*args, **kwargs)
        self.fields["replaced_by"].queryset = type(term).objects.in_use().exclude(pk=term.pk)

    replaced_by = CodeField(
        None,
        label="Replaced by",
        help_text="Initiatives that carry the term count under its replacement from then on, and keep their tag.",
        empty_label="Nothing: it stands alone",
        error_messages={"invalid_choice": "There is no such term in use. Choose one of those listed."},
    )


class RestoreForm(VersionedForm, forms.Form):
    def __init__(self, *args, term, **kwargs):
        self.instance = term
        super().__init__(*args, **kwargs)


class OrderForm(SiteForm, forms.Form):
    """One place a term. `seen`: the order that the person started from, against lost updates."""

    ASIDE = ("seen",)

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = terms
        self.initial["seen"] = " ".join(term.code for term in terms)
        remedy = f"Type a place from 1 to {len(terms)}."
        for place, term in enumerate(terms, start=1):
            self.fields[f"place-{term.code}"] = forms.IntegerField(
                label=term.name,
                required=False,
                min_value=1,
                max_value=len(terms),
                initial=place,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), remedy),
            )
        dress(self)

    @property
    def rows(self):
        return [(term, self[f"place-{term.code}"]) for term in self.terms]

    @property
    def seen_codes(self):
        return self.cleaned_data["seen"].split()

    @property
    def codes(self):
        """The order asked for. Of two that want one place, the one that moved gets it; left empty, a term stays."""

        def wanted(place_and_term):
            place, term = place_and_term
            asked = self.cleaned_data.get(f"place-{term.code}") or place
            moved = (asked > place) - (asked < place)  # -1 up, 1 down
            return asked, moved, place

        return [term.code for _, term in sorted(enumerate(self.terms, start=1), key=wanted)]

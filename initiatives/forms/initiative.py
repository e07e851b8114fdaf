"""The form on which an initiative is logged and changed. Its field names are addresses that scripts rely on."""

from django import forms
from django.conf import global_settings
from django.db.models import Q
from django_countries import countries

from initiatives.actions.content import Content
from initiatives.forms.checks import InitiativeChecks
from initiatives.forms.directory import Directory
from initiatives.forms.fields import (
    DayField,
    FormToken,
    LongSelect,
    LongText,
    OneOf,
    PartialDateField,
    Radios,
    SeveralOf,
)
from initiatives.forms.initial import initial_of, initial_of_new, latest_ratings, read_parts
from initiatives.forms.rows import RowsField
from initiatives.forms.sections import InitiativeSections
from initiatives.forms.who_reads import (
    WhoReads,
    agreed_field,
    grants_field,
    organisations_of,
    owner_field,
    shown_dates_field,
    shown_places_field,
)
from initiatives.models import (
    COMPLETE,
    ConflictSystem,
    Dimension,
    Participation,
    PrincipleRating,
    Publication,
    Sharing,
)
from mtd_tracker.forms import LinesField, VersionedForm, dress
from taxonomy.models import ActivityType, Level, Officiality, Principle, Term, Track

NEEDED = '<span class="field-needed">Needed to publish.</span>'
LANGUAGES = sorted(global_settings.LANGUAGES, key=lambda language: language[1])
ORDER = [  # as on the page, and so in the summary of errors
    *("title", "summary", "description", "language", "activities", "officiality", "level", "dimension", "sources"),
    *("external_ids", "conflicts", "start", "end", "last_confirmed", "locations", "engagement_dates", "suspensions"),
    *("cancelled_on", "organisations", "lead_track", "tracks"),
]


def _choice(choices, *, none="Not recorded", **options):
    return forms.ChoiceField(required=False, choices=[("", none), *choices], **options)


def _text(label, *, required="", listed_in="", **options):
    """A line of text in a row; `required`: what to do where it is empty."""
    field = forms.CharField(label=label, required=bool(required), error_messages={"required": required}, **options)
    field.widget.attrs["dir"] = "auto"
    if listed_in:
        field.widget.attrs.update(list=listed_in, autocomplete="off")
    return field


class InitiativeForm(InitiativeChecks, InitiativeSections, WhoReads, VersionedForm, forms.Form):
    """Everything that a person says about an initiative; `content()` hands it to the actions.

    initiative: None for a new one. may_share: whether this person says here who reads it. workspace: the organisation
    that owns a new one unless they say otherwise. typed: text that was not saved, which then stands in the form
    instead of the record's; nothing is checked yet.
    Terms that were retired are offered only where the record carries them.
    """

    ASIDE = (*VersionedForm.ASIDE, "form_token", "confirmed_new", "rated_on", "agreed")

    title = forms.CharField(
        max_length=200,
        help_text="What colleagues would call it.",
        error_messages={"required": "Give it a title: a few words are enough."},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    summary = LongText(max_length=2000, help_text="Two or three sentences: who meets whom, and what for.")
    description = LongText(rows=8, max_length=20_000, help_text="The whole story. Markdown is understood.")
    language = forms.ChoiceField(
        required=False, choices=LANGUAGES, widget=LongSelect, help_text="Of the text on this form."
    )
    officiality = _choice(Officiality.choices, help_text="Who takes part. Mixed is what many call Track 1.5.")
    level = _choice(Level.choices, help_text="Which leadership it reaches; no track.")
    dimension = _choice(Dimension.choices, help_text="What is to change above all.")
    sources = LinesField(help_text="Reports, agreements, web addresses: one a line.")
    external_ids = RowsField(
        {
            "external_schemes": _text("List", required="Name the list.", max_length=60),
            "external_identifiers": _text("Identifier", required="Write the identifier.", max_length=120),
        },
        label="Identifiers elsewhere",
        help_text="Its number in IATI, or in a donor's system.",
        add_label="Add an identifier",
    )
    start = PartialDateField(help_text=f"A year, a month or a day: 1993, 1993-07 or 1993-07-15. {NEEDED}")
    end = PartialDateField(help_text="Leave it empty while it goes on.")
    last_confirmed = PartialDateField(label="Last confirmed", help_text="When it was last known to be at work.")
    suspensions = RowsField(
        {
            "suspended_from": DayField(
                label="From", required=True, error_messages={"required": "Say from which day on."}
            ),
            "suspended_until": DayField(label="Until"),
        },
        help_text="Pauses, both days included. No second day: it has not resumed yet.",
        add_label="Add a pause",
    )
    cancelled_on = DayField(label="Cancelled on", help_text="Only if it was called off.")
    locations = RowsField(
        {
            "locations": forms.ChoiceField(
                label="Country",
                choices=[("", "Country…"), *countries],
                widget=LongSelect,
                error_messages={"required": "Choose the country of this place."},
            ),
            "places": _text("Place", max_length=120),
        },
        help_text="Countries, and places in them where that is safe to say.",
        add_label="Add a place",
    )
    organisations = RowsField(
        {
            "roles": forms.ChoiceField(
                label="Role",
                choices=[("", "Role…"), *Participation.Role.choices],
                error_messages={"required": "Choose what this organisation's role is."},
            ),
            "organisations": _text(
                "Organisation", required="Name the organisation.", max_length=300, listed_in="organisation-options"
            ),
        },
        help_text=f"Type a name and choose, or leave a new name as it is. A lead, a mediator or a party: {NEEDED}",
        add_label="Add an organisation",
    )
    rated_on = DayField(label="Day of assessment", help_text="Of the ratings that you add or change now.")
    sharing = forms.ChoiceField(label="Who may read it", required=False, choices=Sharing.choices, widget=Radios)
    shown_dates = shown_dates_field()
    shown_places = shown_places_field()
    grants = grants_field()
    agreed = agreed_field()
    confirmed_new = forms.BooleanField(required=False, initial=False, label="It is a different one: go on")
    form_token = FormToken()

    def __init__(self, data=None, *, user, initiative=None, may_share=True, token=None, workspace=None, typed=None):
        self.user, self.instance = user, initiative
        self.directory = Directory(user)
        own = organisations_of(user)
        self.own_organisations = sorted(own, key=lambda organisation: organisation != workspace)  # the default first
        if initiative:
            read_parts(initiative)
        self.stored_ratings = latest_ratings(initiative) if initiative else {}
        initial = (
            initial_of(initiative, self.stored_ratings) if initiative else initial_of_new(self.own_organisations[0])
        )
        if not initiative:
            initial["form_token"] = FormToken().clean(token)
        super().__init__(data, initial=initial)
        self._add_terms()
        self._add_conflicts()
        self._fit_to_person(may_share)
        self.order_fields([*ORDER, *(name for name in self.fields if name.startswith(("track-", "principle-")))])
        dress(self)
        if typed is not None:
            self.initial |= {
                name: field.widget.value_from_datadict(typed, {}, name) for name, field in self.fields.items()
            }

    def _add_terms(self):
        """The fields that depend on the taxonomy."""
        self.tracks = self._terms(Track, {self.initial.get("lead_track"), *self.initial.get("tracks", [])})
        activities = self._terms(ActivityType, self.initial.get("activities", []))
        self.principles = self._terms(Principle, self.stored_ratings)
        self.fields["activities"] = SeveralOf(activities, label="Activities", help_text="What is done.")
        self.fields["lead_track"] = OneOf(self.tracks, none="None yet", label="Lead track", widget=Radios)
        self.fields["tracks"] = SeveralOf(self.tracks, label="Contributing tracks")
        for track in self.tracks:
            self.fields[f"track-{track.code}-rationale"] = forms.CharField(
                label=f"Why {track}", required=False, max_length=300
            )
        for principle in self.principles:
            self.fields[f"principle-{principle.code}-rating"] = forms.TypedChoiceField(
                label=f"{principle}: rating",
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "Not assessed"), *((n, f"{n} {word}") for n, word in PrincipleRating.Rating.choices)],
                widget=Radios,
            )
            self.fields[f"principle-{principle.code}-evidence"] = LongText(
                label=f"{principle}: evidence", rows=2, max_length=5000
            )

    def _terms(self, model, carried):
        return list(model.objects.filter(Q(status=Term.Status.IN_USE) | Q(code__in=[c for c in carried if c])))

    def _add_conflicts(self):
        systems = list(ConflictSystem.objects.only("code", "name"))
        self.fields["conflicts"] = SeveralOf(
            systems, label="Conflict systems", help_text=f"Which conflicts it works on. {NEEDED}"
        )
        self.fields["engagement_dates"] = RowsField(
            {
                "engagement_conflicts": OneOf(
                    systems,
                    none="Conflict system…",
                    label="Conflict system",
                    widget=LongSelect,
                    required=True,
                    error_messages={"required": "Choose the conflict system that these dates belong to."},
                ),
                "engagement_starts": PartialDateField(label="Start there"),
                "engagement_ends": PartialDateField(label="End there"),
            },
            label="Dates of its own in one conflict system",
            help_text="Only where work on one conflict began later, or ended earlier, than the whole.",
            add_label="Add dates",
        )

    def _fit_to_person(self, may_share):
        """Leave out what is not theirs to say, or where there is nothing to choose."""
        language = self.initial["language"]
        if language not in dict(LANGUAGES):
            self.fields["language"].choices = [*LANGUAGES, (language, language)]
        if self.instance:
            del self.fields["form_token"]
            if self.instance.publication != Publication.DRAFT:
                del self.fields["agreed"]
        if not may_share:
            for name in ("sharing", "shown_dates", "shown_places", "grants"):
                del self.fields[name]
        elif len(self.own_organisations) > 1:
            self.fields["owner"] = owner_field(self.own_organisations)

    @property
    def publishing(self):
        """Whether the record is to be complete: it is sent to be published, or is so or in review already."""
        return self.data.get("action") == "publish" or bool(self.instance and self.instance.publication in COMPLETE)

    @property
    def owner(self):
        """The organisation that is to own the record; None where that is not for this person to say."""
        if "owner" in self.fields:
            return self.cleaned_data.get("owner")
        return None if self.instance else self.own_organisations[0]

    def _said_or_stored(self, name):
        """A choice whose blank means something: what was not sent at all stays as it is."""
        if name in self.fields and name in self.data:
            return self.cleaned_data.get(name, "")
        return getattr(self.instance, name) if self.instance else ""

    def content(self):
        """What was said, as the actions take it; fields in error left out."""
        said = self.cleaned_data
        own_dates = {system: (start, end) for system, start, end in said.get("engagement_dates", [])}
        return Content(
            title=said.get("title", ""),
            summary=said.get("summary", ""),
            description=said.get("description", ""),
            language=said.get("language") or "en",
            sharing=said.get("sharing") or None,
            shown_dates=self._said_or_stored("shown_dates"),
            shown_places=self._said_or_stored("shown_places"),
            start=said.get("start"),
            end=said.get("end"),
            last_confirmed=said.get("last_confirmed"),
            cancelled_on=said.get("cancelled_on"),
            officiality=said.get("officiality", ""),
            level=said.get("level", ""),
            dimension=said.get("dimension", ""),
            sources="\n".join(said.get("sources", [])),
            activities=said.get("activities", []),
            engagements=[(system, *own_dates.get(system, (None, None))) for system in said.get("conflicts", [])],
            locations=said.get("locations", []),
            participations=said.get("organisations", []),
            lead_track=said.get("lead_track"),
            tracks=said.get("tracks", []),
            rationales={track: said.get(f"track-{track.code}-rationale", "") for track in self.tracks},
            ratings=self.ratings(),
            rated_on=said.get("rated_on"),
            suspensions=said.get("suspensions", []),
            external_ids=said.get("external_ids", []),
            grants=said.get("grants") if "grants" in self.fields else None,
        )

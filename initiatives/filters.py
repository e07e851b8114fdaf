"""One filter for list, dashboard, export and API, so that the same query string speaks of the same records."""

from functools import partial, reduce
from operator import and_, or_
from typing import NamedTuple

from django import forms
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.http import QueryDict
from django_filters import CharFilter, Filter, FilterSet

from initiatives.models import (
    BEGUN,
    Initiative,
    Location,
    Participation,
    PrincipleRating,
    Status,
    TrackTag,
)
from initiatives.models.coarsening import shown_day
from initiatives.options import (
    ANY,
    NONE,
    ConflictOptions,
    FixedOptions,
    OrganisationOptions,
    TermOptions,
    country_options,
)
from initiatives.ordering import SORTS, order_of
from initiatives.period import Period, PeriodForm, period_fields
from initiatives.search import search
from initiatives.timing import engagements_on, in_window, initiatives_on, is_unconfirmed, with_status
from mtd_tracker.forms import FlagField
from mtd_tracker.together import Apart, Together
from taxonomy.lens import Lens
from taxonomy.models import ActivityType, Principle, Track

UNPUBLISHED = {str(status): status.label for status in (Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN)}
RATED = {  # a column of `latest_ratings`, and what it has to be
    "practised": ("rating", "gte", PrincipleRating.Rating.PRACTISED),
    "evidenced": ("evidence", "gt", ""),
    "unevidenced": ("unevidenced", "exact", True),
}
STATUSES = {str(status): status.label for status in Status if status not in UNPUBLISHED}

OF_ANY_CONTENT = ("conflict", "sort", "match", *period_fields())


def readable(value):
    """A value of the query string as a message may show it."""
    return value.replace("\0", "�")[:60]


class CodesField(forms.MultipleChoiceField):
    """Several codes out of `options` (see options.py). Blank ones, as an empty select sends, count as not given."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, options, **extra):
        self.options = options
        self.besides = {}  # what a link brought beyond what is offered: code -> (code it stands for, label)
        super().__init__(**{"required": False} | extra, choices=lambda: options.offered.items())

    def to_python(self, value):
        codes = self.prepare_value(super().to_python(value))
        unoffered = [code for code in codes if code not in self.options.offered]
        if unoffered:
            self.besides = self.options.known(unoffered)
            # Kept among the choices: the form would otherwise drop it when sent again.
            self.choices = list((self.options.offered | dict(self.besides.values())).items())
        return self.prepare_value(codes)

    def prepare_value(self, value):
        """Codes as what they stand for, each once, blank ones left out."""
        return list(dict.fromkeys(self.besides.get(code, (code,))[0] for code in value or () if code))

    def text_of(self, code):
        return self.besides[code][1] if code in self.besides else str(self.options.offered.get(code, code))

    def validate(self, value):
        for code in value:
            if not self.valid_value(code):
                raise forms.ValidationError(
                    f"“{readable(code)}” is not one of the choices. Take it out, or choose from the list."
                )


class CodesFilter(Filter):
    """Takes codes. Its options depend on the reader, so the FilterSet hands them over."""

    field_class = CodesField


class FlagFilter(Filter):
    """A yes or no."""

    field_class = FlagField


class FilterForm(PeriodForm):
    """What is read together with filters: the period, and how tracks, principles and status are meant."""

    ORDER = (
        *("q", "mine", "conflict", "status", "from", "to", "as_of", "unconfirmed", "track", "match", "lead_only"),
        *("principle", "rated", "organisation", "country", "activity", "sort"),
    )

    match = forms.ChoiceField(required=False, label="Tracks", choices=[("any", "Any of them"), ("all", "All of them")])
    unconfirmed = FlagField(label="Not confirmed for twelve months")
    rated = forms.ChoiceField(
        required=False,
        label="Rated",
        choices=[
            ("", "Assessed at all"),
            ("practised", "Practised (2 or 3)"),
            ("evidenced", "With evidence"),
            ("unevidenced", "Practised, without evidence"),
        ],
    )
    sort = forms.ChoiceField(
        required=False,
        label="Sort",
        choices=[(name, name) for name in SORTS],
        error_messages={"invalid_choice": "“%(value)s” is not one of the orders. Take it out of the address."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(self.ORDER)


class Chip(NamedTuple):
    """An active filter. query: the query string without it."""

    label: str
    value: str
    query: str


class InitiativeFilter(FilterSet):
    """Initiatives narrowed by a query string.

    queryset: what the reader, `user`, may open (`visible_to`), nothing wider; options are computed from it too.
    drawn: the form is to be shown, so that organisations, which take longest, are wanted in any case.
    Dates and places count as precisely as this reader may see them.
    Where a value is invalid, `errors` tells it by parameter and there are no rows at all.
    Adds: `status_then`, each record's status on the as-of day; in a chosen conflict system, the status there.
    Queries: a constant number, however many records there are.
    """

    q = CharFilter(label="Text", method="with_words", max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    mine = FlagFilter(label="Recorded by me", method="by_reader")
    track = CodesFilter(label="Track", method="on_tracks")
    organisation = CodesFilter(label="Organisation taking part", method="with_organisations")
    country = CodesFilter(label="Country", method="in_countries")
    activity = CodesFilter(label="Activity", method="with_activities")
    # Without a method: these are read together with other parts.
    conflict = CodesFilter(label="Conflict system")
    status = CodesFilter(label="Status")
    principle = CodesFilter(label="Principle")

    class Meta:
        form = FilterForm

    def __init__(self, data=None, queryset=None, *, user, lens=None, drawn=False):
        super().__init__(QueryDict() if data is None else data, queryset)
        self.user = user
        unpublished = UNPUBLISHED if user.is_authenticated else {}
        lens = lens or Lens()
        self.options = {
            "conflict": ConflictOptions(),
            "status": FixedOptions(STATUSES | unpublished, UNPUBLISHED),
            "track": TermOptions(Track, lens.text, {ANY: "Any track", NONE: "No track"}),
            "principle": TermOptions(Principle),
            "organisation": OrganisationOptions(self.queryset, user),
            "country": country_options(),
            "activity": TermOptions(ActivityType),
        }
        self._read_options(lens, apart=() if drawn else ("organisation",))
        for name, options in self.options.items():
            self.filters[name].extra["options"] = options

    def _read_options(self, lens, *, apart):
        """All at once, and what the lens says of tracks with them; apart: names of those that are rarely wanted."""
        kept = [name for name, options in self.options.items() if not isinstance(options, FixedOptions)]
        often = {name: self.options[name].part for name in kept if name not in apart}
        lens.read = together = Together(**lens.PARTS, **often)
        for name in kept:
            self.options[name].read = partial(together.__getitem__ if name in often else self._read_apart, name)

    def _read_apart(self, name):
        return Apart(**{name: self.options[name].part})[name]

    # ---------------------------------------------------------------- what comes out

    @property
    def counted_as(self):
        """What each track and each principle counts as: read with the options, so that a page needn't ask again."""
        return {"tracks": self.options["track"].counted_under, "principles": self.options["principle"].counted_under}

    @property
    def period(self):
        """The window and the as-of day asked for; the default one where nothing, or nothing readable, was."""
        return self.form.period if self.is_valid() else Period.default()

    def narrowed(self, *, system=None):
        """Narrowed by content alone: without conflict, period, status, unconfirmed and sort. For coverage.

        system: a conflict system; then `status` and `unconfirmed` hold too, by the engagement in it.
        """
        if not self.is_valid():
            return self.queryset.none()
        queryset = self.queryset
        for name, content in self.filters.items():
            if content.method:
                queryset = content.filter(queryset, self._asked(name))
        queryset = self._on_principles(queryset)
        if system and (self._asked("status") or self._asked("unconfirmed")):
            engagements = self._timed(engagements_on(self.period.as_of, self.user))
            queryset = queryset.filter(pk__in=engagements.filter(conflict_system=system).values("initiative"))
        return queryset

    @property
    def is_narrowed(self):
        """Whether it leaves out records of a conflict system by more than their time."""
        return self.is_valid() and any(self._asked(name) for name in self.form.fields if name not in OF_ANY_CONTENT)

    def filter_queryset(self, queryset):
        """Everything: content, then conflict systems with dates and status, then the order."""
        if not self.is_valid():
            return queryset.none()
        return self.order.sort(self._in_systems(self.narrowed(), self.user))

    def still_open(self, keys, reader):
        """Of rows that were found, those that the reader may open by now, in no order. keys: their primary keys.

        reader: read afresh, because what a person belongs to is remembered with them. Content isn't asked again.
        """
        return self._in_systems(Initiative.objects.visible_to(reader).filter(pk__in=keys), reader).order_by()

    @property
    def order(self):
        """The Order asked for; the usual one where none, or none that can be read, was."""
        return order_of((self.is_valid() and self._asked("sort")) or "updated", self.user)

    def _asked(self, name):
        return self.form.cleaned_data[name]

    # ---------------------------------------------------------------- conflict systems, dates and status

    def _in_systems(self, rows, reader):
        codes = self._asked("conflict")
        if not codes:
            return self._timed(initiatives_on(self.period.as_of, rows, reader))
        engagements = engagements_on(self.period.as_of, reader).filter(
            initiative=OuterRef("pk"), conflict_system__in=self.options["conflict"].keys_of(codes)
        )
        matching = self._timed(engagements)
        status = Subquery(matching.order_by("pk").values("status_then")[:1])
        return rows.filter(Exists(matching)).annotate(status_then=status)

    def _timed(self, rows):
        """Rows of timing.py within the period, of the statuses asked for."""
        if self._asked("status"):
            rows = rows.filter(with_status(self._asked("status"), self.period))
        elif self.period.given:  # the population of coverage
            rows = rows.filter(in_window(self.period), status_then__in=BEGUN)
        if self._asked("unconfirmed"):
            rows = rows.filter(is_unconfirmed(self.period))
        return rows

    # ---------------------------------------------------------------- content

    def with_words(self, queryset, name, text):
        """Every word occurs somewhere in what the record says or names."""
        return search(queryset, text, reader=self.user)

    def by_reader(self, queryset, name, mine):
        """What whoever asks logged themselves; nothing, where nobody is signed in."""
        if not mine:
            return queryset
        return queryset.filter(author=self.user) if self.user.is_authenticated else queryset.none()

    def on_tracks(self, queryset, name, codes):
        combine = and_ if self._asked("match") == "all" else or_
        return queryset.filter(reduce(combine, [self._tagged(code) for code in codes]))

    def _tagged(self, code):
        tags = TrackTag.objects.counting(lead_only=self.period.lead_only).filter(initiative=OuterRef("pk"))
        if code in (ANY, NONE):
            return Q(Exists(tags)) if code == ANY else ~Q(Exists(tags))
        return Q(Exists(tags.filter(track__in=self.options["track"].counting_under(code))))

    def _on_principles(self, queryset):
        """Assessed, practised or evidenced by the latest rating of a principle: of those chosen, else of any."""
        codes, rated = self._asked("principle"), self._asked("rated")
        if not codes and not rated:
            return queryset
        principles = self.options["principle"]
        condition = Q(pk__in=[])
        for place, code in enumerate(codes or principles.counted):
            latest = latest_ratings(principles.counting_under(code), self.period.as_of, self.user)
            if not rated:
                condition |= Q(Exists(latest))
                continue
            column, lookup, value = RATED[rated]
            queryset = queryset.alias(**{f"rated_{place}": Subquery(latest.values(column)[:1])})
            condition |= Q(**{f"rated_{place}__{lookup}": value})
        return queryset.filter(condition)

    def with_organisations(self, queryset, name, codes):
        parts = Participation.objects.filter(initiative=OuterRef("pk"), organisation__code__in=codes)
        return queryset.filter(Exists(parts))

    def in_countries(self, queryset, name, codes):
        told = Location.objects.telling_country_to(self.user)
        return queryset.filter(Exists(told.filter(initiative=OuterRef("pk"), country__in=codes)))

    def with_activities(self, queryset, name, codes):
        chosen = [pk for code in codes for pk in self.options["activity"].counting_under(code)]
        return queryset.filter(
            pk__in=Initiative.activities.through.objects.filter(activitytype__in=chosen).values("initiative")
        )

    # ---------------------------------------------------------------- the query string

    def query(self, sort=None):
        """The query string in the order of the form, without a page and blank values; `sort` changed if given."""
        kept = QueryDict(mutable=True)
        for name in self.form.fields:
            values = [value for value in self.data.getlist(name) if value]
            if name == "sort" and sort:
                values = [sort]
            if values:
                kept.setlist(name, values)
        return kept.urlencode()

    def chips(self):
        """What is active, as Chips, in the order of the form; an invalid value too, so that it can be taken out."""
        self.is_valid()  # reads the values: what a retired code stands for is known only then
        return [
            Chip(self.form.fields[name].label, self._value_text(name, value), self._query_without(name, value))
            for name in self.form.fields
            if name != "sort"
            for value in dict.fromkeys(self.data.getlist(name))
            if value.strip() and (name, value) != ("match", "any")
        ]

    def _value_text(self, name, value):
        field = self.form.fields[name]
        if isinstance(field, forms.BooleanField):
            return ""
        if isinstance(field, CodesField):
            return readable(field.text_of(value))
        return readable(str(dict(getattr(field, "choices", ())).get(value, value)))

    def _query_without(self, name, value):
        kept = QueryDict(self.query(), mutable=True)
        kept.setlist(name, [other for other in kept.getlist(name) if other != value])
        return kept.urlencode()


def latest_ratings(principles, day, reader):
    """An initiative's ratings of these principles by the day, the one that counts first; an undated one is oldest.

    Adds `unevidenced`: whether it says practised, and nothing is written down for it.
    """
    rated = shown_day("rated_on", keeps="first", reader=reader, initiative="initiative__")
    ratings = PrincipleRating.objects.filter(initiative=OuterRef("pk"), principle__in=principles).alias(rated=rated)
    bare = Q(rating__gte=PrincipleRating.Rating.PRACTISED, evidence="")
    ratings = ratings.annotate(unevidenced=ExpressionWrapper(bare, output_field=BooleanField()))
    return ratings.filter(Q(rated_on=None) | Q(rated__lte=day)).order_by(F("rated").desc(nulls_last=True), "-pk")

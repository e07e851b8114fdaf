"""The window and the as-of day that a question about initiatives is asked for."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from initiatives.dates import PartialDate, today
from mtd_tracker.forms import FlagField, dress

FORESEEN = 100  # years
FORECAST = "That day is still to come: what is told of it follows from the starts and ends recorded by today."


@dataclass(frozen=True)
class Period:
    """from_day, to_day: inclusive days, None where open. as_of: the day on which status is taken."""

    from_day: date | None
    to_day: date | None
    as_of: date
    given: bool  # whether the reader asked for any of it
    lead_only: bool = False

    @classmethod
    def default(cls):
        return cls(None, None, today(), given=False)

    @property
    def latest_start(self):
        """An initiative that begins after this day is not counted as running: the earlier of `to` and as-of."""
        return min(self.to_day, self.as_of) if self.to_day else self.as_of

    @property
    def is_ahead(self):
        """Whether it begins after the as-of day."""
        return self.from_day is not None and self.from_day > self.as_of

    @property
    def forecast(self):
        """What is to be said where the as-of day is still to come; else nothing."""
        return FORECAST if self.as_of > today() else ""

    @property
    def on_tracks(self):
        """In words, how what is counted is recorded."""
        return "with a lead track" if self.lead_only else "on some track"


class PeriodField(forms.CharField):
    """A day, or a month or year standing for its first or last day. Cleans to a date or None."""

    default_validators = [ProhibitNullCharactersValidator()]

    def __init__(self, *, takes, **options):
        super().__init__(**{"required": False, "max_length": 10} | options)
        self.takes = takes
        self.widget.attrs.update(placeholder="YYYY-MM-DD", inputmode="numeric", size=10)

    def clean(self, value):
        text = super().clean(value)
        return getattr(PartialDate.parse(text), self.takes) if text else None


class AsOfField(PeriodField):
    """A day on which status can be taken: figures are told year by year up to it."""

    def clean(self, value):
        day = super().clean(value)
        if day and day.year > today().year + FORESEEN:
            raise forms.ValidationError(f"Choose a day of the next {FORESEEN} years, or an earlier one.")
        return day


def period_fields():
    """Fields by the names of the query string; a function, because `from` can't be a class attribute."""
    return {
        "from": PeriodField(takes="first", label="From", help_text="A year, a month or a day."),
        "to": PeriodField(takes="last", label="To"),
        "as_of": AsOfField(takes="last", label="Status as of", help_text="Today, or the end of the window."),
        "lead_only": FlagField(label="Lead tracks only"),
    }


def period_of(cleaned):
    """The Period that cleaned period fields speak of. As-of, unless given, is the earlier of today and `to`."""
    from_day, to_day, as_of = cleaned.get("from"), cleaned.get("to"), cleaned.get("as_of")
    return Period(
        from_day=from_day,
        to_day=to_day,
        as_of=as_of or min(today(), to_day or today()),
        given=bool(from_day or to_day or as_of),
        lead_only=bool(cleaned.get("lead_only")),
    )


def refuse_reversed_window(form):
    """Add an error to `to` where the window ends before it begins."""
    from_day, to_day = form.cleaned_data.get("from"), form.cleaned_data.get("to")
    if from_day and to_day and from_day > to_day:
        form.add_error("to", f"The window ends before it begins ({from_day.isoformat()}). Swap the two days.")


class PeriodForm(forms.Form):
    """The period part of a query string, alone. `period` is there once the form is valid."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.fields.update(period_fields())
        dress(self)

    def clean(self):
        refuse_reversed_window(self)
        return self.cleaned_data

    @property
    def period(self):
        return period_of(self.cleaned_data)

"""Coverage as it was known on a day beside coverage as known now, and in words what changed between."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict

from initiatives.analytics.known import TrackKnown, carried, known
from initiatives.dates import today, twelve_months_before
from initiatives.models import Status
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.coverage import figure
from initiatives.pages.window import Window
from initiatives.period import Period, PeriodField
from initiatives.recorded import RecordedAt
from mtd_tracker.forms import dress
from taxonomy.order import listed

MOST = 100  # records listed with what changed

KINDS = {  # in words after a number
    "added": "recorded here since",
    "gone": "no longer here",
    "tracks": "on other tracks",
    "dates": "dated otherwise",
    "marks": "paused, resumed or cancelled since",
}
MARKED = {Status.SUSPENDED, Status.CANCELLED}


class KnownForm(forms.Form):
    """The day on which coverage was known."""

    on = PeriodField(takes="last", label="As known on", help_text="The end of this day; left empty, a year ago.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        dress(self)

    def clean_on(self):
        on = self.cleaned_data["on"] or twelve_months_before(today())
        if on > today():
            raise forms.ValidationError("This day is yet to come. Choose today or an earlier one.")
        return on


def on_the_day(query, on):
    """The question but `on`: status is that of the day, unless the question has a window's end or a day of its own."""
    query = without(query, "on")
    if not (query.get("as_of") or query.get("to")):
        query["as_of"] = on.isoformat()
    return query


class KnownWindow(Window):
    """The window with the day in front."""

    def __init__(self, known_form, form, query):
        super().__init__(form, query)
        self.known_form = known_form
        self.names = ("on", *self.names)
        form["as_of"].help_text = "The same day, or the end of the window."

    @property
    def fields(self):
        return [self.known_form["on"], *(self.form[name] for name in self.names[1:])]


@dataclass(frozen=True)
class Change:
    """kinds: keys of KINDS. words: one a line."""

    record: RecordedAt
    kinds: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class TrackRow:
    then: TrackKnown
    now: TrackKnown
    addresses: Addresses

    @property
    def track(self):
        return self.now.track

    @property
    def cells(self):
        """Shape: [(number then, Figure now)], of active, suspended, ended, planned and those begun."""
        statuses = {name: (Status(name),) for name in ("active", "suspended", "ended", "planned")} | {
            "initiatives": ()
        }
        on = (self.track.code,)
        return [
            (getattr(self.then, name), figure(getattr(self.now, name), self.addresses.records(*asked, tracks=on)))
            for name, asked in statuses.items()
        ]

    @property
    def percents(self):
        """Shape: [(then, now)], of reach and share."""
        return [(100 * self.then.reach, 100 * self.now.reach), (100 * self.then.share, 100 * self.now.share)]


class KnownPage:
    """records: [RecordedAt]. counted_as: {primary key: Track}. query: the question's own query string, but `on`."""

    def __init__(self, system, records, *, on: date, period: Period, counted_as, query: QueryDict, lens):
        self.system, self.on, self.period, self.lens = system, on, period, lens
        self.tracks = {track.pk: track for track in counted_as.values()}
        self.records = [record for record in records if any(map(self._is_told, (record.then, record.now)))]
        self.addresses = Addresses(system, period, query)
        listed = self._listed()
        self.then, self.now = (known(self._stands(name), period=period, tracks=listed) for name in ("then", "now"))
        self.changes = [change for change in map(self._change, self.records) if change]

    def _is_told(self, stand):
        return stand is not None and stand.is_told(self.period)

    def _stands(self, name):
        return [stand for record in self.records if (stand := getattr(record, name))]

    def _listed(self):
        on = carried([*self._stands("then"), *self._stands("now")])
        return listed(self.tracks, carried=on)

    # ---------------------------------------------------------------- figures

    @property
    def rows(self):
        return [TrackRow(*both, self.addresses) for both in zip(self.then.tracks, self.now.tracks, strict=True)]

    @property
    def totals(self):
        """Shape: [(label, code of its Definition, number then, Figure now)]."""
        then, now, addresses = self.then, self.now, self.addresses
        untagged = "Untagged (no lead track)" if self.period.lead_only else "Untagged (no track)"
        return [
            (
                self.period.on_tracks.capitalize(),
                "counted",
                then.initiatives,
                figure(now.initiatives, addresses.counted()),
            ),
            ("Planned", "planned", then.planned, figure(now.planned, addresses.records(Status.PLANNED))),
            (untagged, "planned", then.untagged, figure(now.untagged, addresses.untagged())),
            ("Undated (no start)", "planned", then.undated, figure(now.undated, addresses.records(Status.UNDATED))),
        ]

    @property
    def as_now(self):
        """How many stand in their present form because that of the day isn't for this reader, or isn't kept."""
        return sum(record.as_now for record in self.records)

    @property
    def unkept(self):
        return sum(record.unkept for record in self.records)

    # ---------------------------------------------------------------- what changed

    @property
    def listed_changes(self):
        return self.changes[:MOST]

    @property
    def unlisted(self):
        return len(self.changes) - len(self.listed_changes)

    @property
    def kinds(self):
        """Shape: [(number of records, words)], those that occur."""
        numbers = {kind: sum(kind in change.kinds for change in self.changes) for kind in KINDS}
        return [(number, KINDS[kind]) for kind, number in numbers.items() if number]

    def _change(self, record):
        said = dict(self._differences(record))
        return Change(record, tuple(said), tuple(said.values())) if said else None

    def _differences(self, record):
        """Pairs (key of KINDS, words)."""
        then, now = record.then, record.now
        if not (then and then.published):
            if now and now.published:
                yield "added", _added(record)
            return
        if not (now and now.published):
            words = "names another conflict system now" if now is None else f"{now.status.label.lower()} since"
            yield "gone", words
            return
        if then.tracks != now.tracks:
            yield "tracks", f"tracks: {self._names(now.tracks)}; then {self._names(then.tracks)}"
        if (then.start, then.end) != (now.start, now.end):
            yield "dates", f"dated {_dates(now)}; then {_dates(then)}"
        if then.mark != now.mark and MARKED & {then.status, now.status}:
            yield "marks", f"{now.status.label.lower()}; then {then.status.label.lower()}"

    def _names(self, keys):
        tracks = sorted((self.tracks[key] for key in keys), key=lambda track: (track.position, track.code))
        return ", ".join(map(self.lens.text, tracks)) or "none"


def _added(record):
    if record.logged_since:
        return "logged since"
    return "published since" if record.then else "names this conflict system since"


def _dates(stand):
    if not stand.start:
        return "without a start"
    return f"{stand.start} – {stand.end}" if stand.end else f"from {stand.start}"

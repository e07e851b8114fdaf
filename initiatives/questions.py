"""What a saved question asks: one of a few pages of the site, read afresh for whoever asks.

A question is an address. Which addresses may be kept stands in PAGES; nothing else is ever opened by a question.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from initiatives.analytics.between import between
from initiatives.analytics.coverage import outlines
from initiatives.analytics.on_track import engaged_on
from initiatives.analytics.organisation_principles import organisation_principles
from initiatives.analytics.portfolio import portfolio
from initiatives.circles import PARAMETER as CIRCLE
from initiatives.circles import Circle, Question
from initiatives.drawing.choices import PARAMETERS as DRAWING
from initiatives.filters import STATUSES, FilterForm, InitiativeFilter
from initiatives.forms.compare import CompareForm
from initiatives.forms.linkage import TrackPairForm
from initiatives.models import BEGUN, ConflictSystem, Initiative, Organisation
from initiatives.options import ANY
from initiatives.pages.addresses import PAIR, without
from initiatives.pages.known import KnownForm, on_the_day
from initiatives.pages.open_points import number_in_system, point_of
from initiatives.pages.portfolio import asked_of, narrowed_to
from initiatives.pages.track import counted_track
from initiatives.period import period_fields
from initiatives.permissions import may_report_as, reads_network
from taxonomy.models import Track

LONGEST = 4000  # characters of an address, as it is opened
TOO_LONG = "This question is too long to be kept. Narrow it by less, or by shorter words."
NO_QUESTION = (
    "Only lists of initiatives and pages of coverage can be kept. "
    "Open one, narrow it, and choose “Keep this question”."
)
NO_SYSTEM = "This conflict system is not there."
NO_TRACK = "This track is not there."
NO_ORGANISATION = "This organisation is not there, or not under this name any more."
OF_ANOTHER_PAGE = ("conflict", "sort")  # parameters of the list that a page about one system doesn't read
FIELDS = InitiativeFilter.base_filters | FilterForm.base_fields | period_fields()
FIELDS |= CompareForm.base_fields | KnownForm.base_fields
LABELS = {name: FIELDS[name].label for name in (*FilterForm.ORDER, "system", "on")}
PLAIN = [LABELS[name] for name in ("conflict", "track", "status", "principle", "activity", "country", "organisation")]


@dataclass(frozen=True)
class Asked:
    """A question as one person asks it now.

    title: a name for it, which says what it narrows. query: its query string, in the order of the form and without
    what the page doesn't read. counts: initiatives, one number a system; asked of the database when called.
    """

    title: str
    query: str
    counts: Callable


@dataclass(frozen=True)
class Page:
    """kind: what it is, told to anybody. ask: (query, user, **of its address) -> Asked; raises ValidationError.
    of_system: whether its address names a conflict system."""

    kind: str
    ask: Callable
    of_system: bool = True


def split_address(text, *, user):
    """(path, query, title) of an address that may be kept, the query put in order by the page's own form.

    Raises: ValidationError for any other, those of other sites first of all, and for a question that can't be read.
    """
    try:
        parts = urlsplit(text)
        match = None if parts.scheme or parts.netloc or "\\" in text else resolve(parts.path)
    except (ValueError, Resolver404):
        match = None
    if len(text) > LONGEST:
        raise ValidationError(TOO_LONG)
    if match is None or match.view_name not in PAGES:
        raise ValidationError(NO_QUESTION)
    asked = PAGES[match.view_name].ask(QueryDict(parts.query), user, **match.kwargs)
    path = reverse(match.view_name, kwargs=match.kwargs)
    if len(path) + len(asked.query) > LONGEST:
        raise ValidationError(TOO_LONG)
    return path, asked.query, asked.title


def page_of(question):
    """(Page, what its address names), or None where such pages are not kept any more."""
    try:
        match = resolve(question.path)
    except Resolver404:
        return None
    page = PAGES.get(match.view_name)
    return page and (page, match.kwargs)


def address_of(question):
    """Where it leads, always one of PAGES; None where that is gone."""
    if page_of(question) is None:
        return None
    return f"{question.path}?{question.query}" if question.query else question.path


def kind_of(question):
    page = page_of(question)
    return page[0].kind if page else "A page that is gone"


def systems_of(questions):
    """The conflict systems that addresses name; anybody may know them all. Shape: {question's primary key:
    ConflictSystem}, for those of one system. Queries: one."""
    pages = {question.pk: page_of(question) for question in questions}
    codes = {pk: found[1]["code"] for pk, found in pages.items() if found and found[0].of_system}
    systems = {system.code: system for system in ConflictSystem.objects.filter(code__in=codes.values())}
    return {pk: systems[code] for pk, code in codes.items() if code in systems}


def words_of(question):
    """What it narrows, by the labels of the pages' forms and in the words of its address. Queries: none, so that names
    that its reader may not know of are not told either. Shape: ["Track: media"]."""
    asked = QueryDict(question.query)
    return [
        f"{label}: {', '.join(STATUSES.get(value, value) for value in asked.getlist(name))}"
        for name, label in LABELS.items()
        if name in asked
    ]


def counts_for(user, question):
    """How many initiatives answer it, for this person now. Shape: tuple, one a system; None: can't be asked."""
    page = page_of(question)
    if page is None:
        return None
    try:
        return page[0].ask(QueryDict(question.query), user, **page[1]).counts()
    except ValidationError:
        return None


# ---------------------------------------------------------------- the pages


def _list(query, user):
    asked = _filter(query, user)
    _refuse(asked.form)
    return Asked(_titled("Initiatives", asked.chips()), asked.query(), lambda: (asked.qs.count(),))


def _of_system(title, *others):
    """A page about one conflict system with the dashboard's query string. others: parameters that it reads besides."""

    def ask(query, user, code):
        return _about(title, _filter(query, user), code, query, others)

    return ask


def _report(query, user, code):
    circle = Circle.asked(query)
    if circle is None or not may_report_as(circle, user):
        raise ValidationError("Choose first for whom the report is made, of those that you may make one for.")
    return _about("Report on {}", Question.of(query, circle, user=user).asked, code, query, (*DRAWING, CIRCLE))


def _about(title, asked, code, query, others, **named):
    """named: what the title names besides the system."""
    system = ConflictSystem.objects.filter(code=code).first()
    if system is None:
        raise ValidationError(NO_SYSTEM)
    _refuse(asked.form)
    kept = QueryDict(asked.query(), mutable=True)
    for name in OF_ANOTHER_PAGE:
        kept.pop(name, None)
    _carry(query, kept, others)
    chips = [chip for chip in asked.chips() if chip.label != LABELS["conflict"]]
    return Asked(
        _titled(title.format(system, **named), chips),
        kept.urlencode(),
        lambda: _counted(asked.narrowed(system=system), [system], asked),
    )


def _titled(title, chips):
    """With what is narrowed, as far as a name holds it."""
    told = ", ".join(chip.value if chip.label in PLAIN else f"{chip.label} {chip.value}".strip() for chip in chips)
    return f"{title}: {told}" if told else title


def _linkage(query, user, code):
    """Of two tracks, the initiatives on both are counted; else those of the system."""
    asked = _filter(query, user)
    about = _about("What ties tracks in {}", asked, code, query, PAIR)
    if not set(PAIR) & set(query):
        return about
    pair = TrackPairForm(query)
    _refuse(pair)
    return replace(about, counts=lambda: (_on_both(asked, code, pair.cleaned_data),))


def _on_both(asked, code, tracks):
    system = ConflictSystem.objects.get(code=code)
    found = between(asked.narrowed(system=system), **tracks, system=system, period=asked.period, reader=asked.user)
    return found.both


def _known(query, user, code):
    """Counted is what is known now, by the status of that day."""
    if not reads_network(user):
        raise ValidationError("What was known on a day is told to members of the network alone.")
    form = KnownForm(query)
    _refuse(form)
    title, others = "As it was known: {}", ("on",)
    about = _about(title, _filter(query, user), code, query, others)
    then = on_the_day(query, form.cleaned_data["on"])
    return replace(about, counts=_about(title, _filter(then, user), code, then, others).counts)


def _track(query, user, code, track):
    """Counted are the initiatives begun on the track."""
    found = counted_track(Track.objects.counted_under(), track)
    if found is None:
        raise ValidationError(NO_TRACK)
    counting, _, keys = found
    asked = _filter(query, user)
    about = _about("Who is on {track} in {}", asked, code, query, (), track=counting)

    def counts():
        system = ConflictSystem.objects.get(code=code)
        initiatives = asked.narrowed(system=system)
        return (engaged_on(initiatives, system=system, tracks=keys, period=asked.period, reader=user).count(),)

    return replace(about, counts=counts)


def _open_points(query, user, code):
    """Counted are the records that leave something open; of a question about one point, those that leave that."""
    if not reads_network(user):
        raise ValidationError("What records leave open is told to members of the network alone.")
    asked, only = _filter(query, user), point_of(query.get("point"))
    title = "What is left open in {}, “{point}”" if only else "What is left open in {}"
    about = _about(title, asked, code, query, ("point",) if only else (), point=only and only.title)

    def counts():
        system = ConflictSystem.objects.get(code=code)
        initiatives = asked.narrowed(system=system)
        return (number_in_system(initiatives, system=system, period=asked.period, reader=user, only=only),)

    return replace(about, counts=counts)


def _of_work(title, found):
    """A page about one organisation's work. found: as the analytics find it, by which its initiatives are counted."""

    def ask(query, user, code):
        organisation = Organisation.objects.visible_to(user).filter(code=code).first()
        if organisation is None:
            raise ValidationError(NO_ORGANISATION)
        asked = _filter(asked_of(query), user)
        _refuse(asked.form)
        kept = without(QueryDict(asked.query()), "sort")

        def counts():
            return (found(asked.narrowed(), organisation=organisation, **narrowed_to(asked)).initiatives,)

        return Asked(_titled(title.format(organisation), asked.chips()), kept.urlencode(), counts)

    return ask


def _compare(query, user):
    form = CompareForm(query)
    _refuse(form)
    kept = QueryDict(mutable=True)
    _carry(query, kept, form.fields)
    systems = list(form.cleaned_data["system"])
    visible = Initiative.objects.visible_to(user)
    title = f"Comparison: {', '.join(map(str, systems))}"
    return Asked(title, kept.urlencode(), lambda: _counted(visible, systems, form))


def _all_systems(query, user):
    """The page reads no parameter. Counted is each initiative that counts in some system."""

    def counts():
        asked = QueryDict(mutable=True)
        asked.setlist("conflict", list(ConflictSystem.objects.values_list("code", flat=True)))
        asked.setlist("status", BEGUN)
        asked["track"] = ANY
        return (_filter(asked, user).qs.count(),)

    return Asked("Conflict systems", "", counts)


def _filter(query, user):
    return InitiativeFilter(query, Initiative.objects.visible_to(user), user=user)


def _counted(initiatives, systems, asked):
    figures = outlines(initiatives, systems=systems, period=asked.period)
    return tuple(figures[system.pk].initiatives for system in systems)


def _carry(query, kept, names):
    for name in names:
        values = [value for value in query.getlist(name) if value and "\0" not in value]
        if values:
            kept.setlist(name, values)


def _refuse(form):
    """Raises: ValidationError with all that can't be read, by the names of the fields."""
    faults = [
        f"{form.fields[name].label if name in form.fields else 'The question'}: {text}"
        for name, texts in form.errors.items()
        for text in texts
    ]
    if faults:
        raise ValidationError(["The question can’t be read yet. Correct it on its page, then keep it.", *faults])


PAGES = {
    "initiatives:list": Page("A list of initiatives", _list, of_system=False),
    "initiatives:conflicts": Page("All conflict systems", _all_systems, of_system=False),
    "initiatives:conflict": Page("The coverage of a conflict system", _of_system("Coverage of {}", *DRAWING)),
    "initiatives:trend": Page("The trend in a conflict system", _of_system("Trend in {}", "by")),
    "initiatives:sequence": Page("Which tracks ran when", _of_system("Sequence in {}", "flows")),
    "initiatives:linkage": Page("What ties the tracks in a conflict system", _linkage),
    "initiatives:known": Page("The coverage of a conflict system as it was known on a day", _known),
    "initiatives:conflict-track": Page("Who is on a track in a conflict system", _track),
    "initiatives:open-points": Page("What is left open in a conflict system", _open_points),
    "initiatives:portfolio": Page("The work of an organisation", _of_work("Work of {}", portfolio), of_system=False),
    "initiatives:organisation-principles": Page(
        "Principles by track in the work of an organisation",
        _of_work("Principles by track, {}", organisation_principles),
        of_system=False,
    ),
    "initiatives:compare": Page("A comparison of conflict systems", _compare, of_system=False),
    "initiatives:report": Page("A report on a conflict system", _report),
}

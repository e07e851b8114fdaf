"""A system's coverage as it was known on a day, beside what is known now."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.exchange.known import known_as_json
from initiatives.models import ConflictSystem
from initiatives.pages.known import KnownForm, KnownPage, KnownWindow, on_the_day
from initiatives.pages.said import said_of_known
from initiatives.pages.window import narrowings
from initiatives.permissions import reads_network
from initiatives.recorded import recorded
from initiatives.views.answering import answer_json, answer_page, note_in_file, refused_as_json
from initiatives.views.asking import asked_by
from taxonomy.lens import lens_of
from taxonomy.models import Track


@require_safe
def coverage_known(request, code):
    """For members and curators, who are told when a record was logged and changed."""
    system = get_object_or_404(ConflictSystem, code=code)
    if not reads_network(request.user):
        raise PermissionDenied
    day = KnownForm(request.GET)
    asked = asked_by(request)
    page = _page(request, system, day.cleaned_data["on"]) if day.is_valid() and asked.is_valid() else None
    context = {
        "section": "conflicts",
        "system": system,
        "window": KnownWindow(day, asked.form, request.GET),
        "narrowings": narrowings(asked),
        "data_query": request.GET.urlencode(),
        "page": page,
    }
    live = {"root": "known", "fragment": "conflicts/_known.html", "said": page and said_of_known(page)}
    return answer_page(request, "conflicts/known.html", context, **live)


@require_safe
@cache_control(private=True, no_store=True)
def known_json(request, code):
    """The same as data, at the page's own query string, with all that changed."""
    system = get_object_or_404(ConflictSystem, code=code)
    if not reads_network(request.user):
        raise PermissionDenied
    day, asked = KnownForm(request.GET), asked_by(request)
    errors = day.errors | asked.errors
    if errors:
        return refused_as_json(errors)
    page = _page(request, system, day.cleaned_data["on"])
    note_in_file(request, [change.record.row for change in page.changes])
    return answer_json(request, known_as_json(page))


def _page(request, system, on):
    query = on_the_day(request.GET, on)
    asked, counted_as = asked_by(request, query), Track.objects.counted_under()
    records = recorded(
        asked.narrowed(system=system),
        system=system,
        on=on,
        period=asked.period,
        counted_as=counted_as,
        reader=request.user,
    )
    return KnownPage(
        system, records, on=on, period=asked.period, counted_as=counted_as, query=query, lens=lens_of(request)
    )

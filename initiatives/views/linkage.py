"""What ties tracks to one another in a conflict system: all pairs, or the records behind one of them."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.between import between
from initiatives.exchange.linkage import between_as_json
from initiatives.forms.linkage import TrackPairForm
from initiatives.models import ConflictSystem
from initiatives.pages.addresses import PAIR, Addresses, without
from initiatives.pages.coverage import CoveragePage
from initiatives.pages.linkage import LinkagePage
from initiatives.pages.said import said_of_coverage, said_of_pair
from initiatives.pages.window import Window, narrowings
from initiatives.views.answering import answer_json, answer_page, note_in_file, refused_as_json
from initiatives.views.asking import asked_by, coverage_asked
from taxonomy.lens import lens_of


@login_not_required
@require_safe
def conflict_linkage(request, code):
    """Two tracks and what ties them; without them every pair. What can't be read is told, and nothing counted."""
    system = get_object_or_404(ConflictSystem, code=code)
    lens = lens_of(request)
    asked = asked_by(request)
    pair = TrackPairForm(request.GET if set(PAIR) & set(request.GET) else None, label=lens.text)
    window = Window(asked.form, request.GET)
    kept = without(window.query, *PAIR)
    readable = asked.is_valid()
    linkage = _page(asked, system, pair.cleaned_data) if readable and pair.is_valid() else None
    page = _all_pairs(asked, system, lens) if readable and not pair.is_bound else None
    context = {
        "section": "conflicts",
        "system": system,
        "window": window,
        "readable": readable,
        "narrowings": narrowings(asked),
        "pair": pair,
        "carried": [(name, value) for name, values in kept.lists() for value in values],
        "kept": kept.urlencode(),
        "data_query": window.query.urlencode(),
        "linkage": linkage,
        "page": page,
    }
    said = said_of_pair(linkage) if linkage else page and said_of_coverage(page)
    live = {"root": "linkage", "fragment": "conflicts/_pair.html", "said": said}
    return answer_page(request, "conflicts/linkage.html", context, **live)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def linkage_json(request, code):
    """Two tracks as data; all pairs are in the data of coverage."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked, pair = asked_by(request), TrackPairForm(request.GET)
    errors = asked.errors | pair.errors
    if errors:
        return refused_as_json(errors)
    tracks = pair.cleaned_data
    found = _between(asked, system, tracks)
    note_in_file(request, found.records)
    return answer_json(request, between_as_json(found, **tracks, system=system, period=asked.period))


def _between(asked, system, tracks):
    return between(asked.narrowed(system=system), **tracks, system=system, period=asked.period, reader=asked.user)


def _page(asked, system, tracks):
    addresses = Addresses(system, asked.period, asked.data)
    return LinkagePage(**tracks, between=_between(asked, system, tracks), period=asked.period, addresses=addresses)


def _all_pairs(asked, system, lens):
    figures = coverage_asked(asked, system, statements=None)
    return CoveragePage(figures, lens, Addresses(system, asked.period, asked.data))

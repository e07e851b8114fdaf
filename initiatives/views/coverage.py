"""Which tracks a conflict system is engaging: one system, all of them, or a few side by side."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.coverage import coverages, outlines
from initiatives.drawing.choices import PARAMETERS, Drawing
from initiatives.exchange.coverage import as_json, outline_as_json
from initiatives.forms.compare import CompareForm
from initiatives.models import ConflictSystem, CoverageStatement, Initiative
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.coverage import CoveragePage, side_by_side
from initiatives.pages.said import said_of_comparison, said_of_coverage
from initiatives.pages.system import AllSystems, SystemPage
from initiatives.pages.window import Window, narrowings
from initiatives.period import Period
from initiatives.permissions import may_edit_conflicts, reads_network
from initiatives.views.answering import answer_json, answer_page, refused_as_json
from initiatives.views.asking import asked_by, coverage_asked
from taxonomy.lens import lens_of

NO_PARAMETER = (
    "This address takes no parameter: it tells every conflict system as of today. Ask for a window at "
    "/conflicts/compare.json, or of one system at its own /conflicts/<code>/coverage.json."
)


@login_not_required
@require_safe
def conflict_coverage(request, code):
    """The dashboard of one system; where the question can't be read, what is wrong with it and no figures."""
    system = get_object_or_404(ConflictSystem.objects.select_related("parent", "boundary_by"), code=code)
    asked = asked_by(request)
    page = _page(request, system, asked) if asked.is_valid() else None
    context = {
        "section": "conflicts",
        "system": system,
        "around": SystemPage(system),
        "boundary_by": system.boundary_by if reads_network(request.user) else None,  # a name is not for the public
        "window": Window(asked.form, request.GET),
        "narrowings": narrowings(asked),
        "page": page,
        "data_query": without(request.GET, *PARAMETERS).urlencode(),
        "may_edit": may_edit_conflicts(request.user),
    }
    live = {"root": "coverage", "fragment": "conflicts/_coverage.html", "said": page and said_of_coverage(page)}
    return answer_page(request, "conflicts/coverage.html", context, **live)


@login_not_required
@require_safe
def conflict_list(request):
    """All systems, by name, each with its circle as of today."""
    listed = AllSystems(lens_of(request))
    told = partial(outlines, tracks=listed.tracks)
    pages = _pages(request, listed.systems, Period.default(), told)
    context = {
        "section": "conflicts",
        "cards": [(page, listed.parts_of(page.coverage.system)) for page in pages],
        "may_edit": may_edit_conflicts(request.user),
    }
    return render(request, "conflicts/list.html", context)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def conflict_list_json(request):
    """The same as data. It takes no parameter: who asks for a window isn't answered without one."""
    if request.GET:
        return refused_as_json({name: [NO_PARAMETER] for name in request.GET})
    pages = _pages(request, ConflictSystem.objects.all(), Period.default(), outlines)
    return answer_json(request, {"systems": [outline_as_json(page.coverage) for page in pages]})


@login_not_required
@require_safe
def compare(request):
    """Two to six systems over one window, by name: side by side, never added up or ranked."""
    form = CompareForm(request.GET or None)
    pages = []
    if form.is_valid():
        systems = form.cleaned_data["system"].prefetch_related("children")
        pages = _pages(request, systems, form.period)
    context = {"section": "conflicts", "form": form, "pages": pages, "rows": side_by_side(pages)}
    live = {"root": "compare", "fragment": "conflicts/_compare.html", "said": pages and said_of_comparison(pages)}
    return answer_page(request, "conflicts/compare.html", context, **live)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def compare_json(request):
    """The same as data: the coverage of each."""
    form = CompareForm(request.GET)
    if not form.is_valid():
        return refused_as_json(form.errors)
    pages = _pages(request, form.cleaned_data["system"], form.period)
    return answer_json(request, {"systems": [as_json(page.coverage) for page in pages]})


def _page(request, system, asked):
    """The CoveragePage of one system, over what the filter leaves."""
    return CoveragePage(
        coverage_asked(asked, system, statements=CoverageStatement.objects.visible_to(request.user)),
        lens_of(request),
        Addresses(system, asked.period, request.GET),
        drawing=Drawing.asked(request.GET),
        principles=tuple(asked.options["principle"].in_use),
    )


def _pages(request, systems, period, told=coverages):
    """A CoveragePage for each of the systems, in their order. told: how much of each, `coverages` or `outlines`."""
    lens = lens_of(request)
    figures = told(
        Initiative.objects.visible_to(request.user),
        systems=systems,
        period=period,
        statements=CoverageStatement.objects.visible_to(request.user),
    )
    return [CoveragePage(figures[system.pk], lens, Addresses(system, period)) for system in systems]

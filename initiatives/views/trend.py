"""What ran, began and ended in a conflict system, by year or by month."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from initiatives.analytics.bins import trend_by
from initiatives.filters import InitiativeFilter
from initiatives.models import ConflictSystem, Initiative
from initiatives.pages.trend import UNITS, TrendPage
from initiatives.pages.window import Window, narrowings
from mtd_tracker.htmx import render_htmx
from taxonomy.lens import lens_of


@login_not_required
@require_safe
def conflict_trend(request, code):
    """One system's trend; where the question can't be read, what is wrong with it and no figures."""
    system = get_object_or_404(ConflictSystem, code=code)
    visible = Initiative.objects.visible_to(request.user)
    asked = InitiativeFilter(request.GET, visible, user=request.user, lens=lens_of(request))
    unit = request.GET.get("by") or "month"
    page = None
    if asked.is_valid() and unit in UNITS:
        figures = trend_by(
            unit, asked.narrowed(system=system), system=system, period=asked.period, reader=request.user
        )
        page = TrendPage(system, unit, figures, asked.period, request.GET)
    window = Window(asked.form, request.GET)
    context = {
        "section": "conflicts",
        "system": system,
        "window": window,
        "unknown_unit": unit not in UNITS,
        "query_by_month": window.with_values(by="month"),
        "narrowings": narrowings(asked),
        "page": page,
    }
    return render_htmx(request, "conflicts/trend.html", context, fragments={"trend": "conflicts/_trend.html"})

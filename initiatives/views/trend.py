"""What ran, began and ended in a conflict system, by year or by month."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.bins import trend_by
from initiatives.exchange.trend import trend_as_json
from initiatives.models import ConflictSystem
from initiatives.pages.addresses import without
from initiatives.pages.said import said_of_trend
from initiatives.pages.trend import UNITS, TrendPage
from initiatives.pages.window import Window, narrowings
from initiatives.views.answering import answer_json, answer_page, refused_as_json
from initiatives.views.asking import asked_by


@login_not_required
@require_safe
def conflict_trend(request, code):
    """One system's trend; where the question can't be read, what is wrong with it and no figures."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked, unit = _question(request)
    page = None
    if asked.is_valid() and unit in UNITS:
        page = TrendPage(system, unit, _trend(unit, asked, system), asked.period, request.GET)
    window = Window(asked.form, request.GET)
    context = {
        "section": "conflicts",
        "system": system,
        "window": window,
        "unknown_unit": unit not in UNITS,
        "query_by_month": window.with_values(by="month"),
        "narrowings": narrowings(asked),
        "page": page,
        "data_query": request.GET.urlencode(),
        "window_query": without(request.GET, "by").urlencode(),
    }
    live = {"root": "trend", "fragment": "conflicts/_trend.html", "said": page and said_of_trend(page)}
    return answer_page(request, "conflicts/trend.html", context, **live)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def trend_json(request, code):
    """The same as data, at the page's own query string."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked, unit = _question(request)
    errors = asked.errors | ({} if unit in UNITS else {"by": [f"Choose one of: {', '.join(UNITS)}."]})
    if errors:
        return refused_as_json(errors)
    figures = _trend(unit, asked, system)
    return answer_json(request, trend_as_json(figures, system=system, unit=unit, period=asked.period))


def _question(request):
    """(InitiativeFilter, unit)"""
    return asked_by(request), request.GET.get("by") or "month"


def _trend(unit, asked, system):
    return trend_by(unit, asked.narrowed(system=system), system=system, period=asked.period, reader=asked.user)

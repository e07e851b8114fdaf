"""The data behind a system's dashboard, at the dashboard's own query string."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.coverage import coverage
from initiatives.exchange.coverage import as_csv, as_json
from initiatives.filters import InitiativeFilter
from initiatives.models import ConflictSystem, CoverageStatement, Initiative


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def coverage_json(request, code):
    """Every figure; where the question can't be read, what is wrong with it by field, and no figures."""
    figures, errors = _asked(request, code)
    if errors:
        return JsonResponse({"errors": errors}, status=400)
    return JsonResponse(as_json(figures))


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def coverage_csv(request, code):
    """The tracks table."""
    figures, errors = _asked(request, code)
    if errors:
        lines = [f"{field}: {message}" for field, messages in errors.items() for message in messages]
        return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8", status=400)
    return HttpResponse(
        as_csv(figures),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="coverage-{figures.system.code}.csv"'},
    )


def _asked(request, code):
    """(Coverage, {}) for this reader and query string, or (None, errors by field)."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked = InitiativeFilter(request.GET, Initiative.objects.visible_to(request.user), user=request.user)
    if not asked.is_valid():
        return None, asked.errors
    figures = coverage(
        asked.narrowed(system=system),
        system=system,
        period=asked.period,
        statements=CoverageStatement.objects.visible_to(request.user),
    )
    return figures, {}

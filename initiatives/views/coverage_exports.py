"""The data behind a system's dashboard, at the dashboard's own query string, and what the fields of all data mean."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.exchange.coverage import as_csv, as_json
from initiatives.exchange.fields import fields
from initiatives.models import ConflictSystem, CoverageStatement
from initiatives.views.answering import answer_csv, answer_json, refused_as_json, refused_as_text
from initiatives.views.asking import asked_by, coverage_asked


@login_not_required
@require_safe
def fields_json(request):
    """What each field of all data means."""
    return JsonResponse(fields(), json_dumps_params={"ensure_ascii": False, "indent": 2})


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def coverage_json(request, code):
    """Every figure; where the question can't be read, what is wrong with it by field, and no figures."""
    figures, errors = _asked(request, code)
    return refused_as_json(errors) if errors else answer_json(request, as_json(figures))


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def coverage_csv(request, code):
    """The tracks table."""
    figures, errors = _asked(request, code)
    if errors:
        return refused_as_text(errors)
    return answer_csv(as_csv(figures), name=f"coverage-{figures.system.code}.csv")


def _asked(request, code):
    """(Coverage, {}) for this reader and query string, or (None, errors by field)."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked = asked_by(request)
    if not asked.is_valid():
        return None, asked.errors
    return coverage_asked(asked, system, statements=CoverageStatement.objects.visible_to(request.user)), {}

"""The list as data, at the list's own query string: the same records, all pages, in the same order."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.actions.readings import note_exported
from initiatives.exchange.rows import columns_for, initiative_rows, rows_as_csv, with_parts
from initiatives.permissions import reads_network
from initiatives.views.answering import answer_csv, refused_as_json, refused_as_text
from initiatives.views.asking import asked_by


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def export_json(request):
    """A list of objects; where the filter can't be read, what is wrong with it by parameter, and no rows."""
    filterset = asked_by(request)
    if not filterset.is_valid():
        return refused_as_json(filterset.errors)
    _, rows = _table(request, filterset)
    return JsonResponse(rows, safe=False, json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def export_csv(request):
    """With a byte order mark, by which spreadsheets know that it is UTF-8."""
    filterset = asked_by(request)
    if not filterset.is_valid():
        return refused_as_text(filterset.errors)
    columns, rows = _table(request, filterset)
    text = rows_as_csv(rows, columns=columns).encode("utf-8-sig")
    return answer_csv(text, name=f"initiatives-{filterset.period.as_of}.csv")


def _table(request, filterset):
    """(columns, rows) that this reader gets."""
    columns = columns_for(in_full=reads_network(request.user))
    initiatives = list(with_parts(filterset.qs, reader=request.user))
    note_exported(initiatives, by=request.user)
    rows = initiative_rows(
        initiatives,
        columns=columns,
        as_of=filterset.period.as_of,
        address=lambda initiative: request.build_absolute_uri(initiative.get_absolute_url()),
    )
    return columns, rows

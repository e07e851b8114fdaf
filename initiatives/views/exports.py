"""The list as data, at the list's own query string: the same records, all pages, in the same order.

It is made while it is sent, so that a long list takes no more memory than a short one, and begins as soon.
"""

import json
from functools import partial

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import StreamingHttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.actions.readings import note_exported
from initiatives.exchange.rows import columns_for, initiative_rows, rows_as_csv, with_parts
from initiatives.permissions import reads_network
from initiatives.views.answering import answer_csv, refused_as_json, refused_as_text
from initiatives.views.asking import asked_by

AT_ONCE = 500  # records that are read together


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def export_json(request):
    """A list of objects; where the filter can't be read, what is wrong with it by parameter, and no rows."""
    filterset = asked_by(request)
    if not filterset.is_valid():
        return refused_as_json(filterset.errors)
    _, parts = _table(request, filterset)
    return StreamingHttpResponse(_as_json(parts), content_type="application/json")


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def export_csv(request):
    filterset = asked_by(request)
    if not filterset.is_valid():
        return refused_as_text(filterset.errors)
    text = _as_csv(*_table(request, filterset))
    return answer_csv(text, name=f"initiatives-{filterset.period.as_of}.csv")


def _as_json(parts):
    yield "["
    between = ""
    for rows in filter(None, parts):
        yield between + ", ".join(json.dumps(row, ensure_ascii=False) for row in rows)
        between = ", "
    yield "]"


def _as_csv(columns, parts):
    yield rows_as_csv([], columns=columns)
    for rows in parts:
        yield rows_as_csv(rows, columns=columns, headed=False)


def _table(request, filterset):
    """(columns, parts of the rows) that this reader gets. Who exports them is written down before any is sent."""
    columns = _columns_for(request.user)
    as_rows = partial(
        initiative_rows,
        columns=columns,
        as_of=filterset.period.as_of,
        address=lambda initiative: request.build_absolute_uri(initiative.get_absolute_url()),
        counted_as=filterset.counted_as,
    )
    keys = note_exported(filterset.qs, by=request.user) if request.method == "GET" else []  # HEAD: none is sent
    parts = (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
    return columns, (_part(filterset, part, reader=_afresh(request.user), as_rows=as_rows) for part in parts)


def _part(filterset, keys, *, reader, as_rows):
    """Rows of what the reader may open by now of these, in their order, with as much as they are told by now."""
    found = {one.pk: one for one in with_parts(filterset.still_open(keys, reader), reader=reader)}
    return as_rows([found[key] for key in keys if key in found], told=_columns_for(reader))


def _columns_for(reader):
    return columns_for(in_full=reads_network(reader))


def _afresh(user):
    """The person as they are by now; nobody, where the account was closed meanwhile."""
    return get_user_model().objects.filter(pk=user.pk, is_active=True).first() or AnonymousUser()

"""The list of initiatives: find, narrow, page through."""

from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.pages.initiative_row import rows_of
from initiatives.paging import Pages
from initiatives.views.asking import asked_by
from mtd_tracker.htmx import render_htmx

ROWS = "initiative-rows"  # the element that htmx replaces


@login_not_required
@require_safe
def initiative_list(request):
    """What this person may open, narrowed by the filter: the page, or its rows alone."""
    filterset = asked_by(request, drawn=request.htmx.target != ROWS)
    found = filterset.qs.select_related("owner").defer("summary", "description", "sources")
    page = Pages(found, filterset.order, within=filterset.queryset).asked(request.GET)
    query, day = filterset.query(), filterset.period.as_of
    context = {
        "section": "initiatives",
        "filter": filterset,
        "chips": filterset.chips(),
        "sorts": sort_links(filterset),
        "page": page,
        "rows": rows_of(page.object_list, user=request.user, day=day),
        "query": query,
        "page_query": f"{query}&" if query else "",
        "show_sharing": request.user.is_authenticated,
    }
    response = render_htmx(request, "initiatives/list.html", context, fragments={ROWS: "initiatives/_live.html"})
    if request.htmx:
        response["HX-Push-Url"] = address_of(page, query)
    return response


def address_of(page, query):
    """The list's address without the blank fields that a form sends."""
    asked = "&".join(filter(None, [query, page.query]))
    return reverse("initiatives:list") + (f"?{asked}" if asked else "")


class SortLink(NamedTuple):
    """order, arrow: how it is sorted now; empty for the orders that aren't chosen."""

    label: str
    query: str
    order: str = ""
    arrow: str = ""


SORT_LABELS = {  # parameter: label, order, order when turned round
    "updated": ("Last changed", "newest first", "oldest first"),
    "title": ("Title", "A to Z", "Z to A"),
    "start": ("Start", "earliest first", "latest first"),
}


def sort_links(filterset):
    """One link an order; the chosen one turns it round."""
    chosen = filterset.data.get("sort") or "updated"
    links = []
    for name, (label, order, turned) in SORT_LABELS.items():
        if chosen == name:
            links.append(SortLink(label, filterset.query(sort=f"-{name}"), order, "↓"))
        else:
            links.append(SortLink(label, filterset.query(sort=name), *([turned, "↑"] if chosen == f"-{name}" else [])))
    return links

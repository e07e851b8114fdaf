"""The list of initiatives: find, narrow, page through."""

from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.filters import InitiativeFilter
from initiatives.models import Engagement, Initiative, TrackTag
from initiatives.pages.sharing import partners_told
from initiatives.permissions import is_member
from mtd_tracker.htmx import render_htmx
from taxonomy.lens import lens_of

PER_PAGE = 25


@login_not_required
@require_safe
def initiative_list(request):
    """What this person may open, narrowed by the filter: the page, or its rows alone."""
    visible = Initiative.objects.visible_to(request.user)
    filterset = InitiativeFilter(request.GET, visible, user=request.user, lens=lens_of(request))
    page = Paginator(with_row_parts(filterset.qs, request.user), PER_PAGE).get_page(request.GET.get("page"))
    query = filterset.query()
    context = {
        "section": "initiatives",
        "filter": filterset,
        "chips": filterset.chips(),
        "sorts": sort_links(filterset),
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "query": query,
        "page_query": f"{query}&" if query else "",
        "day": filterset.period.as_of,
        "show_sharing": request.user.is_authenticated,
    }
    fragments = {"initiative-rows": "initiatives/_live.html"}
    response = render_htmx(request, "initiatives/list.html", context, fragments=fragments)
    if request.htmx:
        response["HX-Push-Url"] = address_of(page, query)
    return response


def with_row_parts(initiatives, user):
    """With all that a row shows to this person, in a constant number of queries."""
    return initiatives.select_related("owner").prefetch_related(
        Prefetch("track_tags", TrackTag.objects.select_related("track")),
        Prefetch("engagements", Engagement.objects.select_related("conflict_system")),
        *([Prefetch("organisation_grants", partners_told(user), to_attr="open_to")] if is_member(user) else ()),
    )


def address_of(page, query):
    """The list's address without the blank fields that a form sends."""
    parts = [query] if query else []
    if page.number > 1:
        parts.append(f"page={page.number}")
    return reverse("initiatives:list") + ("?" + "&".join(parts) if parts else "")


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

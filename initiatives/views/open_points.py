"""What the figures of a conflict system stand on: tracks that hang on one organisation, those on which all has ended,
and what its records leave open."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from initiatives.analytics.coverage import coverage
from initiatives.models import ConflictSystem
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.open_points import asked_of_system, dormant_tracks, point_of
from initiatives.pages.said import said_of_points
from initiatives.pages.window import Window, narrowings
from initiatives.permissions import reads_network
from initiatives.views.answering import answer_page
from initiatives.views.asking import asked_by


@require_safe
def conflict_open_points(request, code):
    """For members and curators, who are told whose records they are. No figures where the question can't be read."""
    system = get_object_or_404(ConflictSystem, code=code)
    if not reads_network(request.user):
        raise PermissionDenied
    asked = asked_by(request)
    only = point_of(request.GET.get("point"))
    page = _page(request, system, asked, only) if asked.is_valid() else None
    context = {
        "section": "conflicts",
        "system": system,
        "window": Window(asked.form, request.GET),
        "narrowings": narrowings(asked),
        "only": only,
        "all_query": without(request.GET, "point", "page").urlencode(),
        "page": page,
    }
    said = page and said_of_points(page["points"], asked.period)
    live = {"root": "open-points", "fragment": "conflicts/_open_points.html", "said": said}
    return answer_page(request, "conflicts/open_points.html", context, **live)


def _page(request, system, asked, only):
    """What the template needs. One point alone is told without the tracks."""
    initiatives, of = asked.narrowed(system=system), {"system": system, "period": asked.period}
    points = asked_of_system(initiatives, **of, reader=request.user, query=request.GET, only=only)
    page = {"period": asked.period, "points": points.open}
    if only:
        return page
    figures = coverage(initiatives, **of)
    addresses = Addresses(system, asked.period, request.GET)
    return page | {
        "critical": figures.critical,
        "dormant": dormant_tracks(figures, initiatives, addresses=addresses, reader=request.user),
    }

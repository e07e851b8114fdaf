"""What a page is asked: its query string, read over what this person may open; and what coverage answers to it."""

from initiatives.analytics.coverage import coverage
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative
from taxonomy.lens import lens_of


def asked_by(request, query=None, *, drawn=False):
    """Shape: InitiativeFilter. query: another one than the request's own. drawn: as the filter takes it."""
    visible = Initiative.objects.visible_to(request.user)
    asked = request.GET if query is None else query
    return InitiativeFilter(asked, visible, user=request.user, lens=lens_of(request), drawn=drawn)


def coverage_asked(asked, system, *, statements):
    """The Coverage of one system, over what a filter that can be read leaves. statements: as `coverage` takes them."""
    return coverage(
        asked.narrowed(system=system),
        system=system,
        period=asked.period,
        statements=statements,
        counted_as=asked.counted_as,
        narrowed=asked.is_narrowed,
    )

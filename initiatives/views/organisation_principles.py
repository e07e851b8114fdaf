"""The principles by tracks of one organisation's work: the page, and the same as data."""

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.organisation_principles import organisation_principles
from initiatives.exchange.portfolio import organisation_principles_as_json
from initiatives.pages.organisation_principles import OrganisationPrinciplesPage
from initiatives.pages.portfolio import asked_of, narrowed_to
from initiatives.pages.said import said_of_work
from initiatives.views.answering import answer_json, answer_page, refused_as_json
from initiatives.views.organisation_work import of_organisation, work_asked, work_context
from taxonomy.models import Principle


@login_not_required
@require_safe
@of_organisation("initiatives:organisation-principles")
def principles_of_organisation(request, organisation):
    """Principles by tracks of its work; where the question can't be read, what is wrong with it and no figures."""
    asked, query = work_asked(request), asked_of(request.GET)
    page = _page(asked, organisation, query) if asked.is_valid() else None
    context = work_context(asked, organisation, query) | {"page": page, "data_query": query.urlencode()}
    said = page and said_of_work(page, page.found.initiatives)
    live = {"root": "organisation-principles", "fragment": "organisations/_principles.html", "said": said}
    return answer_page(request, "organisations/principles.html", context, **live)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
@of_organisation("initiatives:organisation-principles-json")
def principles_of_organisation_json(request, organisation):
    asked = work_asked(request)
    if not asked.is_valid():
        return refused_as_json(asked.errors)
    found = _found(asked, organisation)
    return answer_json(request, organisation_principles_as_json(found, organisation=organisation, period=asked.period))


def _page(asked, organisation, query):
    found = _found(asked, organisation)
    return OrganisationPrinciplesPage(organisation, found, asked.period, query, tuple(Principle.objects.in_use()))


def _found(asked, organisation):
    return organisation_principles(asked.narrowed(), organisation=organisation, **narrowed_to(asked))

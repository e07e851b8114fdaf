from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_safe

from initiatives.analytics.organisation_principles import organisation_principles
from initiatives.pages.organisation_principles import OrganisationPrinciplesPage
from initiatives.pages.portfolio import asked_of
from initiatives.views.organisation_work import narrowed_to, of_organisation, work_asked, work_context
from mtd_tracker.htmx import render_htmx
from taxonomy.models import Principle


@login_not_required
@require_safe
@of_organisation("initiatives:organisation-principles")
def principles_of_organisation(request, organisation):
    """Principles by tracks of its work; where the question can't be read, what is wrong with it and no figures."""
    asked, query = work_asked(request), asked_of(request.GET)
    page = _page(asked, organisation, query) if asked.is_valid() else None
    context = work_context(asked, organisation, query) | {"page": page}
    fragments = {"organisation-principles": "organisations/_principles.html"}
    return render_htmx(request, "organisations/principles.html", context, fragments=fragments)


def _page(asked, organisation, query):
    found = organisation_principles(asked.narrowed(), organisation=organisation, **narrowed_to(asked))
    return OrganisationPrinciplesPage(organisation, found, asked.period, query, tuple(Principle.objects.in_use()))

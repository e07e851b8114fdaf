"""One organisation's work across all conflict systems: the page, and the same as data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.portfolio import portfolio
from initiatives.exchange.portfolio import portfolio_as_csv
from initiatives.models import Organisation
from initiatives.pages.portfolio import PortfolioPage, asked_of
from initiatives.views.organisation_work import narrowed_to, of_organisation, work_asked, work_context
from mtd_tracker.htmx import render_htmx


@login_not_required
@require_safe
@of_organisation("initiatives:portfolio")
def organisation_portfolio(request, organisation):
    """Systems by tracks; where the question can't be read, what is wrong with it and no figures."""
    asked, query = work_asked(request), asked_of(request.GET)
    page = None
    if asked.is_valid():
        page = PortfolioPage(organisation, _portfolio(asked, organisation), asked.period, query)
    context = work_context(asked, organisation, query) | {"page": page, "data_query": query.urlencode()}
    return render_htmx(
        request, "organisations/portfolio.html", context, fragments={"portfolio": "organisations/_portfolio.html"}
    )


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def portfolio_csv(request, code):
    """The matrix at the page's own query string."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    asked = work_asked(request)
    if not asked.is_valid():
        lines = [f"{field}: {message}" for field, messages in asked.errors.items() for message in messages]
        return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8", status=400)
    return HttpResponse(
        portfolio_as_csv(_portfolio(asked, organisation)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="portfolio-{organisation.code}.csv"'},
    )


def _portfolio(asked, organisation):
    return portfolio(asked.narrowed(), organisation=organisation, **narrowed_to(asked))

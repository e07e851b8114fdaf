"""One organisation's work across all conflict systems: the page, and the same as data."""

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.portfolio import portfolio
from initiatives.exchange.portfolio import portfolio_as_csv, portfolio_as_json
from initiatives.pages.portfolio import PortfolioPage, asked_of, narrowed_to
from initiatives.pages.said import said_of_work
from initiatives.views.answering import answer_csv, answer_json, answer_page, refused_as_json, refused_as_text
from initiatives.views.organisation_work import of_organisation, work_asked, work_context


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
    said = page and said_of_work(page, page.portfolio.initiatives)
    live = {"root": "portfolio", "fragment": "organisations/_portfolio.html", "said": said}
    return answer_page(request, "organisations/portfolio.html", context, **live)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
@of_organisation("initiatives:portfolio-json")
def portfolio_json(request, organisation):
    """At the page's own query string, as the matrix below."""
    asked = work_asked(request)
    if not asked.is_valid():
        return refused_as_json(asked.errors)
    found = _portfolio(asked, organisation)
    return answer_json(request, portfolio_as_json(found, organisation=organisation, period=asked.period))


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
@of_organisation("initiatives:portfolio-csv")
def portfolio_csv(request, organisation):
    """The matrix."""
    asked = work_asked(request)
    if not asked.is_valid():
        return refused_as_text(asked.errors)
    found = _portfolio(asked, organisation)
    text = portfolio_as_csv(found, organisation=organisation, period=asked.period)
    return answer_csv(text, name=f"portfolio-{organisation.code}.csv")


def _portfolio(asked, organisation):
    return portfolio(asked.narrowed(), organisation=organisation, **narrowed_to(asked))

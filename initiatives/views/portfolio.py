"""One organisation's work across all conflict systems: the page, and the same as data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.portfolio import portfolio
from initiatives.exchange.portfolio import portfolio_as_csv
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative, Organisation
from initiatives.pages.portfolio import PortfolioPage, asked_of
from initiatives.pages.window import Window, narrowings
from mtd_tracker.htmx import render_htmx
from taxonomy.lens import lens_of


@login_not_required
@require_safe
def organisation_portfolio(request, code):
    """Systems by tracks; where the question can't be read, what is wrong with it and no figures."""
    known = Organisation.objects.known_to(request.user).select_related("merged_into")
    organisation = get_object_or_404(known, code=code)
    if organisation.merged_into:
        address = reverse("initiatives:portfolio", args=[organisation.merged_into.code])
        return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address, permanent=True)
    asked = _asked(request)
    query = asked_of(request.GET)
    page = None
    if asked.is_valid():
        page = PortfolioPage(organisation, _portfolio(asked, organisation), asked.period, query)
    context = {
        "section": "organisations",
        "organisation": organisation,
        "window": Window(asked.form, query),
        "narrowings": narrowings(asked),
        "page": page,
        "data_query": query.urlencode(),
    }
    return render_htmx(
        request, "organisations/portfolio.html", context, fragments={"portfolio": "organisations/_portfolio.html"}
    )


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def portfolio_csv(request, code):
    """The matrix at the page's own query string."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    asked = _asked(request)
    if not asked.is_valid():
        lines = [f"{field}: {message}" for field, messages in asked.errors.items() for message in messages]
        return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8", status=400)
    return HttpResponse(
        portfolio_as_csv(_portfolio(asked, organisation)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="portfolio-{organisation.code}.csv"'},
    )


def _asked(request):
    visible = Initiative.objects.visible_to(request.user)
    return InitiativeFilter(asked_of(request.GET), visible, user=request.user, lens=lens_of(request))


def _portfolio(asked, organisation):
    return portfolio(
        asked.narrowed(),
        organisation=organisation,
        period=asked.period,
        reader=asked.user,
        statuses=asked.form.cleaned_data["status"],
        unconfirmed=asked.form.cleaned_data["unconfirmed"],
    )

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.analytics.organisation_principles import organisation_principles
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative, Organisation
from initiatives.pages.organisation_principles import OrganisationPrinciplesPage
from initiatives.pages.portfolio import asked_of
from initiatives.pages.window import Window, narrowings
from mtd_tracker.htmx import render_htmx
from taxonomy.lens import lens_of
from taxonomy.models import Principle


@login_not_required
@require_safe
def principles_of_organisation(request, code):
    """Principles by tracks of its work; where the question can't be read, what is wrong with it and no figures."""
    known = Organisation.objects.known_to(request.user).select_related("merged_into")
    organisation = get_object_or_404(known, code=code)
    if organisation.merged_into:
        address = reverse("initiatives:organisation-principles", args=[organisation.merged_into.code])
        return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address, permanent=True)
    query = asked_of(request.GET)
    visible = Initiative.objects.visible_to(request.user)
    asked = InitiativeFilter(query, visible, user=request.user, lens=lens_of(request))
    context = {
        "section": "organisations",
        "organisation": organisation,
        "window": Window(asked.form, query),
        "narrowings": narrowings(asked),
        "page": _page(asked, organisation, query) if asked.is_valid() else None,
    }
    fragments = {"organisation-principles": "organisations/_principles.html"}
    return render_htmx(request, "organisations/principles.html", context, fragments=fragments)


def _page(asked, organisation, query):
    found = organisation_principles(
        asked.narrowed(),
        organisation=organisation,
        period=asked.period,
        reader=asked.user,
        statuses=asked.form.cleaned_data["status"],
        unconfirmed=asked.form.cleaned_data["unconfirmed"],
    )
    return OrganisationPrinciplesPage(organisation, found, asked.period, query, tuple(Principle.objects.in_use()))

"""Who read what: for an organisation's managers, and for the people of a restricted record."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from initiatives.forms.readings import ReadingsFilter
from initiatives.models import Initiative, Organisation
from initiatives.pages.readings import readings_of_organisation, readings_of_record
from initiatives.permissions import is_manager_of, may_see_readings

A_PAGE = 50


@require_safe
def organisation_readings(request, code):
    """Who opened or exported an organisation's own records, for its managers."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    if not is_manager_of(request.user, organisation.pk):
        raise PermissionDenied
    readings = readings_of_organisation(organisation, request.user)
    return _show(request, readings, {"section": "organisations", "organisation": organisation})


@require_safe
def initiative_readings(request, ref):
    """Who opened or exported one record."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    if not may_see_readings(request.user, initiative):
        raise PermissionDenied
    readings = readings_of_record(initiative, request.user)
    return _show(request, readings, {"section": "initiatives", "initiative": initiative})


def _show(request, readings, of):
    form = ReadingsFilter(request.GET, readings=readings, user=request.user)
    page = Paginator(form.found(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/readings.html", {**of, "form": form, "page": page})

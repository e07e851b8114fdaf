"""Who works where: the list and the pages of organisations, and keeping them in order."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.organisations import add_organisation, confirm_organisation, edit_organisation
from initiatives.forms.organisation import ConfirmForm, OrganisationForm, OrganisationSearch
from initiatives.keepers import number_waiting
from initiatives.models import Localness, Membership, Organisation
from initiatives.pages.organisation import (
    parts_of,
    read_part,
    revisions_of_records,
    systems_of,
    tracks_of,
    with_initiative_counts,
)
from initiatives.permissions import (
    is_manager_of,
    may_add_organisations,
    may_curate,
    may_edit_organisation,
    may_merge_organisations,
    may_name_keepers,
    may_see_members,
)
from mtd_tracker.history import revisions
from mtd_tracker.past import as_it_was
from mtd_tracker.saving import Sides, attempt, posted

A_PAGE = 25


@login_not_required
@require_safe
def organisation_list(request):
    """The organisations that this person may know of, narrowed by name, kind and country."""
    form = OrganisationSearch(request.GET, organisations=Organisation.objects.visible_to(request.user))
    found = with_initiative_counts(form.found(), request.user)
    context = {
        "section": "organisations",
        "form": form,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "asked": any(request.GET.get(name) for name in form.fields),
        "may_add": may_add_organisations(request.user),
    }
    return render(request, "organisations/list.html", context)


@login_not_required
@require_safe
def organisation_detail(request, code):
    """What one organisation does, as far as this person may open it."""
    known = Organisation.objects.known_to(request.user).select_related("merged_into")
    organisation = get_object_or_404(known, code=code)
    if organisation.merged_into:
        return redirect(organisation.merged_into, permanent=True)
    parts = parts_of(organisation, request.user)
    page = Paginator(parts, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [read_part(part) for part in page.object_list]
    context = {
        "section": "organisations",
        "organisation": organisation,
        "page": page,
        "systems": systems_of(parts),
        "tracks": tracks_of(parts),
        "localness": organisation.localness.select_related("conflict_system"),
        "may_edit": may_edit_organisation(request.user, organisation),
        "may_confirm": may_curate(request.user) and not organisation.confirmed,
        "may_merge": may_merge_organisations(request.user),
        "may_see_members": may_see_members(request.user, organisation),
        "keepers_needed": may_name_keepers(request.user, organisation) and number_waiting(organisation),
        "may_see_readings": is_manager_of(request.user, organisation.pk),
    }
    return render(request, "organisations/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request):
    """A curator's is confirmed at once; a manager's is shown to their organisation until it is."""
    if not may_add_organisations(request.user):
        raise PermissionDenied
    form = OrganisationForm(posted(request), user=request.user)
    outcome = attempt(
        form, lambda: add_organisation(form.words, by=request.user, made_in=_made_in(request.user, form))
    )
    if outcome.record:
        messages.success(request, f"{outcome.record} is added.")
        return redirect(outcome.record)
    context = {"section": "organisations", "form": form, "confirmed_at_once": may_curate(request.user)}
    return render(request, "organisations/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request, code):
    """Change what is known of an organisation; never its code."""
    organisation = _editable(request, code)
    form_of = partial(OrganisationForm, user=request.user)
    form = form_of(posted(request), instance=organisation)
    past = partial(as_it_was, organisation, parts=["localness"])
    outcome = attempt(
        form,
        lambda: edit_organisation(organisation, form.words, by=request.user, version=form.cleaned_data["version"]),
        sides=Sides(organisation, lambda record: form_of(instance=record), past),
    )
    if outcome.record:
        messages.success(request, f"{outcome.record} is saved.")
        return redirect(outcome.record)
    context = {"section": "organisations", "form": form, "organisation": organisation, "outcome": outcome}
    return render(request, "organisations/form.html", context, status=outcome.status)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_confirm(request, code):
    """Make an organisation known to everyone, after a question."""
    organisation = _visible(request, code)
    if not may_curate(request.user):
        raise PermissionDenied
    if organisation.confirmed:
        return redirect(organisation)
    form = ConfirmForm(posted(request), instance=organisation)
    outcome = attempt(
        form,
        lambda: confirm_organisation(organisation, by=request.user, version=form.cleaned_data["version"]),
        sides=Sides(organisation, lambda record: ConfirmForm(instance=record)),
    )
    if outcome.record:
        messages.success(request, f"{organisation} is confirmed, and known to everyone.")
        return redirect(organisation)
    context = {"section": "organisations", "organisation": organisation, "form": form, "outcome": outcome}
    return render(request, "organisations/confirm.html", context, status=outcome.status)


@require_safe
def organisation_history(request, code):
    """What became of it, for those who may edit it."""
    organisation = _editable(request, code)
    # Who made it, and for whom, may be more than this reader knows of the one or the other.
    told = revisions(
        organisation,
        leave_out=("made_by", "made_in"),
        parts={Localness: ("organisation", "Local or not")},
        untold=revisions_of_records(organisation),
    )
    context = {"section": "organisations", "organisation": organisation, "revisions": told}
    return render(request, "organisations/history.html", context)


def _visible(request, code):
    return get_object_or_404(Organisation.objects.visible_to(request.user), code=code)


def _editable(request, code):
    organisation = _visible(request, code)
    if not may_edit_organisation(request.user, organisation):
        raise PermissionDenied
    return organisation


def _made_in(user, form):
    """The organisation that a manager adds for; None for a curator."""
    if may_curate(user):
        return None
    managed = Membership.objects.active_for(user).managing().select_related("organisation")
    return form.cleaned_data.get("made_in") or managed.first().organisation

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.actions.merging import AT_WORK, is_at_work, merge_organisations
from initiatives.forms.directory import Targets, listed
from initiatives.forms.merging import MergeForm, TargetForm
from initiatives.models import Organisation
from initiatives.permissions import may_merge_organisations
from mtd_tracker.reauthentication import require_reauthentication
from mtd_tracker.saving import Sides, attempt, posted


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_merge(request, code):
    """Look for the organisation that stays, see what would happen, and merge into it."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    if not may_merge_organisations(request.user):
        raise PermissionDenied
    if request.method == "POST":
        require_reauthentication(request)  # it can't be undone
    directory = Targets(request.user, organisation)
    search = TargetForm(request.GET if "into" in request.GET else None, directory=directory)
    target = search.cleaned_data["into"] if search.is_valid() else None
    suggested = _suggested(directory, organisation, search)
    if suggested and search.has_error("into", "part"):
        search = TargetForm(initial=search.data.dict(), directory=directory)  # a part that finds some is no mistake
    initial = {"into": target and listed(target), "version": organisation.version}
    form = MergeForm(posted(request), directory=directory, organisation=organisation, initial=initial)
    outcome = attempt(
        form,
        lambda: merge_organisations(
            organisation, form.cleaned_data["into"], by=request.user, version=form.cleaned_data["version"]
        ),
        sides=Sides(organisation, lambda record: MergeForm(directory=directory, organisation=record)),
    )
    if outcome.record:
        messages.success(request, f"{organisation} was merged into {outcome.record}.")
        return redirect(outcome.record)
    context = {
        "section": "organisations",
        "organisation": organisation,
        "refused": AT_WORK if is_at_work(organisation) else "",
        "search": search,
        "target": target,
        "suggested": suggested,
        "form": form,
        "outcome": outcome,
    }
    return render(request, "organisations/merge.html", context, status=outcome.status)


def _suggested(directory, organisation, search):
    """Confirmed ones that match what was typed, else those of much the same name. Shape: [Organisation]."""
    typed = (search.data.get("into") or "").strip()[:300] if search.is_bound else ""
    return directory.matching(typed) if typed else directory.like(organisation.name)

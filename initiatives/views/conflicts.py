"""Conflict systems, kept in order by managers and curators; their coverage is read in `coverage`."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.conflicts import add_conflict, edit_conflict
from initiatives.forms.conflict import ConflictForm
from initiatives.models import ConflictExternalId, ConflictSystem, Phase
from initiatives.permissions import may_edit_conflicts
from mtd_tracker.history import revisions
from mtd_tracker.past import as_it_was
from mtd_tracker.saving import Sides, attempt, posted

HELD = ("phases", "external_ids")
PARTS = {
    Phase: ("conflict_system", "Phases", "start_on"),
    ConflictExternalId: ("conflict_system", "In other lists"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def conflict_new(request):
    """A new conflict system is known to everyone at once."""
    if not may_edit_conflicts(request.user):
        raise PermissionDenied
    form = ConflictForm(posted(request))
    outcome = attempt(form, lambda: add_conflict(form.words, by=request.user))
    if outcome.record:
        messages.success(request, f"{outcome.record} is added.")
        return redirect(outcome.record)
    return render(request, "conflicts/form.html", {"section": "conflicts", "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def conflict_edit(request, code):
    """Change everything but the code."""
    system = _editable(request, code)
    form = ConflictForm(posted(request), instance=system)
    outcome = attempt(
        form,
        lambda: edit_conflict(system, form.words, by=request.user, version=form.cleaned_data["version"]),
        sides=Sides(system, lambda record: ConflictForm(instance=record), partial(as_it_was, system, parts=HELD)),
    )
    if outcome.record:
        messages.success(request, f"{outcome.record} is saved.")
        return redirect(outcome.record)
    context = {"section": "conflicts", "form": form, "system": system, "outcome": outcome}
    return render(request, "conflicts/form.html", context, status=outcome.status)


@require_safe
def conflict_history(request, code):
    """What became of it, for those who may edit it."""
    system = _editable(request, code)
    context = {"section": "conflicts", "system": system, "revisions": revisions(system, parts=PARTS)}
    return render(request, "conflicts/history.html", context)


def _editable(request, code):
    system = get_object_or_404(ConflictSystem, code=code)
    if not may_edit_conflicts(request.user):
        raise PermissionDenied
    return system

"""One earlier version of an initiative: what it said, what differs now, and bringing it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_http_methods

from initiatives.actions.readings import note_opened
from initiatives.actions.restoring import as_it_can_return, restore, snapshot_of
from initiatives.forms.lifecycle import RestoreForm
from initiatives.models import Initiative
from initiatives.pages.history import Revisions
from initiatives.permissions import may_edit, may_share
from initiatives.views.proving import prove_where_agreed
from mtd_tracker.names import with_names
from mtd_tracker.saving import Sides, attempt, posted


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_version(request, ref, number):
    """Show a version that this person may read; write it over what is there now, once they say so."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    version = Revisions(initiative, request.user).numbered(number)
    if version is None:
        raise Http404
    day = format_date(version.revision.date_created, "j F Y, H:i")
    earlier = as_it_can_return(snapshot_of(version), by=request.user)
    for_more = earlier.was_for_fewer(initiative)
    may_restore = not for_more or may_share(request.user, initiative)
    if request.method == "POST" and not may_restore:
        raise PermissionDenied
    form = RestoreForm(posted(request), initiative=initiative, for_more=for_more)
    prove_where_agreed(request, form)
    save = {"by": request.user, "note": f"Version of {day} restored"}
    outcome = attempt(
        form,
        lambda: restore(initiative, earlier, **form.cleaned_data, **save),
        sides=Sides(initiative, lambda stored: RestoreForm(initiative=stored, for_more=for_more)),
    )
    if outcome.record:
        messages.success(request, f"The version of {day} UTC is back.")
        return redirect(initiative)
    context = {"form": form, "outcome": outcome, "earlier": earlier, "number": number, "may_restore": may_restore}
    return _show(request, version, context | {"for_more": for_more})


def _show(request, version, context):
    """Compared with the record as it stands at this very moment, which a stale form did not know."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), pk=version.object_id)
    revisions = Revisions(initiative, request.user)
    said, differences = revisions.compared(version)
    context |= {
        "section": "initiatives",
        "initiative": initiative,
        "version": version,
        "note": with_names([revisions.note(version)])[0],
        "person": revisions.person(version),
        "said": said,
        "differences": differences,
        "recorded": note_opened(initiative, by=request.user),
        "is_latest": initiative.version == context["number"],
    }
    return render(request, "initiatives/version.html", context, status=context["outcome"].status)

"""What the records of one's own organisation ask for, gathered for its managers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.lifecycle import confirm
from initiatives.models import Initiative
from initiatives.pages.marks import BY_SLUG
from initiatives.pages.open_points import MOST_COUNTED, number_to_do, point_of, statements_to_renew, to_do
from initiatives.permissions import may_edit, may_see_to_do
from initiatives.workspace import workspace_of
from mtd_tracker.history import StaleSave
from mtd_tracker.parsing import uuid_in, whole_number


@require_http_methods(["GET", "HEAD", "POST"])
def todo(request):
    """The open points; a record is confirmed in place."""
    organisation = _organisation(request)
    if request.method == "POST":
        if "confirm" in request.POST:
            _confirm(request)
        return redirect(request.get_full_path())
    only = point_of(request.GET.get("point"))
    asking = to_do(request.user, organisation, only=only, number=request.GET.get("page"))
    context = {
        "section": "todo",
        "organisation": organisation,
        "only": only,
        "points": asking.open,
        "statements": () if only else statements_to_renew(organisation, request.user),
    }
    return render(request, "todo.html", context)


@require_safe
def todo_count(request):
    """How many records ask for something, for the navigation: a fragment that each page asks for by itself."""
    number = number_to_do(request.user, _organisation(request))
    return render(request, "_todo_count.html", {"number": number, "most": MOST_COUNTED, "places": ("wide", "menu")})


def _organisation(request):
    """The one that this person works for. Raises: PermissionDenied where they don't manage it."""
    organisation = workspace_of(request)
    if not may_see_to_do(request.user, organisation):
        raise PermissionDenied
    return organisation


def _confirm(request):
    """Raises: Http404 where the record can't be seen; PermissionDenied where it may not be changed."""
    visible = Initiative.objects.visible_to(request.user)
    initiative = get_object_or_404(visible, ref=uuid_in(request.POST.get("confirm")))
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    if not BY_SLUG["confirm"].offered(initiative):
        messages.info(request, format_html("{} doesn’t run as it stands now: nothing was changed.", _link(initiative)))
        return
    try:
        confirm(initiative, by=request.user, version=whole_number(request.POST.get("version")))
    except StaleSave:
        changed = "{} was changed in the meantime, so it isn’t confirmed yet. Look at it first."
        messages.error(request, format_html(changed, _link(initiative)))
    except ValidationError as refusal:
        messages.error(request, format_html("{}: {}", _link(initiative), " ".join(refusal.messages)))
    else:
        messages.success(request, format_html("{} is confirmed as of today.", _link(initiative)))


def _link(initiative):
    return format_html('<a href="{}">{}</a>', initiative.get_absolute_url(), initiative.title)

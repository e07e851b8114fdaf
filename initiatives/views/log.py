from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.actions.log import add_entry, delete_entry, edit_entry
from initiatives.forms.log import LogEntryForm
from initiatives.models import Initiative, LogEntry
from initiatives.pages.initiative import diary_of
from initiatives.permissions import may_edit_log_entry, may_keep_log
from mtd_tracker.forms import collisions
from mtd_tracker.history import StaleSave
from mtd_tracker.htmx import render_htmx


@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request, ref):
    """Add to the diary: in place on the record's page, or on a page of its own."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    if not may_keep_log(request.user, initiative):
        raise PermissionDenied
    form = LogEntryForm(request.POST or None, initiative=initiative)
    if form.is_valid() and _kept(form, lambda: add_entry(initiative, by=request.user, **_said(form))):
        if request.htmx.target != "diary":
            messages.success(request, "Added to the diary.")
            return redirect(f"{initiative.get_absolute_url()}#diary")
        form = LogEntryForm(initiative=initiative)
        return _diary(request, initiative, form, added=True)
    return _diary(request, initiative, form)


def _diary(request, initiative, form, *, added=False):
    context = {
        "section": "initiatives",
        "initiative": initiative,
        "ref": initiative.ref,
        "diary": diary_of(initiative, request.user),
        "language": initiative.language,
        "entry_form": form,
        "added": added,
    }
    fragments = {"diary": "initiatives/_diary.html"}
    return render_htmx(request, "initiatives/entry.html", context | {"form": form}, fragments=fragments)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request, ref, entry):
    """Change an entry of the diary."""
    entry = _entry_to_change(request.user, ref, entry)
    initiative = entry.initiative
    form = LogEntryForm(request.POST or None, instance=entry, initiative=initiative, user=request.user)
    context = {"section": "initiatives", "initiative": initiative, "entry": entry, "form": form}
    if form.is_valid():
        said = _said(form)
        try:
            if _kept(form, lambda: edit_entry(entry, by=request.user, version=form.cleaned_data["version"], **said)):
                messages.success(request, "The entry is saved.")
                return redirect(f"{initiative.get_absolute_url()}#diary")
        except StaleSave as stale:
            context |= _stale(request, stale.stored, initiative)
            return render(request, "initiatives/entry.html", context, status=409)
    return render(request, "initiatives/entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_delete(request, ref, entry):
    """Ask whether to delete an entry of the diary; delete it."""
    entry = _entry_to_change(request.user, ref, entry)
    if request.method == "POST":
        delete_entry(entry, by=request.user)
        messages.success(request, "The entry is deleted.")
        return redirect(f"{entry.initiative.get_absolute_url()}#diary")
    context = {
        "section": "initiatives",
        "heading": "Delete this entry of the diary?",
        "what": entry.text,
        "consequence": "Nobody will find it in the diary any more.",
        "button": "Delete the entry",
        "initiative": entry.initiative,
    }
    return render(request, "initiatives/delete.html", context)


def _entry_to_change(user, ref, entry):
    """Raises: Http404 where this person can't see it; PermissionDenied where they may not change it."""
    visible = LogEntry.objects.visible_to(user).select_related("initiative")
    entry = get_object_or_404(visible, ref=entry, initiative__ref=ref)
    if not may_edit_log_entry(user, entry):
        raise PermissionDenied
    return entry


def _said(form):
    return {name: form.cleaned_data[name] for name in ("happened_on", "kind", "text", "sharing")}


def _kept(form, act):
    """Do it; False where the action refuses, with its reasons beside the fields."""
    try:
        act()
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _stale(request, stored, initiative):
    """Form and comparison after a refused save; sent again, the form overwrites what is stored now."""
    sent = request.POST.copy()
    sent["version"] = stored.version
    form = LogEntryForm(sent, instance=stored, initiative=initiative, user=request.user)
    theirs = LogEntryForm(instance=type(stored).objects.get(pk=stored.pk), initiative=initiative, user=request.user)
    return {"form": form, "stale": True, "collisions": collisions(form, theirs)}

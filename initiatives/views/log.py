from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.actions.log import add_entry, delete_entry, edit_entry
from initiatives.actions.readings import note_opened
from initiatives.forms.log import LogEntryForm
from initiatives.models import Initiative, LogEntry, Sharing
from initiatives.pages.initiative import diary_of
from initiatives.pages.past import past_entry
from initiatives.permissions import may_edit_log_entry, may_keep_log, may_widen_log_entry
from mtd_tracker.htmx import render_htmx
from mtd_tracker.reauthentication import require_reauthentication
from mtd_tracker.saving import Sides, attempt


@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request, ref):
    """Add to the diary: in place on the record's page, or on a page of its own."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    if not may_keep_log(request.user, initiative):
        raise PermissionDenied
    note_opened(initiative, by=request.user)  # the page shows its diary
    form = LogEntryForm(request.POST or None, initiative=initiative)
    if attempt(form, lambda: add_entry(initiative, by=request.user, **_said(form))).record:
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
    wider = request.method == "POST" and _is_wider(request.POST.get("sharing"), entry)
    if wider and may_widen_log_entry(request.user, entry):
        require_reauthentication(request)
    form_of = partial(LogEntryForm, initiative=initiative, user=request.user)
    form = form_of(request.POST or None, instance=entry)
    result = attempt(
        form,
        lambda: edit_entry(entry, by=request.user, version=form.cleaned_data["version"], **_said(form)),
        sides=Sides(
            entry,
            lambda record: form_of(instance=record),
            partial(past_entry, entry, user=request.user),
            LogEntry.objects.visible_to(request.user),
        ),
    )
    if result.record:
        messages.success(request, "The entry is saved.")
        return redirect(f"{initiative.get_absolute_url()}#diary")
    context = {"section": "initiatives", "initiative": initiative, "entry": entry, "form": form}
    context |= {"merge": result.merge}
    return render(request, "initiatives/entry.html", context, status=result.status)


def _is_wider(level, entry):
    return level in Sharing and Sharing(level).width > Sharing(entry.sharing).width


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
    """An entry whose text the page will show, which counts as a reading.

    Raises: Http404 where this person can't see it; PermissionDenied where they may not change it.
    """
    visible = LogEntry.objects.visible_to(user).select_related("initiative")
    entry = get_object_or_404(visible, ref=entry, initiative__ref=ref)
    if not may_edit_log_entry(user, entry):
        raise PermissionDenied
    note_opened(entry.initiative, by=user)
    return entry


def _said(form):
    return {name: form.cleaned_data[name] for name in ("happened_on", "kind", "text", "sharing")}

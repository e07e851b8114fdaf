from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from initiatives.actions.lifecycle import delete_draft
from initiatives.models import Initiative, Sharing
from initiatives.notices import announce
from initiatives.pages import marks
from initiatives.pages.history import Revisions
from initiatives.permissions import may_delete, may_edit
from initiatives.views.proving import prove_where_agreed
from mtd_tracker.history import StaleSave
from mtd_tracker.saving import tell


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_mark(request, ref, mark):
    """Ask about one mark on an initiative; set it once the answer is sent."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user).select_related("owner"), ref=ref)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    mark = marks.BY_SLUG.get(mark)
    if mark is None:
        raise Http404
    if not mark.may(request.user, initiative):
        raise PermissionDenied
    mark = marks.as_read(mark, initiative, request.user)
    if request.method != "POST":
        return _ask(request, initiative, mark, mark.form(initiative=initiative, initial=request.GET.dict()))
    form = mark.form(request.POST, initiative=initiative)
    if not form.is_valid():
        return _ask(request, initiative, mark, form)
    prove_where_agreed(request, form)
    if not mark.offered(initiative) and form.cleaned_data["version"] in (None, initiative.version):
        messages.info(request, f"Nothing was changed: “{mark.label}” does not apply to it as it stands now.")
        return redirect(initiative)
    before = mark.before(initiative)
    try:
        announce(request, mark.act(initiative, by=request.user, **form.cleaned_data))
    except ValidationError as refusal:
        tell(form, refusal, otherwise=_day_field(form))
        return _ask(request, initiative, mark, form)
    except StaleSave as stale:
        return _ask_again(request, stale.stored, mark, seen=form.cleaned_data["version"])
    done = mark.ahead(form.cleaned_data) or mark.done
    messages.success(request, _with_way_back(request.user, initiative, mark, done, before))
    return redirect(initiative)


def _ask(request, initiative, mark, form, *, changed=None, status=200):
    context = {
        "section": "initiatives",
        "initiative": initiative,
        "status": initiative.recorded_status(),
        "readers": Sharing(initiative.sharing).readers,
        "mark": mark,
        "form": form,
        "offered": mark.offered(initiative),
        "incomplete": mark.slug == "publish" and bool(form.non_field_errors()),
        "changed": changed,
    }
    return render(request, "initiatives/mark.html", context, status=status)


def _ask_again(request, stored, mark, *, seen):
    """The record changed since the question was asked: ask afresh, and say what changed."""
    stored = get_object_or_404(Initiative.objects.visible_to(request.user).select_related("owner"), pk=stored.pk)
    answer = request.POST.copy()
    answer["version"] = stored.version
    changed = Revisions(stored, request.user).since(seen)
    return _ask(request, stored, mark, mark.form(answer, initiative=stored), changed=changed, status=409)


def _day_field(form):
    """Where a refusal is shown that names no field of the form: beside the first day that it asks for, if any."""
    return next((name for name in form.fields if name not in ("version", "agreed")), None)


def _with_way_back(user, initiative, mark, done, before):
    """What was done, in words, with a link to take it back. before: what that form starts with."""
    back = marks.as_read(marks.BY_SLUG[mark.back], initiative, user)
    address = reverse("initiatives:mark", args=[initiative.ref, back.slug])
    return format_html(
        '{} <a href="{}">{}</a>', done, f"{address}?{urlencode(before)}" if before else address, back.label
    )


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_delete(request, ref):
    """Ask whether to erase a draft; erase it."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    if not may_delete(request.user, initiative):
        raise PermissionDenied
    if request.method == "POST":
        try:
            delete_draft(initiative, by=request.user)
        except ValidationError as refusal:  # it was published in this very moment
            messages.error(request, " ".join(refusal.messages))
            return redirect(initiative)
        messages.success(request, f"The draft “{initiative.title}” is deleted.")
        return redirect("initiatives:list")
    context = {
        "section": "initiatives",
        "heading": "Delete this draft?",
        "what": initiative.title,
        "consequence": "The draft, its diary and its history are erased for good. There is no way back.",
        "button": "Delete the draft",
        "initiative": initiative,
    }
    return render(request, "initiatives/delete.html", context)

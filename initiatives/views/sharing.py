"""Who reads a record: said on a page of its own, once it was published."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.sharing import change_sharing
from initiatives.forms.sharing import SharingForm
from initiatives.forms.who_reads import organisations_of
from initiatives.models import Initiative, Sharing
from initiatives.pages.sharing import diary_handed_over, opened_by
from initiatives.permissions import is_member, may_share
from initiatives.readers import members_of
from initiatives.views.proving import prove_where_agreed
from mtd_tracker.saving import Attempt, Sides, attempt, posted


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_sharing(request, ref):
    """Say who reads it. What opens it to more is asked about in a second step, and told before it is done."""
    visible = Initiative.objects.visible_to(request.user).select_related("owner", "author")
    initiative = get_object_or_404(visible, ref=ref)
    if not may_share(request.user, initiative):
        raise PermissionDenied
    form = SharingForm(posted(request), user=request.user, initiative=initiative)
    prove_where_agreed(request, form)
    save = partial(_change, form, by=request.user)
    sides = Sides(
        initiative, lambda stored: SharingForm(user=request.user, initiative=stored), within=visible.order_by()
    )
    result = Attempt() if form.asks_why() else attempt(form, save, sides=sides)
    if result.record:
        messages.success(request, "Saved. Who may read it is as you said; its history tells of the change.")
        return _back(request.user, result.record)
    return _show(request, form, result)


def _change(form, *, by):
    said = form.cleaned_data
    return change_sharing(
        form.instance, form.values(), by=by, version=said["version"], reason=said["reason"], agreed=said["agreed"]
    )


def _back(user, initiative):
    """The record; the list, where one has shared it away from oneself."""
    still_read = Initiative.objects.visible_to(user).filter(pk=initiative.pk).exists()
    return redirect(initiative) if still_read else redirect("initiatives:list")


def _show(request, form, result):
    opened, diary = [], None
    if form.is_bound and form.gained:
        owner = form.reach.changed(form.values()).owner
        opened = opened_by(form.gained, owner=owner)
        diary = diary_handed_over(form.instance, owner=owner, user=request.user)
    context = {
        "section": "initiatives",
        "initiative": form.instance,
        "form": form,
        "opened": opened,
        "diary": diary,
        "asks_why": form.asks_why(),
        "answering": bool(opened) or (form.is_bound and "reason" in form.data),
        "merge": result.merge,
    }
    return render(request, "initiatives/sharing.html", context, status=result.status)


@require_safe
def organisation_readers(request):
    """Fragment: who reads what is shared with an organisation of one's own: the first, unless `owner` says which."""
    if not is_member(request.user):
        raise PermissionDenied
    own = organisations_of(request.user)
    code = request.GET.get("owner", own[0].code)
    organisation = next((one for one in own if one.code == code), None)
    if organisation is None:
        raise Http404
    context = {"level": Sharing.ORGANISATION, "readers": members_of(organisation)}
    return render(request, "initiatives/_readers.html", context)

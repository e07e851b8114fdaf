"""A form that was sent from this browser while its person was signed out: told what it would do, before it does it."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from initiatives.models import Initiative
from initiatives.pages import marks
from initiatives.permissions import may_edit
from mtd_tracker.reauthentication import go_on_with
from mtd_tracker.signed_out import HELD, held_for

PAGES = {  # what a form of this page does; of others the address is told alone
    "initiatives:new": "Log an initiative",
    "initiatives:edit": "Change the record",
    "initiatives:autosave-new": "Keep text that isn’t saved, or discard it",
    "initiatives:autosave-edit": "Keep text that isn’t saved, or discard it",
    "initiatives:sharing": "Say who reads the record",
    "initiatives:version": "Bring back an earlier version of the record",
    "initiatives:review": "Approve the record, or return it",
    "initiatives:delete": "Delete the draft",
    "initiatives:log-new": "Write into the record’s diary",
    "initiatives:log-edit": "Change an entry of the record’s diary",
    "initiatives:log-delete": "Delete an entry of the record’s diary",
    "initiatives:link-new": "Record a link",
    "initiatives:link-delete": "Remove a link",
    "initiatives:link-propose": "Ask the other side to confirm a link",
    "initiatives:link-answer": "Confirm a link, or decline it",
    "initiatives:invite": "Invite somebody into an organisation",
    "initiatives:invited": "Send an invitation again, or take it back",
    "initiatives:member": "Change a membership",
    "initiatives:keeper": "Propose a keeper, or agree to one",
    "initiatives:leave": "Leave an organisation",
    "erasure:record": "Ask that the record be erased for good",
    "erasure:account": "Ask that your account be erased for good",
    "erasure:erasure": "Agree to an erasure, or decline it",
}
NAMES = {"agreed": "Those concerned have agreed", "action": "Button pressed"}
LEFT_OUT = ("csrfmiddlewaretoken", "form_token", "version", "base", "wording", "next")  # they say nothing to a person


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request):
    """Ask whether it is to be sent; send it from its own address, or throw it away."""
    held = held_for(request)
    if held is None:
        messages.info(request, "No form waits for you here.")
        return redirect(settings.LOGIN_REDIRECT_URL)
    act = request.POST.get("act")
    if act and constant_time_compare(request.POST.get("sent", ""), _which(held)):
        del request.session[HELD]
        if act == "send":
            go_on_with(request, address=held["address"], form=held["form"])
            return HttpResponseRedirect(held["address"])
        messages.success(request, "The form is thrown away. Nothing of it was done.")
        return redirect(settings.LOGIN_REDIRECT_URL)
    at = datetime.fromtimestamp(held["at"], UTC)
    form = QueryDict(held["form"], encoding=request.encoding)
    context = {"at": at, "address": held["address"], "which": _which(held), "said": _said(form)}
    return render(request, "account/waiting.html", context | _told(held["address"], request.user))


def _which(held):
    """Tells it from another one, so that what is sent is what was read."""
    return str(held["at"])


def _told(address, user):
    """What it would do, and to which record, as far as the person may open that one."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return {}
    record = None
    if match.view_name.startswith(("initiatives:", "erasure:")) and "ref" in match.kwargs:
        record = Initiative.objects.visible_to(user).select_related("owner").filter(ref=match.kwargs["ref"]).first()
    mark = marks.BY_SLUG.get(match.kwargs.get("mark"))
    if record and mark and may_edit(user, record):
        mark = marks.as_read(mark, record, user)
        return {"record": record, "does": mark.label, "meaning": mark.meaning}
    return {"record": record, "does": PAGES.get(match.view_name)}


def _said(form):
    """What was filled in. Shape: [(name of a field in words, text)]."""
    return [
        (
            NAMES.get(name) or name.replace("-", " ").replace("_", " ").capitalize(),
            ", ".join("yes" if text == "on" else text for text in texts if text),
        )
        for name, texts in form.lists()
        if name not in LEFT_OUT and any(texts)
    ]

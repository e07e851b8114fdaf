"""Text that is being typed: kept every few seconds, so that neither a crash nor a sign-out takes it away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.actions.autosaves import discard_text, keep_text
from initiatives.forms.checks import ref_made_with
from initiatives.models import Initiative
from initiatives.permissions import may_edit, may_log
from mtd_tracker.parsing import uuid_in, whole_number

MOST_CHARACTERS = 200_000
LEFT_OUT = ("csrfmiddlewaretoken", "action", "merge", "confirmed_new")


@require_http_methods(["GET", "HEAD", "POST"])
def autosave_new(request):
    """Keep, or discard, what stands in the form of a new initiative. To come here by a link leads to that form."""
    if not may_log(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("initiatives:new")
    token = uuid_in(request.POST.get("form_token", ""))
    if token is None:
        return _answer(request, "unreadable", status=400)
    return _keep_or_discard(request, back="initiatives:home", token=ref_made_with(token, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def autosave_edit(request, ref):
    """The same of an initiative that is there."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("initiatives:edit", ref)
    version = whole_number(request.POST.get("base")) or whole_number(request.POST.get("version"))
    if version is None and "discard" not in request.POST:
        return _answer(request, "unreadable", status=400)
    return _keep_or_discard(request, back=("initiatives:edit", ref), initiative=initiative, version=version)


def _keep_or_discard(request, *, back, version=None, **form):
    if "discard" in request.POST:
        discard_text(by=request.user, **form)
        messages.info(request, "The text that was not saved is discarded.")
        return redirect(*back) if isinstance(back, tuple) else redirect(back)
    sent = _sent(request.POST)
    if sum(len(text) for texts in sent.values() for text in texts) > MOST_CHARACTERS:
        return _answer(request, "long", status=413)
    text = keep_text(sent, by=request.user, version=version, **form)
    return _answer(request, "kept" if text else "saved", text=text)


def _answer(request, outcome, *, text=None, status=200):
    return render(request, "initiatives/_kept.html", {"outcome": outcome, "text": text}, status=status)


def _sent(post):
    """The fields of the form, and nothing secret; without NUL, which PostgreSQL doesn't keep."""
    return {
        name.replace("\0", ""): [text.replace("\0", "") for text in texts]
        for name, texts in post.lists()
        if name not in LEFT_OUT and "password" not in name and not name.startswith("take-")
    }

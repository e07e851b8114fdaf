"""Review before publishing: what waits for a reviewer, and what they decide."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.readings import note_opened
from initiatives.actions.review import approve, send_back
from initiatives.forms.review import ReviewForm
from initiatives.models import Initiative, Publication, ReviewStep
from initiatives.notices import announce
from initiatives.pages.history import Revisions
from initiatives.pages.initiative import reading_of, with_parts
from initiatives.pages.review import decided_already, queue_of, steps_told
from initiatives.permissions import is_manager, may_review
from initiatives.views.reading import circle_of
from mtd_tracker.history import StaleSave
from mtd_tracker.saving import posted
from taxonomy.lens import lens_of

PER_PAGE = 25
DECISIONS = {ReviewForm.APPROVE: ReviewStep.Kind.APPROVED, ReviewForm.RETURN: ReviewStep.Kind.RETURNED}
DONE = {ReviewForm.APPROVE: "Approved: it is published.", ReviewForm.RETURN: "Returned to its author."}


@require_safe
def review_queue(request):
    """What waits for this person's review."""
    if not is_manager(request.user):
        raise PermissionDenied
    page = Paginator(queue_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/reviews.html", {"section": "reviews", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_review(request, ref):
    """The record as its readers will find it; approve it, or return it with a comment."""
    if decided_already(ref, request.user, DECISIONS.get(request.POST.get("decision"))):
        messages.info(request, "This was done already; nothing was done twice.")
        return redirect("initiatives:reviews")
    initiative = _found(request, ref)
    if initiative is None:
        return _over(request, None)
    if not may_review(request.user, initiative):
        raise PermissionDenied
    if initiative.publication != Publication.IN_REVIEW:
        return _over(request, initiative)
    form = ReviewForm(posted(request), initiative=initiative)
    if form.is_bound and form.is_valid():
        return _decide(request, initiative, form)
    return _show(request, initiative, form)


def _decide(request, initiative, form):
    said = form.cleaned_data
    act = approve if said["decision"] == ReviewForm.APPROVE else send_back
    try:
        announce(request, act(initiative, by=request.user, version=said["version"], comment=said["comment"]))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _show(request, initiative, form)
    except StaleSave:
        return _look_again(request, initiative.ref, seen=said["version"])
    messages.success(request, DONE[said["decision"]])
    return redirect("initiatives:reviews")


def _found(request, ref):
    return with_parts(Initiative.objects.visible_to(request.user)).filter(ref=ref).first()


def _look_again(request, ref, *, seen):
    """It changed since the reviewer read it: nothing is done, and what changed is shown with what they wrote."""
    stored = _found(request, ref)
    if stored is None or stored.publication != Publication.IN_REVIEW:
        return _over(request, stored)
    answer = request.POST.copy()
    answer["version"] = stored.version
    form = ReviewForm(answer, initiative=stored)
    return _show(request, stored, form, changed=Revisions(stored, request.user).since(seen), status=409)


def _over(request, initiative):
    """It isn't in review, for this person at least. initiative: None where they may not open it, or there is none."""
    context = {
        "section": "reviews",
        "initiative": initiative,
        "step": initiative and steps_told(initiative, request.user).first(),
        "sent": request.method == "POST",
        "comment": request.POST.get("comment", ""),
    }
    status = 404 if initiative is None else 409 if context["sent"] else 200
    return render(request, "initiatives/review_over.html", context, status=status)


def _show(request, initiative, form, *, changed=None, status=200):
    note_opened(initiative, by=request.user)
    context = {
        **reading_of(initiative, request.user),
        "section": "reviews",
        "initiative": initiative,
        "form": form,
        "steps": steps_told(initiative, request.user),
        "since_last": Revisions(initiative, request.user).since_last_review(),
        "changed": changed,
        "circle": circle_of(initiative, lens_of(request)),
    }
    return render(request, "initiatives/review.html", context, status=status)

"""Asking the other side of a link, and answering for it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.proposals import AnsweredAlready, answer, answered, propose, refuse_unproposable
from initiatives.forms.links import AnswerForm
from initiatives.models import InitiativeLink
from initiatives.notices import announce_answer, announce_proposal
from initiatives.pages.proposals import proposals_for
from initiatives.permissions import is_member, may_answer, may_edit
from initiatives.views.links import back_to_links

PER_PAGE = 25
PROPOSED = "Proposed: those who keep the other record, and may open both, can confirm or decline it."


@require_safe
def proposal_queue(request):
    """Links that wait for this person's word."""
    if not is_member(request.user):
        raise PermissionDenied
    page = Paginator(proposals_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/proposals.html", {"section": "initiatives", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def link_propose(request, ref, other, kind):
    """Ask whether to propose a link of this initiative to the other side; propose it."""
    link = _link(request.user, ref, other, kind)
    if not may_edit(request.user, link.source):
        raise PermissionDenied
    try:
        if request.method == "POST":
            if propose(link, by=request.user):
                announce_proposal(request, link)
            return back_to_links(request, link.source, PROPOSED)
        refuse_unproposable(link)
        refusal = ""
    except ValidationError as error:
        refusal = " ".join(error.messages)
    context = {"section": "initiatives", "link": link, "refusal": refusal}
    status = 409 if refusal and request.method == "POST" else 200
    return render(request, "initiatives/propose.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def link_answer(request, ref, other, kind):
    """Confirm or decline a link that another initiative (`ref`) proposed to one of this person's (`other`), or say
    otherwise than was said before."""
    link = _link(request.user, ref, other, kind)
    if not may_answer(request.user, link):
        raise PermissionDenied
    if not link.may_be_answered:
        return _over(request, link)
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        confirmed = said["answer"] == AnswerForm.CONFIRM
        try:
            answer(link, by=request.user, confirmed=confirmed, wording=said["wording"])
        except AnsweredAlready:
            return _over(request, _link(request.user, ref, other, kind))
        announce_answer(request, link)
        said = "It is confirmed" if confirmed else "It is declined, and stays claimed"
        said = f"{said}: {link.sentence}."
        if link.answer:
            return back_to_links(request, link.target, said)
        messages.success(request, said)
        return redirect("initiatives:proposals")
    context = {"section": "initiatives", "link": link, "form": form, "answered": link.answer and answered(link)}
    return render(request, "initiatives/answer.html", context)


def _over(request, link):
    """It does not wait any more, or not in these words; what was sent is not done."""
    context = {"section": "initiatives", "link": link, "sent": request.method == "POST"}
    return render(request, "initiatives/answer_over.html", context, status=409 if context["sent"] else 200)


def _link(user, ref, other, kind):
    links = InitiativeLink.objects.visible_to(user).select_related("source__owner", "target__owner")
    return get_object_or_404(links, source__ref=ref, target__ref=other, kind=kind)

"""Erasing for good: one person asks, another one agrees."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.keepers import MANAGED_FOR
from initiatives.models import Initiative
from initiatives.permissions import may_ask_to_erase, may_share
from mtd_tracker.erasure import telling
from mtd_tracker.erasure.actions import (
    agree,
    ask_to_erase_person,
    ask_to_erase_record,
    decline,
    subject_of,
    with_subjects,
)
from mtd_tracker.erasure.forms import AccountErasureForm, RecordErasureForm
from mtd_tracker.erasure.models import Erasure, Kind
from mtd_tracker.erasure.pairs import counts_with_from
from mtd_tracker.erasure.permissions import may_agree, may_ask_about_person
from mtd_tracker.reauthentication import require_reauthentication
from mtd_tracker.saving import attempt, posted

ASKED = "Your request is kept. Nothing is erased until a second person agrees; they were told by mail."
ASKED_NOBODY = "Your request is kept. So far nobody else may agree to it: it waits for a second person."


@require_http_methods(["GET", "HEAD", "POST"])
def record_erasure(request, ref):
    """Ask that a record be erased."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user).select_related("owner"), ref=ref)
    if not may_ask_to_erase(request.user, initiative):
        raise PermissionDenied
    asked = Erasure.objects.visible_to(request.user).about(Kind.RECORD, ref).first()
    if asked:
        return redirect(asked)
    form = RecordErasureForm(posted(request))
    outcome = attempt(form, lambda: ask_to_erase_record(initiative, by=request.user, **form.cleaned_data))
    if outcome.record:
        return _asked(request, outcome.record, initiative)
    context = {"section": "initiatives", "initiative": initiative, "form": form, "days": MANAGED_FOR.days}
    context["by_author"] = initiative.author_id == request.user.pk
    return render(request, "erasure/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def account_erasure(request):
    """Ask that an account be erased: one's own; an administrator, anybody's."""
    form = AccountErasureForm(posted(request), user=request.user)
    if form.is_valid() and not may_ask_about_person(request.user, form.person):
        raise PermissionDenied
    outcome = attempt(
        form, lambda: ask_to_erase_person(form.person, by=request.user, reason=form.cleaned_data["reason"])
    )
    if outcome.record:
        return _asked(request, outcome.record, form.person)
    return render(request, "erasure/account.html", {"form": form, "asked": _asked_about(request.user)})


def _asked_about(person):
    return Erasure.objects.open().about(Kind.PERSON, person.ref).first()


def _asked(request, erasure, subject):
    address = request.build_absolute_uri(erasure.get_absolute_url())
    told = telling.tell_who_may_agree(erasure, subject, address=address)
    messages.success(request, ASKED if told else ASKED_NOBODY)
    return redirect(erasure)


@require_safe
def erasure_list(request):
    """What waits for this person's word, what they asked for, and what became of it."""
    erasures = Erasure.objects.select_related("requested_by")
    waiting = erasures.waiting_for(request.user)
    mine = erasures.open().filter(requested_by=request.user)
    declined = Erasure.objects.select_related("declined_by").declined_lately_to(request.user)
    context = {
        "waiting": with_subjects(waiting, request.user),
        "mine": with_subjects(mine, request.user),
        "declined": with_subjects(declined, request.user),
    }
    return render(request, "erasure/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def erasure_detail(request, ref):
    """Agree to an erasure, decline it, or take back what one asked for."""
    erasure = get_object_or_404(Erasure.objects.visible_to(request.user).select_related("requested_by"), ref=ref)
    subject = subject_of(erasure, request.user)
    agreeable = may_agree(request.user, erasure, subject)
    if request.method == "POST":
        return _decide(request, erasure, subject, agreeable)
    context = {
        "erasure": erasure,
        "subject": with_subjects([erasure], request.user)[0][1],
        "is_record": erasure.kind == Kind.RECORD,
        "agreeable": agreeable,
        "asked_by_me": erasure.requested_by_id == request.user.pk,
        "own": erasure.kind == Kind.PERSON and subject == request.user,
    }
    if erasure.kind == Kind.RECORD and not agreeable:
        context |= _waiting(request.user, erasure, subject)
    return render(request, "erasure/detail.html", context)


def _waiting(user, erasure, initiative):
    """Why a record is not erased yet. others: who may agree today, told to those who may know who is named on it."""
    return {
        "by_author": erasure.requested_by_id is not None and erasure.requested_by_id == initiative.author_id,
        "day": counts_with_from(user, erasure, initiative),
        "days": MANAGED_FOR.days,
        "others": telling.who_may_agree(erasure, initiative) if may_share(user, initiative) else None,
    }


def _decide(request, erasure, subject, agreeable):
    decision = request.POST.get("decision")
    if decision not in ("agree", "decline"):
        messages.error(request, "Choose whether it is to be erased or to stay. Nothing is decided yet.")
        return redirect(erasure)
    agreeing = decision == "agree"
    if agreeing:
        if not agreeable:
            raise PermissionDenied
        require_reauthentication(request)
    try:
        (agree if agreeing else decline)(erasure, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("erasure:list")
    if agreeing:
        messages.success(request, "It is erased for good.")  # without its name, of which nothing is to be left
        return redirect("erasure:list")
    if erasure.requested_by_id != request.user.pk:
        telling.tell_declined(erasure, address=request.build_absolute_uri(reverse("erasure:list")))
    messages.success(request, f"Nothing is erased: {subject} stays.")
    return redirect("erasure:list")

"""Questions kept under a name: found again, opened, shared, put in order."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.questions import delete_question, edit_question, keep_question, move_question
from initiatives.forms.questions import QuestionForm
from initiatives.models import SavedQuestion
from initiatives.permissions import may_edit_question
from initiatives.questions import address_of, kind_of, split_address, systems_of, words_of
from initiatives.workspace import workspace_of
from mtd_tracker.saving import attempt, posted


@require_safe
def question_list(request):
    """A person's own, in their order, and those that colleagues share."""
    questions = SavedQuestion.objects.select_related("organisation", "user")
    context = {
        "own": _told(questions.of(request.user)),
        "colleagues": _told(questions.from_colleagues_of(request.user).order_by("name")),
    }
    return render(request, "questions/list.html", context)


def _told(questions):
    """Shape: [(question, what kind it is, what it narrows, the conflict system that it is about, or None)]."""
    systems = systems_of(questions)
    return [(one, kind_of(one), words_of(one), systems.get(one.pk)) for one in questions]


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request):
    """Give the address of the page that one comes from a name."""
    address = request.POST.get("address") or request.GET.get("address", "")
    refusal, title = None, ""
    try:
        path, query, title = split_address(address, user=request.user)
    except ValidationError as error:
        refusal = error.messages
    workspace = workspace_of(request)
    initial = {
        "name": title[:120],
        "sharing": SavedQuestion.Sharing.MINE,
        "organisation": workspace and workspace.code,
    }
    form = QuestionForm(posted(request), user=request.user, initial=initial)
    own = SavedQuestion.objects.of(request.user)
    if own.exists():
        form.offer_in_place_of(own)
    if not refusal:
        kept = attempt(form, lambda: keep_question(address, by=request.user, **form.cleaned_data)).record
        if kept:
            messages.success(request, _is_kept(request, kept, replaced=bool(form.cleaned_data.get("in_place_of"))))
            return redirect(f"{path}?{query}" if query else path)
    context = {"form": form, "address": address, "refusal": refusal}
    return render(request, "questions/form.html", context, status=400 if refusal and request.method == "POST" else 200)


def _is_kept(request, question, *, replaced):
    """What to say of it: where all are, and its link, where that is for others."""
    said = "The question is kept."
    if replaced:
        said = "It asks this from now on; who can open it and where you find it stay as they were."
    told = format_html('{} <a href="{}">My kept questions</a>', said, reverse("initiatives:questions"))
    if question.sharing != SavedQuestion.Sharing.LINK:
        return told
    link = request.build_absolute_uri(question.get_absolute_url())
    return format_html('{}. Whoever has this link can open it: <a href="{}">{}</a>', told, link, link)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def question_open(request, ref):
    """To the page that it asks for, which answers each reader by what they may see."""
    question = get_object_or_404(SavedQuestion.objects.visible_to(request.user), ref=ref)
    address = address_of(question)
    if address is None:
        raise Http404
    return redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request, ref):
    question = _own(request.user, ref)
    form = QuestionForm.of(question, posted(request), user=request.user)
    if attempt(form, lambda: edit_question(question, by=request.user, **form.cleaned_data)).record:
        messages.success(request, "The question is saved.")
        return redirect("initiatives:questions")
    link = request.build_absolute_uri(question.get_absolute_url())
    return render(request, "questions/form.html", {"form": form, "question": question, "link": link})


@require_http_methods(["GET", "HEAD", "POST"])
def question_delete(request, ref):
    question = _own(request.user, ref)
    if request.method == "POST":
        delete_question(question, by=request.user)
        messages.success(request, "The question is deleted.")
        return redirect("initiatives:questions")
    return render(request, "questions/delete.html", {"question": question})


@require_http_methods(["GET", "HEAD", "POST"])
def question_move(request, ref):
    """One place up or down; then, and where nothing was sent, the list."""
    question = _own(request.user, ref)
    if request.method == "POST":
        move_question(question, by=request.user, later=request.POST.get("way") == "down")
    return redirect("initiatives:questions")


def _own(user, ref):
    """Raises: Http404 where it isn't open to this person; PermissionDenied where it is somebody else's."""
    question = get_object_or_404(SavedQuestion.objects.visible_to(user).select_related("organisation"), ref=ref)
    if not may_edit_question(user, question):
        raise PermissionDenied
    return question

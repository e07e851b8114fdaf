"""Logging an initiative, and changing one: one form for both."""

from functools import partial
from hashlib import sha256
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.actions.readings import note_opened
from initiatives.forms.checks import ref_made_with
from initiatives.forms.initiative import InitiativeForm
from initiatives.forms.similar import SimilarForm
from initiatives.models import Initiative, Publication
from initiatives.notices import announce
from initiatives.pages.history import Revisions
from initiatives.pages.past import past_initiative
from initiatives.pages.review import review_state
from initiatives.pages.sharing import who_reads
from initiatives.pages.unsaved import new_forms_of, offered_text, unsaved_text
from initiatives.permissions import may_edit, may_log, may_share, may_share_freely
from initiatives.similarity import similar_titles
from initiatives.views.proving import prove_where_agreed
from initiatives.workspace import workspace_of
from mtd_tracker.merging import are_alike
from mtd_tracker.saving import MERGE, Attempt, Sides, attempt

FIRST = 1  # the version that a new record's form makes
SENT = "initiative_sent"  # in the session: the form of a new initiative that was saved last


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_new(request):
    """Log an initiative, as a draft, or to be published. The same form sent twice makes one record."""
    if not may_log(request.user):
        return render(request, "initiatives/no_membership.html", {"section": "initiatives"}, status=403)
    if request.method != "POST":
        return _blank(request)
    form = InitiativeForm(request.POST, user=request.user, workspace=workspace_of(request))
    logged = form.is_valid() and _logged_with(form.cleaned_data["form_token"], request.user)
    if logged:
        return _sent_again(request, logged)
    if form.publishing:
        prove_where_agreed(request, form)
    result = attempt(form, partial(_log, form, by=request.user), ask=form.look_alikes)
    if result.record:
        request.session[SENT] = _fingerprint(request)
        return _saved(request, result.record, before=None)
    return _show(request, form, result)


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_edit(request, ref):
    """Change an initiative; one that is published or in review stays that, and complete."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user).select_related("owner"), ref=ref)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    form_of = _form_of(request.user, initiative)
    if request.method != "POST":
        note_opened(initiative, by=request.user)
        return _open(request, initiative, form_of)
    form = form_of(request.POST, initiative=initiative)
    if form.publishing:
        prove_where_agreed(request, form)
    save = partial(_edit, form, by=request.user)
    result = attempt(form, save, sides=_sides(initiative, form_of, request.user), ask=form.look_alikes)
    if result.record:
        return _saved(request, result.record, before=initiative)
    if result.stale or MERGE in request.POST:
        note_opened(initiative, by=request.user)  # the answer shows what others saved
    return _show(request, form, result)


@require_safe
def similar_initiatives(request):
    """Fragment: records with a title like the one being typed, in the conflict systems ticked."""
    if not may_log(request.user):
        raise PermissionDenied
    form, found = SimilarForm(request.GET), []
    if form.is_valid():
        said = form.cleaned_data
        others = Initiative.objects.visible_to(request.user)
        if said["ref"]:
            others = others.exclude(ref=said["ref"])
        found = similar_titles(others, said["title"], said["conflicts"])
    return render(request, "initiatives/_form_similar.html", {"similar": found})


def _blank(request):
    """An empty form. Its token stands in the address, so that Back finds the same form, or what it became."""
    if "token" not in request.GET:
        return redirect(f"{reverse('initiatives:new')}?{urlencode({'token': uuid4()})}")
    form_of = partial(InitiativeForm, user=request.user, token=request.GET["token"], workspace=workspace_of(request))
    form = form_of()
    token = ref_made_with(form.initial["form_token"], request.user)
    logged = _logged_with(token, request.user)
    if logged:
        return _to_record(request.user, logged)
    text = unsaved_text(request.user, token=token)
    if text:
        form = form_of(typed=text.typed)
    return _show(request, form, Attempt(), text=text, taken=bool(text), unfinished=new_forms_of(request.user))


def _open(request, initiative, form_of):
    """The form with what is stored, or with the person's own text that isn't, once they ask for it."""
    text = offered_text(unsaved_text(request.user, initiative=initiative), form_of, initiative)
    taken = bool(text) and "unsaved" in request.GET
    form = form_of(initiative=initiative, typed=text.typed if taken else None)
    return _show(request, form, Attempt(), text=text, taken=taken)


def _form_of(user, initiative):
    return partial(InitiativeForm, user=user, may_share=may_share_freely(user, initiative))


def _sides(initiative, form_of, user):
    past = partial(past_initiative, initiative, user=user)
    within = Initiative.objects.visible_to(user)
    return Sides(initiative, lambda record: form_of(initiative=record), past, within)


def _log(form, *, by):
    """The new record, or its twin where the form was sent twice in the same moment."""
    token = form.cleaned_data["form_token"]
    try:
        return log_initiative(form.content(), by=by, owner=form.owner, ref=token, **_publishing(form))
    except ValidationError:
        twin = _logged_with(token, by)
        if twin is None:
            raise
        return twin


def _sent_again(request, logged):
    """The form of a record that it made already: the same text changes nothing, a later one (after Back) is kept."""
    form_of = _form_of(request.user, logged)
    later = form_of(request.POST.copy(), initiative=logged)
    if are_alike(later, form_of(initiative=logged)) or request.session.get(SENT) == _fingerprint(request):
        messages.info(request, "This was saved already; nothing is there twice.")
        return _to_record(request.user, logged)
    merge = _sides(logged, form_of, request.user).merge(later, logged, FIRST)
    later.data["version"] = logged.version
    return _show(request, later, Attempt(merge=merge), again=True)


def _fingerprint(request):
    """What was sent, as a digest; the token against forgery apart, which differs each time."""
    said = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return sha256(repr(said).encode(errors="replace")).hexdigest()


def _edit(form, *, by):
    return edit_initiative(
        form.instance,
        form.content(),
        by=by,
        version=form.cleaned_data["version"],
        owner=form.owner,
        **_publishing(form),
    )


def _publishing(form):
    return {"publish": form.publishing, "agreed": form.cleaned_data.get("agreed", False)}


def _logged_with(ref, user):
    return Initiative.objects.visible_to(user).filter(ref=ref, author=user).first()


def _saved(request, initiative, *, before):
    """Say what happened, and go on. before: the record as it was, None for a new one."""
    if initiative.publication == Publication.DRAFT:
        said = "Draft saved. You can go on now or later."
    elif initiative.step_taken:
        said = "Sent for review. What comes of it shows on your start page, and is told by e-mail."
    elif initiative.is_published and not (before and before.is_published):
        said = "Published."
    else:
        said = "Saved."
    messages.success(request, _with_way_back(request.user, initiative, said, before))
    announce(request, initiative)
    return _to_record(request.user, initiative)


def _with_way_back(user, initiative, said, before):
    """The words, and after a change of something there before a link to what it was."""
    if before is None or Revisions(initiative, user).numbered(before.version) is None:
        return said
    return format_html(
        '{} <a href="{}">Undo</a>', said, reverse("initiatives:version", args=[initiative.ref, before.version])
    )


def _to_record(user, initiative):
    """A draft's form, else the record's page; the list, where one has shared it away from oneself."""
    if not Initiative.objects.visible_to(user).filter(pk=initiative.pk).exists():
        return redirect("initiatives:list")
    return (
        redirect("initiatives:edit", initiative.ref)
        if initiative.publication == Publication.DRAFT
        else redirect(initiative)
    )


def _show(request, form, result, **said):
    context = {"form": form, "initiative": form.instance, "alike": result.asked, "merge": result.merge} | said
    if form.instance:
        context["review"] = review_state(form.instance, request.user, may_change=True)
    if form.instance and "sharing" not in form.fields and may_share(request.user, form.instance):
        context["who_reads"] = who_reads(form.instance)
    return render(request, "initiatives/form.html", context | {"section": "initiatives"}, status=result.status)

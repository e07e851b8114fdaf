"""Keeping the words in order: for curators and administrators."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mtd_tracker.forms import collisions
from mtd_tracker.history import StaleSave, revisions
from taxonomy.actions import add_term, edit_term, order_terms, restore_term, retire_term
from taxonomy.forms import FORMS, OrderForm, RestoreForm, RetireForm
from taxonomy.permissions import may_curate


def for_curators(view):
    """Others who are signed in may read the taxonomy, but not change it."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_curate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_curators
def term_new(request, kind):
    form = FORMS[kind.model](_sent(request))
    if form.is_valid():
        try:
            term = add_term(form.instance, by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"“{term}” was added, after the others.")
            return redirect(term)
    return render(request, "taxonomy/term_form.html", {"form": form, "kind": kind, "section": "taxonomy"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_curators
def term_edit(request, kind, code):
    term = get_object_or_404(kind.model, code=code)
    form = FORMS[kind.model](_sent(request), instance=term)
    context = {"form": form, "term": term, "kind": kind, "section": "taxonomy"}
    if form.is_valid():
        try:
            edit_term(term, form.words, by=request.user, version=form.cleaned_data["version"])
        except StaleSave as stale:
            theirs = FORMS[kind.model](instance=stale.stored)
            return _refused(request, "taxonomy/term_form.html", context, theirs, version=stale.stored.version)
        messages.success(request, "Saved.")
        return redirect(term)
    return render(request, "taxonomy/term_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_curators
def term_retire(request, kind, code):
    """Asks first, and tells what it means."""
    return _change_status(request, kind, code, RetireForm, retire_term, "taxonomy/retire.html", "was retired")


@require_http_methods(["GET", "HEAD", "POST"])
@for_curators
def term_restore(request, kind, code):
    """Asks first, too: what counted under a replacement counts under the term again."""
    return _change_status(request, kind, code, RestoreForm, restore_term, "taxonomy/restore.html", "is in use again")


@require_http_methods(["GET", "HEAD", "POST"])
@for_curators
def term_order(request, kind):
    """Places in the order, no ranks; typed as numbers, so that it works everywhere."""
    form = OrderForm(_sent(request), terms=list(kind.model.objects.all()))
    context = {"form": form, "kind": kind, "section": "taxonomy"}
    if form.is_valid():
        try:
            order_terms(kind.model, form.codes, by=request.user, seen=form.seen_codes)
        except StaleSave as stale:
            theirs = OrderForm(terms=stale.stored)
            return _refused(request, "taxonomy/order.html", context, theirs, seen=theirs.initial["seen"])
        messages.success(request, f"The {kind.plural} stand in the new order.")
        return redirect("taxonomy:term-order", kind)
    return render(request, "taxonomy/order.html", context)


@require_safe
@for_curators
def term_history(request, kind, code):
    term = get_object_or_404(kind.model, code=code)
    context = {"term": term, "kind": kind, "revisions": revisions(term), "section": "taxonomy"}
    return render(request, "taxonomy/history.html", context)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _change_status(request, kind, code, form_class, action, template, done):
    term = get_object_or_404(kind.model.objects.select_related("replaced_by"), code=code)
    form = form_class(_sent(request), term=term)
    context = {"form": form, "term": term, "kind": kind, "section": "taxonomy"}
    if form.is_valid():
        try:
            action(term, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        except StaleSave as stale:
            context["term"] = stale.stored
            theirs = form_class(term=stale.stored)
            return _refused(request, template, context, theirs, version=stale.stored.version)
        else:
            messages.success(request, f"“{term}” {done}.")
            return redirect(term)
    return render(request, template, context)


def _refused(request, template, context, theirs, **started_from):
    """A stale save: the form again with what was typed, and where it differs; saving again then works."""
    form = context["form"]
    form.data = form.data.copy()
    for name, value in started_from.items():
        form.data[name] = value
    return render(request, template, context | {"collisions": collisions(form, theirs), "stale": True}, status=409)

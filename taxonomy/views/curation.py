"""Keeping the words in order: for curators and administrators."""

from functools import partial, wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mtd_tracker.history import StaleSave, revisions
from mtd_tracker.merging import three_way
from mtd_tracker.past import as_it_was
from mtd_tracker.saving import Sides, attempt, posted
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
    form = FORMS[kind.model](posted(request))
    result = attempt(form, lambda: add_term(form.instance, by=request.user))
    if result.record:
        messages.success(request, f"“{result.record}” was added, after the others.")
        return redirect(result.record)
    return render(request, "taxonomy/term_form.html", {"form": form, "kind": kind, "section": "taxonomy"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_curators
def term_edit(request, kind, code):
    term = get_object_or_404(kind.model, code=code)
    form_of = FORMS[kind.model]
    form = form_of(posted(request), instance=term)
    result = attempt(
        form,
        lambda: edit_term(term, form.words, by=request.user, version=form.cleaned_data["version"]),
        sides=Sides(term, lambda record: form_of(instance=record), partial(as_it_was, term)),
    )
    if result.record:
        messages.success(request, "Saved.")
        return redirect(term)
    context = {"form": form, "term": term, "kind": kind, "merge": result.merge, "section": "taxonomy"}
    return render(request, "taxonomy/term_form.html", context, status=result.status)


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
    form = OrderForm(posted(request), terms=list(kind.model.objects.all()))
    context = {"form": form, "kind": kind, "section": "taxonomy"}
    if form.is_valid():
        try:
            order_terms(kind.model, form.codes, by=request.user, seen=form.seen_codes)
        except StaleSave as stale:
            return _order_again(request, context, OrderForm(terms=stale.stored))
        messages.success(request, f"The {kind.plural} stand in the new order.")
        return redirect("taxonomy:term-order", kind)
    return render(request, "taxonomy/order.html", context)


@require_safe
@for_curators
def term_history(request, kind, code):
    term = get_object_or_404(kind.model, code=code)
    context = {"term": term, "kind": kind, "revisions": revisions(term), "section": "taxonomy"}
    return render(request, "taxonomy/history.html", context)


def _order_again(request, context, theirs):
    """Terms were moved since: the order as it is now beside the one asked for; sending it again then works."""
    form = context["form"]
    form.data = form.data.copy()
    form.data["seen"] = theirs.initial["seen"]
    context["merge"] = three_way(form, theirs, None, is_offered=False)
    return render(request, "taxonomy/order.html", context, status=409)


def _change_status(request, kind, code, form_class, action, template, done):
    term = get_object_or_404(kind.model.objects.select_related("replaced_by"), code=code)
    form = form_class(posted(request), term=term)
    result = attempt(
        form,
        lambda: action(term, by=request.user, **form.cleaned_data),
        sides=Sides(term, lambda record: form_class(term=record)),
    )
    if result.record:
        messages.success(request, f"“{result.record}” {done}.")
        return redirect(result.record)
    if result.stale:
        term = get_object_or_404(kind.model.objects.select_related("replaced_by"), code=code)
    context = {"form": form, "term": term, "kind": kind, "merge": result.merge, "section": "taxonomy"}
    return render(request, template, context, status=result.status)

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.actions.links import add_link, remove_link
from initiatives.forms.links import LinkForm, LinkSearchForm
from initiatives.models import Initiative, InitiativeLink
from initiatives.permissions import may_edit
from mtd_tracker.htmx import render_htmx


@require_http_methods(["GET", "HEAD", "POST"])
def link_new(request, ref):
    """Say what this initiative did for another, which a search by title finds."""
    source = _source_to_change(request.user, ref)
    form = LinkForm(request.POST or None, user=request.user)
    if form.is_valid():
        said = form.cleaned_data
        try:
            link = add_link(source, by=request.user, **said)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            then = " You can ask those who keep the other record to confirm it." if link.may_be_proposed else ""
            return back_to_links(request, source, f"The link is recorded.{then}")
    search = LinkSearchForm(request.POST if request.method == "POST" else request.GET)
    results, more = search.results(request.user, source)
    context = {
        "section": "initiatives",
        "initiative": source,
        "form": form,
        "search": search,
        "results": results,
        "more": more,
        "searched": search.is_valid() and search.cleaned_data["link_q"],
    }
    return render_htmx(
        request, "initiatives/link.html", context, fragments={"link-results": "initiatives/_link_results.html"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def link_delete(request, ref, other, kind):
    """Ask whether to remove a link from this initiative to another; remove it."""
    source = _source_to_change(request.user, ref)
    links = InitiativeLink.objects.visible_to(request.user).select_related("source", "target")
    link = get_object_or_404(links, source=source, target__ref=other, kind=kind)
    if request.method == "POST":
        remove_link(link, by=request.user)
        return back_to_links(request, source, "The link is removed.")
    context = {
        "section": "initiatives",
        "heading": "Remove this link?",
        "what": link.sentence,
        "consequence": "Both initiatives stay as they are. The link can be recorded again.",
        "button": "Remove the link",
        "initiative": source,
    }
    return render(request, "initiatives/delete.html", context)


def back_to_links(request, initiative, said):
    """To where a record tells its links, and says there what was done."""
    messages.success(request, said, extra_tags="links")
    return redirect(f"{initiative.get_absolute_url()}#links")


def _source_to_change(user, ref):
    """Raises: Http404 where this person can't open it; PermissionDenied where they may not change it."""
    source = get_object_or_404(Initiative.objects.visible_to(user), ref=ref)
    if not may_edit(user, source):
        raise PermissionDenied
    return source

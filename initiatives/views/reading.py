from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from initiatives.actions.readings import note_opened
from initiatives.drawing.circle import circle_of_initiative
from initiatives.forms.log import LogEntryForm
from initiatives.models import Initiative
from initiatives.pages import marks
from initiatives.pages.history import Revisions
from initiatives.pages.initiative import reading_of, with_parts
from initiatives.pages.proposals import askable
from initiatives.pages.review import review_state, steps_told
from initiatives.permissions import may_ask_to_erase, may_delete, may_edit, may_keep_log, may_see_readings
from taxonomy.lens import lens_of
from taxonomy.models import Track

REVISIONS_PER_PAGE = 25


@require_safe
@login_not_required
def initiative_detail(request, ref):
    """One initiative, as far as this person may read it, and what they may do with it."""
    initiative = get_object_or_404(with_parts(Initiative.objects.visible_to(request.user)), ref=ref)
    user = request.user
    recorded = note_opened(initiative, by=user)
    may_change = may_edit(user, initiative)
    reading = reading_of(initiative, user)
    own_links = [read.link for read in reading["links_out"]]
    context = {
        "section": "initiatives",
        "messages_at": "links",
        **reading,
        "askable": askable(own_links, source=initiative) if may_change else (),
        "circle": circle_of(initiative, lens_of(request)),
        "may_change": may_change,
        "may_erase": may_delete(user, initiative),
        "recorded": recorded,
        "may_see_readings": may_see_readings(user, initiative),
        "back_until": initiative.back_until,
        "withdrawn_for_good": initiative.is_withdrawn_for_good,
        "may_ask_to_erase": may_ask_to_erase(user, initiative),
        "marks": marks.offered_to(user, initiative) if may_change else [],
        "review": review_state(initiative, user, may_change=may_change),
        "entry_form": LogEntryForm(initiative=initiative) if may_keep_log(user, initiative) else None,
    }
    return render(request, "initiatives/detail.html", context)


def circle_of(initiative, lens):
    """Where it stands among the tracks; None while it stands on none."""
    tags = list(initiative.track_tags.all())
    if not tags:
        return None
    lead = next((tag.track for tag in tags if tag.emphasis == tag.Emphasis.LEAD), None)
    contributing = [tag.track for tag in tags if tag.track != lead]
    return circle_of_initiative(
        list(Track.objects.in_use()), lens, lead=lead, contributing=contributing, officiality=initiative.officiality
    )


@require_safe
def initiative_history(request, ref):
    """What became of an initiative, for those who may change it."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    recorded = note_opened(initiative, by=request.user)
    page = Paginator(Revisions(initiative, request.user), REVISIONS_PER_PAGE).get_page(request.GET.get("page"))
    steps = steps_told(initiative, request.user)
    context = {"section": "initiatives", "initiative": initiative, "page": page, "steps": steps, "recorded": recorded}
    return render(request, "initiatives/history.html", context)

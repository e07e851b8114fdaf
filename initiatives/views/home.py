"""The start page: what waits for somebody who works here; what this is, for everyone else."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.alphabet import by_name
from initiatives.analytics.coverage import outlines
from initiatives.analytics.figures import Outline
from initiatives.drawing.circle import Circle, circle_of_coverage
from initiatives.keepers import numbers_waiting
from initiatives.models import ConflictSystem, CoverageStatement, Initiative, ReviewStep, SavedQuestion
from initiatives.pages.elsewhere import waiting_elsewhere
from initiatives.pages.home import (
    drafts_of,
    organisations_to_confirm,
    recent_around,
    systems_around,
    to_confirm,
    withdrawn_lately,
)
from initiatives.pages.proposals import proposals_for
from initiatives.pages.review import under_way
from initiatives.pages.unsaved import unsaved_by
from initiatives.period import Period
from initiatives.permissions import is_manager, is_member, may_curate
from initiatives.workspace import other_workspaces
from taxonomy.lens import lens_of
from taxonomy.models import Track

DRAFTS, TO_CONFIRM, RECENT, UNCONFIRMED, UNDER_WAY, UNSAVED, PROPOSALS, WITHDRAWN = 5, 10, 5, 5, 20, 5, 5, 5
SYSTEMS_ON_A_DESK, SYSTEMS_ON_SHOW = 6, 4


@dataclass(frozen=True)
class SystemRead:
    coverage: Outline
    circle: Circle


@login_not_required
@require_safe
def home(request):
    """The desk of whoever is signed in; the landing page for everyone else."""
    return _desk(request) if request.user.is_authenticated else _landing(request)


def _desk(request):
    user = request.user
    others = other_workspaces(request)
    away = [organisation.pk for organisation in others]
    systems = list(systems_around(user, elsewhere=away)[: SYSTEMS_ON_A_DESK + 1])
    steps = list(under_way(user, elsewhere=away)[:UNDER_WAY])
    returned = [step.initiative_id for step in steps if step.kind == ReviewStep.Kind.RETURNED]
    context = {
        "member": is_member(user),
        "curator": may_curate(user),
        "steps": steps,
        "proposals": proposals_for(user, elsewhere=away)[:PROPOSALS],
        "keepers_needed": numbers_waiting(user) if is_manager(user) else [],
        "unsaved": unsaved_by(user)[:UNSAVED],
        "drafts": _some(drafts_of(user, elsewhere=away).exclude(pk__in=returned), DRAFTS),
        "others": others,
        "waiting_elsewhere": waiting_elsewhere(user, others),
        "to_confirm": _some(to_confirm(user, elsewhere=away), TO_CONFIRM),
        "withdrawn": _some(withdrawn_lately(user, elsewhere=away), WITHDRAWN),
        "recent": recent_around(user, elsewhere=away)[:RECENT],
        "unconfirmed": _some(organisations_to_confirm(user), UNCONFIRMED),
        "questions": list(SavedQuestion.objects.of(user).filter(on_home=True)),
        "systems": _with_circles(request, systems[:SYSTEMS_ON_A_DESK]),
        "more_systems": len(systems) > SYSTEMS_ON_A_DESK,
    }
    return render(request, "home.html", context)


def _landing(request):
    """Circles of the documented systems with most public records, by name: a show, not a ranking."""
    public = Initiative.objects.visible_to(request.user)
    named = Count("engagements", filter=Q(engagements__initiative__in=public.values("pk")))
    documented = ConflictSystem.objects.filter(invented=False).annotate(named=named).filter(named__gt=0)
    most = documented.order_by("-named", "code")[:SYSTEMS_ON_SHOW]
    systems = _with_circles(request, by_name(most))
    example = max(systems, key=lambda read: read.coverage.breadth, default=None)
    context = {
        "example": example,
        "systems": [read for read in systems if read is not example],
        "tracks": Track.objects.in_use(),
    }
    return render(request, "landing.html", context)


def _some(queryset, limit):
    """The first few, and whether there are more. Shape: {"shown": [...], "more": bool}. Queries: one."""
    found = list(queryset[: limit + 1])
    return {"shown": found[:limit], "more": len(found) > limit}


def _with_circles(request, systems):
    """Shape: [SystemRead], over what this person may open today. Queries: a constant number."""
    figures = outlines(
        Initiative.objects.visible_to(request.user),
        systems=systems,
        period=Period.default(),
        statements=CoverageStatement.objects.visible_to(request.user),
    )
    lens = lens_of(request)
    return [SystemRead(figures[system.pk], circle_of_coverage(figures[system.pk], lens)) for system in systems]

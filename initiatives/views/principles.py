from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from initiatives.actions.readings import note_opened
from initiatives.models import Initiative
from initiatives.pages.principles import principles_over_time
from initiatives.permissions import reads_network


@login_not_required
@require_safe
def initiative_principles(request, ref):
    """How one initiative's principles were assessed over time, for whoever may open it."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user), ref=ref)
    context = {
        "section": "initiatives",
        "initiative": initiative,
        "recorded": note_opened(initiative, by=request.user),
        "with_evidence": reads_network(request.user),
        "principles": principles_over_time(initiative, request.user),
    }
    return render(request, "initiatives/principles.html", context)

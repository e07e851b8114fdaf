from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.definitions import parts


@login_not_required
@require_safe
def definition_list(request):
    """What every figure means, in one place."""
    return render(request, "definitions.html", {"parts": parts()})

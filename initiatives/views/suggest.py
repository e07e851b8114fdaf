from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.forms.directory import Directory, listed


@require_safe
def organisation_suggest(request):
    """Fragment: organisations that this person may see, for what is typed so far.

    Asked for as `q`, or by a row of the form under its own name.
    """
    text = (request.GET.get("q") or request.GET.get("organisations") or "").strip()[:300]
    found = Directory(request.user).matching(text) if text else []
    return render(
        request,
        "initiatives/_organisation_options.html",
        {"options": [listed(organisation) for organisation in found]},
    )

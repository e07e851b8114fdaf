"""Records that need a keeper, for the managers of the organisation that owns them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.keepers import agree_to_keeper, decline_keeper, propose_keeper
from initiatives.forms.keepers import KeeperForm
from initiatives.keepers import MANAGED_FOR, others_who_could_agree, records_waiting
from initiatives.models import Organisation
from initiatives.permissions import may_name_keepers
from mtd_tracker.reauthentication import require_reauthentication
from mtd_tracker.saving import attempt, posted


@require_safe
def keeper_list(request, code):
    """How many records need a keeper, and who is proposed for each."""
    organisation = _managed(request, code)
    context = {
        "section": "organisations",
        "organisation": organisation,
        "waiting": records_waiting(organisation),
        "alone": not others_who_could_agree(organisation, proposer=request.user, keeper=None),
        "days": MANAGED_FOR.days,
    }
    return render(request, "organisations/keepers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def keeper_of_record(request, code, record):
    """Propose a keeper; where somebody is proposed already, agree or decline."""
    organisation = _managed(request, code)
    waiting = next((one for one in records_waiting(organisation) if one.token == record), None)
    if waiting is None:
        messages.info(request, "No such record waits for a keeper any more: somebody can open it again.")
        return redirect("initiatives:keepers", code)
    if request.method == "POST" and request.POST.get("answer") in ("agree", "decline"):
        return _answered(request, organisation, waiting)
    form = KeeperForm(posted(request), organisation=organisation)
    if attempt(form, lambda: propose_keeper(waiting.initiative, by=request.user, **form.cleaned_data)).record:
        messages.success(request, "Proposed. Another manager has to agree.")
        return redirect("initiatives:keepers", code)
    context = {
        "section": "organisations",
        "organisation": organisation,
        "record": waiting.name,
        "naming": waiting.naming,
        "may_agree": waiting.naming and request.user not in (waiting.naming.proposed_by, waiting.naming.keeper),
        "form": form,
    }
    return render(request, "organisations/keeper.html", context)


def _answered(request, organisation, waiting):
    """Agree to what is proposed, or decline it. That it doesn't hold any more is no fault of this person's."""
    if waiting.naming is None:
        messages.info(request, "This proposal was taken back in the meantime.")
        return redirect("initiatives:keeper", organisation.code, waiting.token)
    try:
        if request.POST["answer"] == "agree":
            require_reauthentication(request)
            agree_to_keeper(waiting.naming, by=request.user)
            done = f"{waiting.naming.keeper} keeps it from now on, and finds it among the initiatives."
        else:
            decline_keeper(waiting.naming)
            done = "The proposal is taken off. Somebody else can be proposed."
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("initiatives:keepers", organisation.code)


def _managed(request, code):
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    if not may_name_keepers(request.user, organisation):
        raise PermissionDenied
    return organisation

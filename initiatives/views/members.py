"""Who belongs to an organisation: seen by its people, kept by its managers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions import members as acts
from initiatives.actions.organisations import set_reviews
from initiatives.forms.members import MemberForm, SettingsForm
from initiatives.models import Initiative, Organisation
from initiatives.pages.members import Members, colleagues_of
from initiatives.permissions import may_manage_members, may_see_members
from mtd_tracker.reauthentication import require_reauthentication
from mtd_tracker.saving import Sides, attempt, posted

EVENTS_PER_PAGE = 25


@require_safe
def member_list(request, code):
    """To colleagues: who works here. To managers: everybody, open invitations, and how it all came about."""
    organisation = _visible(request, code)
    if not may_see_members(request.user, organisation):
        raise PermissionDenied
    context = {"section": "organisations", "organisation": organisation}
    if not may_manage_members(request.user, organisation):
        return render(request, "organisations/colleagues.html", context | {"members": colleagues_of(organisation)})
    members = Members(organisation)
    page = Paginator(members.events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/members.html", context | {"members": members, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request, code, member):
    """Change a member's role, deactivate or reactivate them."""
    organisation = managed_organisation(request, code)
    membership = get_object_or_404(organisation.memberships.select_related("user"), ref=member)
    if request.method == "POST":
        require_reauthentication(request)
    form = MemberForm(posted(request), membership=membership)
    outcome = attempt(
        form,
        lambda: _act(form, membership, by=request.user),
        sides=Sides(membership, lambda record: MemberForm(membership=record)),
    )
    if outcome.record:
        messages.success(request, f"Saved: {membership.user}, {_standing(outcome.record)}.")
        return _back_to_members(request, organisation, outcome.record)
    if outcome.stale:
        membership.refresh_from_db()
    context = {"section": "organisations", "organisation": organisation, "membership": membership}
    context |= {"form": form, "outcome": outcome}
    return render(request, "organisations/member.html", context, status=outcome.status)


@require_http_methods(["GET", "HEAD", "POST"])
def member_leave(request, code):
    """One's own way out of an organisation."""
    organisation = _visible(request, code)
    if not may_see_members(request.user, organisation):
        raise PermissionDenied
    refused = ""
    if request.method == "POST":
        require_reauthentication(request)
        try:
            acts.leave(organisation.memberships.get(user=request.user))
        except ValidationError as refusal:
            refused = " ".join(refusal.messages)
        else:
            messages.success(request, f"You have left {organisation}.")
            return redirect("initiatives:home")
    alone = Initiative.objects.visible_to(request.user).for_author_alone(request.user).filter(owner=organisation)
    context = {
        "section": "organisations",
        "organisation": organisation,
        "refused": refused,
        "alone": alone.order_by("-updated_at", "-pk"),
    }
    return render(request, "organisations/leave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_settings(request, code):
    """How the organisation works here."""
    organisation = managed_organisation(request, code)
    form = SettingsForm(posted(request), organisation=organisation)
    outcome = attempt(
        form,
        lambda: set_reviews(organisation, by=request.user, **form.cleaned_data),
        sides=Sides(organisation, lambda record: SettingsForm(organisation=record)),
    )
    if outcome.record:
        messages.success(request, "Saved.")
        return redirect("initiatives:members", organisation.code)
    context = {"section": "organisations", "organisation": organisation, "form": form, "outcome": outcome}
    return render(request, "organisations/settings.html", context, status=outcome.status)


def managed_organisation(request, code):
    """The organisation of this code, for one who manages it.

    Raises: Http404 where they may not know of it, PermissionDenied where they only may not manage it.
    """
    organisation = _visible(request, code)
    if not may_manage_members(request.user, organisation):
        raise PermissionDenied
    return organisation


def _visible(request, code):
    return get_object_or_404(Organisation.objects.visible_to(request.user), code=code)


def _act(form, membership, *, by):
    said = form.cleaned_data
    if said["act"] == form.ROLE:
        return acts.change_role(membership, by=by, role=said["role"], version=said["version"])
    act = acts.deactivate if said["act"] == form.DEACTIVATE else acts.reactivate
    return act(membership, by=by, version=said["version"])


def _standing(membership):
    return f"{membership.get_role_display().lower()}, {'active' if membership.active else 'no longer active'}"


def _back_to_members(request, organisation, membership):
    """A manager who has just deactivated themself may no longer look there."""
    gone = membership.user_id == request.user.pk and not membership.active
    return redirect("initiatives:home") if gone else redirect("initiatives:members", organisation.code)

"""Honest gaps: what managers state of a track on which nothing is recorded, for the network to read."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions.statements import change_statement, state_coverage, withdraw_statement
from initiatives.dates import day_words
from initiatives.forms.statements import StatementChangeForm, StatementForm
from initiatives.models import ConflictSystem, CoverageStatement
from initiatives.pages.statements import Statements, organisations_signed_for, recorded_on
from initiatives.permissions import may_change_statement, may_state, reads_network
from initiatives.workspace import workspace_of
from mtd_tracker.history import revisions
from mtd_tracker.saving import Sides, attempt, posted
from taxonomy.models import Track

PER_PAGE = 25


@require_safe
def statement_list(request, code):
    """Those of a system that hold today, and those that are over; of one track, where it is asked for."""
    system = get_object_or_404(ConflictSystem, code=code)
    if not reads_network(request.user):
        raise PermissionDenied
    track = Track.objects.filter(code=_code(request.GET.get("track"))).first()
    statements = Statements(system, request.user, track)
    context = {
        "section": "conflicts",
        "system": system,
        "track": track,
        "in_force": statements.in_force,
        "page": Paginator(statements.over, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "conflicts/statements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_new(request, code):
    """State something of a track, signed for one of the organisations that one manages."""
    system = get_object_or_404(ConflictSystem, code=code)
    if not may_state(request.user):
        raise PermissionDenied
    organisations, workspace = organisations_signed_for(request.user), workspace_of(request)
    form = StatementForm(
        posted(request),
        tracks=Track.objects.in_use(),
        organisations=organisations,
        recorded_on=_recorded(system, request.user),
        initial={
            "track": request.GET.get("track"),
            "organisation": (workspace if workspace in organisations else organisations[0]).code,
        },
    )
    outcome = attempt(form, lambda: state_coverage(system, by=request.user, **form.cleaned_data))
    if outcome.record:
        messages.success(request, f"Stated. It lapses on {day_words(outcome.record.lapses_on)}.")
        return redirect(outcome.record)
    return render(request, "conflicts/statement_form.html", {"section": "conflicts", "system": system, "form": form})


@require_safe
def statement_detail(request, code, statement):
    """One statement, and what it said before: whoever reads it may know that it was changed."""
    statement = _told(request.user, code, statement)
    context = {
        "section": "conflicts",
        "system": statement.conflict_system,
        "statement": statement,
        "may_change": may_change_statement(request.user, statement) and statement.stands,
        "revisions": revisions(statement),
    }
    return render(request, "conflicts/statement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_edit(request, code, statement):
    """Put one's organisation's statement in other words."""
    statement = _told_to_change(request.user, code, statement)
    form_of = partial(StatementChangeForm, recorded_on=_recorded(statement.conflict_system, request.user))
    form = form_of(posted(request), statement=statement)
    outcome = attempt(
        form,
        lambda: change_statement(statement, by=request.user, **form.cleaned_data),
        sides=Sides(statement, lambda record: form_of(statement=record)),
    )
    if outcome.record:
        messages.success(request, "Changed. What it said before stays in its history.")
        return redirect(outcome.record)
    context = {"section": "conflicts", "system": statement.conflict_system, "statement": statement}
    context |= {"form": form, "outcome": outcome}
    return render(request, "conflicts/statement_form.html", context, status=outcome.status)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_withdraw(request, code, statement):
    """Ask whether to withdraw it; withdraw it."""
    statement = _told_to_change(request.user, code, statement)
    if request.method == "POST":
        try:
            withdraw_statement(statement, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Withdrawn. It says nothing from today on.")
        return redirect(statement)
    context = {"section": "conflicts", "system": statement.conflict_system, "statement": statement}
    return render(request, "conflicts/statement_withdraw.html", context)


def _told(user, code, ref):
    return get_object_or_404(CoverageStatement.objects.visible_to(user).signed(), conflict_system__code=code, ref=ref)


def _told_to_change(user, code, ref):
    """Raises: Http404 where this person isn't told of it; PermissionDenied where they may not change it."""
    statement = _told(user, code, ref)
    if not may_change_statement(user, statement):
        raise PermissionDenied
    return statement


def _recorded(system, user):
    """(track, day) -> number of initiatives, for a form."""
    return lambda track, day: recorded_on(system, user, day)[track.pk]


def _code(text):
    """As the database may be asked for it."""
    return (text or "").replace("\0", "")

"""A system's coverage as a document: a page to print, and the same as PDF."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.circles import PARAMETER, Circle, Question
from initiatives.drawing.choices import Drawing
from initiatives.exchange.pdf import NoPdf, is_offered, pdf_of
from initiatives.models import ConflictSystem
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.coverage import CoveragePage
from initiatives.pages.report import ReportPage
from initiatives.pages.window import Window, narrowings
from initiatives.permissions import may_report_as
from initiatives.views.answering import TEXT, lines_of
from initiatives.views.asking import coverage_asked
from taxonomy.lens import lens_of

CHOOSE = "as: Choose for whom the report is made: “public” or “network”."


def _for_a_circle(view):
    """Hands a view its system, and the circle that is chosen, if any. The network's is for its readers alone."""

    @wraps(view)
    def for_a_circle(request, code):
        system, circle = get_object_or_404(ConflictSystem, code=code), Circle.asked(request.GET)
        if may_report_as(circle, request.user):
            return view(request, system, circle)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())  # who isn't signed in may be one

    return for_a_circle


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
@_for_a_circle
def conflict_report(request, system, circle):
    """For the circle that is chosen; until one is, the choice alone. The same page for everyone who gets it."""
    return render(request, "conflicts/report.html", _context(request, system, circle))


@require_safe
@cache_control(private=True, no_store=True)
@_for_a_circle
def report_pdf(request, system, circle):
    """The same as PDF. Seconds of work, so for whoever is signed in; others print the page."""
    context = _context(request, system, circle)
    if context["report"] is None:
        errors = lines_of(context["window"].form.errors)
        return _words("\n".join(errors if circle else [CHOOSE, *errors]), status=400)
    try:
        content = pdf_of(render_to_string("conflicts/report.html", context, request))
    except NoPdf as missing:
        return _words(str(missing), status=501)
    name = f"coverage-{system.code}-{circle.value}.pdf"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


def _words(text, *, status):
    return HttpResponse(text, content_type=TEXT, status=status)


def _context(request, system, circle):
    question = Question.of(request.GET, circle, user=request.user, lens=lens_of(request))
    asked = question.asked
    return {
        "system": system,
        "circles": [(one, without(request.GET, PARAMETER).urlencode(), one == circle) for one in Circle],
        "circle": circle,
        "unknown_circle": circle is None and request.GET.get(PARAMETER),
        "window": Window(asked.form, request.GET),
        "narrowings": narrowings(asked),
        "coverage_query": without(request.GET, PARAMETER).urlencode(),
        "report": _report(request, system, question) if circle and asked.is_valid() else None,
        "offers_pdf": is_offered(),
    }


def _report(request, system, question):
    asked = question.asked
    figures = coverage_asked(asked, system, statements=question.statements(request.user))
    lens, drawing = lens_of(request), Drawing.asked(request.GET)
    return ReportPage(
        system,
        question,
        CoveragePage(figures, lens, Addresses(system, asked.period), drawing=drawing),
        site=request.build_absolute_uri("/").rstrip("/"),
    )

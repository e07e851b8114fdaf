"""Drawings as files that stand alone: what was asked is written inside them."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.drawing.choices import Drawing
from initiatives.drawing.circle import circle_of_coverage
from initiatives.drawing.picture import INKS
from initiatives.drawing.raster import png_of
from initiatives.models import ConflictSystem, CoverageStatement
from initiatives.pages.addresses import pinned
from initiatives.pages.picture import circle_picture, marks
from initiatives.pages.window import narrowings
from initiatives.views.answering import TEXT, lines_of
from initiatives.views.asking import asked_by, coverage_asked
from taxonomy.lens import lens_of

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def circle_svg(request, code):
    """The circle of one system; where the question can't be read, what is wrong with it and no picture."""
    svg, errors = _circle(request, code)
    return refused(errors) if errors else picture(svg, f"circle-{code}.svg", "image/svg+xml")


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def circle_png(request, code):
    """The same as dots."""
    svg, errors = _circle(request, code)
    return refused(errors) if errors else picture(png_of(svg), f"circle-{code}.png", "image/png")


def _circle(request, code):
    """(SVG, {}) for this reader, query string and lens, or (None, errors by field)."""
    system = get_object_or_404(ConflictSystem, code=code)
    lens, asked = lens_of(request), asked_by(request)
    if not asked.is_valid():
        return None, asked.errors
    figures = coverage_asked(asked, system, statements=CoverageStatement.objects.visible_to(request.user))
    drawing = Drawing.asked(request.GET)
    told = {"system": system, "narrowings": narrowings(asked), "lens": lens, "reader": request.user}
    address = request.build_absolute_uri(f"{system.get_absolute_url()}?{pinned(request.GET, asked.period)}")
    circle = circle_of_coverage(figures, lens, drawing)
    context = {
        "picture": circle_picture(figures, drawing, address=address, **told),
        "circle": circle,
        "nodes": [(node, INKS[node.mark]) for node in circle.nodes],
        "marks": marks(),
    }
    return svg_of("conflicts/circle.svg", context), {}


def svg_of(template, context):
    """Without the characters that a text may hold and XML may not."""
    return NOT_IN_XML.sub("", render_to_string(template, context))


def picture(content, name, content_type):
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def refused(errors):
    return HttpResponse("\n".join(lines_of(errors)), content_type=TEXT, status=400)

"""How work moved from track to track: a lane a track over the years, as a page, as a picture and as data."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.coverage import outlines
from initiatives.analytics.sequence import sequence
from initiatives.drawing.choices import PARAMETERS, Drawing
from initiatives.exchange.sequence import sequence_as_json
from initiatives.models import ConflictSystem, CoverageStatement
from initiatives.pages.addresses import Addresses, pinned, without
from initiatives.pages.picture import sequence_picture
from initiatives.pages.said import said_of_sequence
from initiatives.pages.sequence import SequencePage
from initiatives.pages.window import Window, narrowings
from initiatives.views.answering import answer_json, answer_page, note_in_file, refused_as_json
from initiatives.views.asking import asked_by
from initiatives.views.pictures import picture, refused, svg_of
from taxonomy.lens import lens_of


@login_not_required
@require_safe
def conflict_sequence(request, code):
    """The lanes of one system; where the question can't be read, what is wrong with it and nothing drawn."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked = asked_by(request)
    window = Window(asked.form, request.GET)
    page = _page(request, system, asked, window) if asked.is_valid() else None
    context = {
        "section": "conflicts",
        "system": system,
        "window": window,
        "narrowings": narrowings(asked),
        "page": page,
        "data_query": without(request.GET, *PARAMETERS).urlencode(),
    }
    live = {"root": "sequence", "fragment": "conflicts/_sequence.html", "said": page and said_of_sequence(page)}
    return answer_page(request, "conflicts/sequence.html", context, **live)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def sequence_svg(request, code):
    """The lanes as a picture that stands alone."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked = asked_by(request)
    if not asked.is_valid():
        return refused(asked.errors)
    page = _page(request, system, asked, Window(asked.form, request.GET))
    told = {"system": system, "narrowings": narrowings(asked), "lens": lens_of(request), "reader": request.user}
    address = request.build_absolute_uri(f"{system.get_absolute_url()}sequence/?{pinned(request.GET, asked.period)}")
    context = {"page": page, "picture": sequence_picture(page, address=address, **told), "lens": lens_of(request)}
    note_in_file(request, page.sequence.records)
    return picture(svg_of("conflicts/sequence.svg", context), f"sequence-{code}.svg", "image/svg+xml")


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def sequence_json(request, code):
    """The same as data, at the page's own query string."""
    system = get_object_or_404(ConflictSystem, code=code)
    asked = asked_by(request)
    if not asked.is_valid():
        return refused_as_json(asked.errors)
    figures = _sequence(system, asked)
    note_in_file(request, figures.records)
    return answer_json(
        request, sequence_as_json(figures, system=system, phases=system.phases.all(), period=asked.period)
    )


def _page(request, system, asked, window):
    """The SequencePage of one system, over what the filter leaves."""
    return SequencePage(
        sequence=_sequence(system, asked),
        outline=_outline(request, system, asked),
        period=asked.period,
        phases=tuple(system.phases.all()),
        addresses=Addresses(system, asked.period, request.GET),
        window=window,
        drawing=Drawing.asked(request.GET),
    )


def _outline(request, system, asked):
    """The states of its tracks, as its coverage tells them."""
    return outlines(
        asked.narrowed(system=system),
        systems=[system],
        period=asked.period,
        statements=CoverageStatement.objects.visible_to(request.user),
        tracks=asked.counted_as["tracks"],
        narrowed=asked.is_narrowed,
    )[system.pk]


def _sequence(system, asked):
    return sequence(asked.narrowed(system=system), system=system, period=asked.period, reader=asked.user)

"""Figures as HTML. Filters, not fragments, and put together without Django's help: a page holds hundreds of them. They
are numbers; of the rest, addresses alone need escaping."""

from html import escape

from django import template
from django.utils.safestring import mark_safe

register = template.Library()

NOTHING = mark_safe('<span class="zero">0</span>')
NOT_ASSESSED = mark_safe('<td class="heat heat-unknown"><span class="visually-hidden">not assessed</span></td>')
ASSESSED = (
    '<td class="heat heat-{}"><span dir="ltr">{}<span aria-hidden="true">/</span>'
    '<span class="visually-hidden"> practised of assessed </span>{}</span>'
    ' <span class="median">{} with evidence</span>{}</td>'
)
BAR = '<rect {} x="{}%" y="{}" width="{}%" height="{}"/>'
MEDIAN = ' <span class="median">median {}</span>'


@register.filter
def grouped(count):
    """A whole number as pages tell it: with a comma between thousands."""
    return f"{count:,d}"


@register.filter
def linked(figure):
    """A Figure with the way to its records."""
    if figure.address:
        return mark_safe(f'<a href="{escape(figure.address)}">{figure.value:,d}</a>')  # noqa: S308  see above
    return grouped(figure.value) if figure.value else NOTHING


@register.filter
def heat_cell(cell):
    """A Cell of the table of principles by track."""
    if not cell.assessed:
        return NOT_ASSESSED
    median = "" if cell.median is None else MEDIAN.format(f"{cell.median:g}")
    figures = (linked(figure) for figure in (cell.practised, cell.assessed, cell.evidenced))
    return mark_safe(ASSESSED.format(cell.heat, *figures, median))  # noqa: S308  see above


@register.filter
def year_cell(year):
    """A TrackYear as a cell of the table of years."""
    began = f' <span class="soft">+{year.started:,d}</span>' if year.started else ""
    ended = f' <span class="soft">−{year.ended:,d}</span>' if year.ended else ""
    return mark_safe(f'<td class="number">{year.active:,d}{began}{ended}</td>')  # noqa: S308  numbers alone


@register.filter
def bar_rects(bar, width):
    """A Bar of a chart in SVG. width: of each, in per cent."""
    drawn = [
        ('class="bar-active"', -bar.active, bar.active),
        ('class="bar-started"', -bar.started, bar.started),
        ('fill="url(#unfinished)"', -bar.active, bar.active if bar.unfinished else 0),
        ('class="bar-ended"', 1, bar.ended),
    ]
    rects = [BAR.format(look, bar.x, top, width, height) for look, top, height in drawn if height]
    return mark_safe("".join(rects))  # noqa: S308  numbers alone

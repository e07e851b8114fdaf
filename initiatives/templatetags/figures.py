"""Figures as HTML. Filters, not fragments, and put together without Django's help: a page holds hundreds of them. They
are numbers; of the rest, addresses alone need escaping."""

from html import escape

from django import template
from django.template.defaultfilters import floatformat
from django.utils.safestring import mark_safe

register = template.Library()

NOTHING = mark_safe('<span class="zero">0</span>')
NOT_ASSESSED = mark_safe('<td class="heat heat-unknown"><span class="visually-hidden">not assessed</span></td>')
ASSESSED = (
    '<td class="heat heat-{}"><span dir="ltr">{}<span aria-hidden="true">/</span>'
    '<span class="visually-hidden"> practised of assessed </span>{}</span>'
    ' <span class="median">{} with evidence</span>{}</td>'
)
MEDIAN = ' <span class="median">median {}</span>'


@register.filter
def linked(figure):
    """A Figure with the way to its records."""
    if figure.address:
        return mark_safe(f'<a href="{escape(figure.address)}">{figure.value:d}</a>')  # noqa: S308  see above
    return figure.value or NOTHING


@register.filter
def heat_cell(cell):
    """A Cell of the table of principles by track."""
    if not cell.assessed:
        return NOT_ASSESSED
    median = "" if cell.median is None else MEDIAN.format(floatformat(cell.median))
    figures = (linked(figure) for figure in (cell.practised, cell.assessed, cell.evidenced))
    return mark_safe(ASSESSED.format(cell.heat, *figures, median))  # noqa: S308  see above

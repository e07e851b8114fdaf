from django import template
from django.utils.html import format_html

register = template.Library()

NOTHING = format_html('<span class="zero">{}</span>', 0)


@register.filter
def linked(figure):
    """A Figure as HTML, with the way to its records. A filter, not a fragment: a page holds hundreds of figures."""
    if figure.address:
        return format_html('<a href="{}">{}</a>', figure.address, figure.value)
    return figure.value or NOTHING

from django import template
from django.utils.html import format_html_join

from initiatives import markdown

register = template.Library()

register.filter("markdown", markdown.render)
register.filter("with_links", markdown.with_links)


@register.filter
def chosen(field):
    """Of a field of codes, what is chosen. Shape: [(code, label)]."""
    codes = set(field.value() or ())
    return [(code, label) for code, label in field.field.choices if code in codes]


@register.filter
def further_options(field):
    """Of a field of codes, an <option> for each of the others: made at once, because there may be a thousand."""
    codes = set(field.value() or ())
    others = ((code, label) for code, label in field.field.choices if code not in codes)
    return format_html_join("", '<option value="{}">{}</option>', others)

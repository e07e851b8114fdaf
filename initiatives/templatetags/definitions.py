from django import template
from django.utils.html import format_html

from initiatives.definitions import definitions, parts

register = template.Library()


@register.simple_tag
def about(code):
    """The *i* beside a figure. Without a script, it opens the definition that a page holds by `_definitions.html`."""
    return format_html(
        '<button type="button" class="about-figure no-print" popovertarget="about-{}" aria-label="{}">i</button>',
        code,
        f"About: {definitions()[code].name}",
    )


@register.simple_tag
def definition(code):
    return definitions()[code]


@register.simple_tag
def definitions_of(code):
    """Those of one part; all, where none is named. Shape: [Definition]."""
    return [one for part in parts() if part.code == code or not code for one in part.definitions]

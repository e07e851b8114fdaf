from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html

from initiatives.definitions import definitions, parts

register = template.Library()

ABOUT = (
    '<span class="no-print">&nbsp;<button type="button" class="about-figure" popovertarget="about-{}"'
    ' aria-label="{}">i</button></span>'
)


@register.simple_tag(takes_context=True)
def about(context, code):
    """The *i* beside a figure, with the space before it, as neither is on paper.

    Without a script, it opens the definition that a page holds by `_definitions.html`.
    """
    told_about(context).add(code)
    return format_html(ABOUT, code, f"About: {definitions()[code].name}")


@register.simple_tag(takes_context=True)
def told_about(context):
    """Codes of the figures that the page has drawn so far with an *i*."""
    return vars(context["request"]).setdefault("told_about", set())


@register.simple_tag
def definitions_of(code):
    """Those of one part; all, where none is named. Shape: [Definition]."""
    return [one for part in parts() if part.code == code or not code for one in part.definitions]


@register.filter
@cache
def definition_words(one):
    """A Definition as its *i* shows it. Drawn once a process: a page holds all of them, and they never change."""
    return render_to_string("conflicts/_definition_words.html", {"one": one})

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

RETIRED = mark_safe(' <span class="badge-plain">retired</span>')


@register.simple_tag(takes_context=True)
def track_label(context, track):
    """The track's name with its label in the reader's lens, as HTML."""
    label = context["lens"].label(track)
    if not label:
        return format_html('<span class="track-label">{}</span>', track.name)
    return format_html('<span class="track-label"><span class="track-number">{}</span> {}</span>', label, track.name)


@register.simple_tag(takes_context=True)
def track_text(context, track):
    """The same as text alone, for options and SVG."""
    return context["lens"].text(track)


@register.filter
def retired_badge(term):
    """What stands behind the name of a term, as HTML: that it is retired, with the space before it, or nothing."""
    return RETIRED if term.is_retired else ""

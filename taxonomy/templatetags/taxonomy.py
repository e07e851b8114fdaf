from html import escape

from django import template
from django.utils.safestring import mark_safe

register = template.Library()

RETIRED = mark_safe(' <span class="badge-plain">retired</span>')


@register.simple_tag(takes_context=True)
def track_label(context, track):
    """The track's name with its label in the reader's lens, as HTML."""
    label = context["lens"].label(track)
    number = f'<span class="track-number">{escape(label)}</span> ' if label else ""
    return mark_safe(f'<span class="track-label">{number}{escape(track.name)}</span>')  # noqa: S308  each part is escaped


@register.simple_tag(takes_context=True)
def track_text(context, track):
    """The same as text alone, for options and SVG."""
    return context["lens"].text(track)


@register.filter
def retired_badge(term):
    """What stands behind the name of a term, as HTML: that it is retired, with the space before it, or nothing."""
    return RETIRED if term.is_retired else ""

from django import template
from django.utils.html import format_html

register = template.Library()


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

"""People's Markdown as HTML: rendered without raw HTML, then cleaned, so that no text acts on a page."""

import nh3
from django.utils.html import urlize
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
TAGS |= {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
LINK_REL = "noopener noreferrer nofollow"
HIGHEST_HEADING = 3  # the page's own headings take the first two levels


def _lower_headings(state):
    """Let the highest heading of a text stand right below those of the page, and the others keep their distance."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    shift = HIGHEST_HEADING - min((int(token.tag[1]) for token in headings), default=0)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + shift)}"


_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
_parser.core.ruler.push("lower_headings", _lower_headings)


def render(text):
    """Markdown to safe HTML. Raw HTML shows as text; images are left out: they would call other sites."""
    return _clean(_parser.render(text))


def with_links(text):
    """Plain text to safe HTML in which web addresses are links."""
    return _clean(urlize(text, autoescape=True))


def _clean(html):
    cleaned = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=LINK_REL
    )
    return mark_safe(cleaned)  # noqa: S308  cleaned in the line above

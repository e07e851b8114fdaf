from functools import cache
from html import escape

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from initiatives import markdown
from initiatives.models import Sharing, Status

register = template.Library()

register.filter("markdown", markdown.render)
register.filter("with_links", markdown.with_links)


BOX = """<div class="form-check"><input type="checkbox" name="{name}" value="{code}" class="form-check-input" \
id="{id}"{state}> <label class="form-check-label" for="{id}">{label}</label></div>"""

STANDING_OUT = {Status.ACTIVE: "accent", Status.PLANNED: "", Status.ENDED: ""}  # any other: warm


@register.filter
@cache
def status_badge(status):
    """Of a Status or its value."""
    return _badge(Status(status).label, STANDING_OUT.get(status, "warm"))


@register.filter
@cache
def sharing_badge(sharing):
    """Who reads an initiative; for signed-in readers alone."""
    label = format_html('<span class="visually-hidden">Sharing: </span>{}', Sharing(sharing).label)
    return _badge(label, "warm" if sharing == Sharing.RESTRICTED else "")


def _badge(label, look):
    return format_html('<span class="badge-plain{}">{}</span>', look and f" badge-{look}", label)


@register.filter
def chosen(field):
    """Of a field of codes, what is chosen. Shape: [(code, label)]."""
    codes = set(field.value() or ())
    return [(code, label) for code, label in field.field.choices if code in codes]


@register.filter
def further_options(field):
    """Of a field of codes, an <option> for each of the others: made at once, and escaped by Python's own function,
    because there may be a thousand."""
    codes = set(field.value() or ())
    others = [(code, str(label)) for code, label in field.field.choices if code not in codes]
    options = [f'<option value="{escape(code)}">{escape(label)}</option>' for code, label in others]
    return mark_safe("".join(options))  # noqa: S308  each part is escaped


@register.filter
def boxes(field):
    """Of a field of codes, a box to tick for each: made at once, because there are fifty on a page of the list."""
    codes, invalid = set(field.value() or ()), ' aria-invalid="true"' if field.errors else ""
    options = (
        {
            "name": field.html_name,
            "code": code,
            "id": f"{field.auto_id}_{place}",
            "state": SafeString(f"{invalid}{' checked' if code in codes else ''}"),
            "label": label,
        }
        for place, (code, label) in enumerate(field.field.choices)
    )
    return format_html_join("", BOX, options)

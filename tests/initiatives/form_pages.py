"""The form of an initiative as a browser meets it: its page, and what is sent back of it."""

from django.urls import reverse

NEW = "/initiatives/new/"
COMPLETE = {"title": "Market talks", "conflicts": ["valley"], "start": "2021", "lead_track": "business"}


def edit_page(client, initiative):
    return client.get(reverse("initiatives:edit", args=[initiative.ref]))


def as_sent(page, **changes):
    """What a browser would send back of a page's form, unchanged but for `changes`."""
    form, said = page.context["form"], {}
    for bound in form:
        value = bound.value()
        columns = getattr(bound.field, "columns", None)
        if columns:
            said |= {column: [row[place] for row in value] for place, column in enumerate(columns)}
        elif value is not None and value is not False:
            said[bound.html_name] = value
    return said | changes


def errors(response):
    return {name: list(messages) for name, messages in response.context["form"].errors.items()}

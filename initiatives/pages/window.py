"""The choice of window on a coverage page: its form, quick links, and what the address keeps besides."""

from initiatives.dates import today, twelve_months_before
from initiatives.pages.addresses import without
from initiatives.period import period_fields

DAYS = ("from", "to", "as_of")
NOT_KEPT = ("page", "sort", "conflict")


class Window:
    """form: bound to the query string; fields besides those of the window may be among its own."""

    def __init__(self, form, query):
        self.form, self.query = form, without(query, *NOT_KEPT)
        self.names = tuple(period_fields())

    @property
    def fields(self):
        return [self.form[name] for name in self.names]

    @property
    def carried(self):
        """What the form sends along unseen. Shape: [(name, value)]."""
        others = without(self.query, *self.names)
        return [(name, value) for name, values in others.lists() for value in values]

    @property
    def other_errors(self):
        """What can't be read in the address besides the window. Shape: [(label, errors, query without it)]."""
        wrong = [name for name in self.form.errors if name in self.form.fields and name not in self.names]
        fields, errors = self.form.fields, self.form.errors
        return [(fields[name].label, errors[name], self.with_values(**{name: None})) for name in wrong]

    @property
    def quick_links(self):
        """Shape: [(label, query, whether it is the present one)]."""
        present = {name: self.query.get(name) or None for name in DAYS}
        links = []
        for label, start in (("Last 12 months", _years_ago(1)), ("Last 5 years", _years_ago(5)), ("All years", None)):
            days = dict.fromkeys(DAYS) | {"from": start.isoformat() if start else None}
            links.append((label, self.with_values(**days), days == present))
        return links

    def with_values(self, **values):
        """The query string with these parameters changed; None leaves one out."""
        changed = without(self.query, *values)
        for name, value in values.items():
            if value is not None:
                changed[name] = value
        return changed.urlencode()


def narrowings(asked):
    """What an InitiativeFilter narrows besides the window, as Chips with a way to take each out."""
    apart = {field.label for field in period_fields().values()} | {asked.form.fields["conflict"].label}
    return [chip for chip in asked.chips() if chip.label not in apart]


def _years_ago(count):
    day = today()
    for _ in range(count):
        day = twelve_months_before(day)
    return day

"""How a sent form becomes a saved record, or comes back with what stands in the way."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from mtd_tracker.forms import collisions
from mtd_tracker.history import StaleSave


@dataclass(frozen=True)
class Attempt:
    """record: what was saved, or None. stale: whether somebody else was quicker; collisions: where the two differ."""

    record: object = None
    stale: bool = False
    collisions: tuple = ()

    @property
    def status(self):
        return 409 if self.stale else 200


def posted(request):
    """What was sent, for a form that stays unbound otherwise."""
    return request.POST if request.method == "POST" else None


def attempt(form, save, *, fresh=None):
    """Save a sent form through an action; what it refuses stands on the form afterwards.

    save: called without arguments once the form is valid. fresh: record -> the same form of it, unbound.
    """
    if not form.is_bound or not form.is_valid():
        return Attempt()
    try:
        return Attempt(record=save())
    except ValidationError as error:
        _tell(form, error)
        return Attempt()
    except StaleSave as stale:
        form.data = form.data.copy()
        form.data["version"] = stale.stored.version  # saving again replaces what the person has now seen
        return Attempt(stale=True, collisions=tuple(collisions(form, fresh(stale.stored))))


def _tell(form, error):
    """Put an action's errors beside the fields that they are about, as far as the form has them."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for field, errors in by_field.items():
        form.add_error(field if field in form.fields else None, errors)

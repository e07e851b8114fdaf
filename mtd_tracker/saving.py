"""How a sent form becomes a saved record, or comes back with what stands in the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from mtd_tracker.history import StaleSave
from mtd_tracker.merging import TAKE, Merge, three_way
from mtd_tracker.parsing import whole_number

MERGE, BOTH = "merge", "both"  # what the button says that puts both people's changes together
STARTED_FROM = "base"  # where a form came back once: the version that it began with at first


@dataclass(frozen=True)
class Sides:
    """Where a form and its record come from, should somebody else be quicker.

    record: as stored when the request began. form_of: record -> the same form of it, unbound.
    past: number of a version -> the record as it was, or None; without it, a form asks a question afresh, and
    nothing is merged. within: what the person may open at all, asked again before they are shown what somebody else
    saved: that may have closed the record to them.
    """

    record: object
    form_of: Callable
    past: Callable | None = None
    within: QuerySet | None = None

    def merge(self, form, stored, started_from):
        """Raises: Http404 where the person may not open it any more."""
        if self.within is not None:
            get_object_or_404(self.within, pk=stored.pk)
        was = self.past(started_from) if self.past else None
        base = self.form_of(was) if was is not None else None
        return three_way(form, self.form_of(stored), base, started_from=started_from, is_offered=self.past is not None)


@dataclass(frozen=True)
class Attempt:
    """record: what was saved, or None. merge: what stands against it where somebody else was quicker.

    asked: what the person is to look at before anything is saved.
    """

    record: object = None
    merge: Merge | None = None
    asked: object = None

    @property
    def stale(self):
        return self.merge is not None

    @property
    def status(self):
        return 409 if self.stale else 200


def posted(request):
    """What was sent, for a form that stays unbound otherwise."""
    return request.POST if request.method == "POST" else None


def attempt(form, save, *, sides=None, ask=None):
    """Save a sent form through an action; what it refuses stands on the form afterwards.

    save: called without arguments once the form is valid. ask: called before; what it gives, unless empty, is shown
    first, and nothing is saved. sides: of a form that changes a record.
    """
    if not form.is_bound:
        return Attempt()
    if sides and sides.past and form.data.get(MERGE) == BOTH:
        merge = _put_together(form, sides)
        if not merge.is_decided:
            return Attempt(merge=replace(merge, was_asked=True))
    if not form.is_valid():
        return Attempt()
    asked = ask() if ask else None
    if asked:
        return Attempt(asked=asked)
    try:
        return Attempt(record=save())
    except ValidationError as error:
        tell(form, error)
        return Attempt()
    except StaleSave as stale:
        _go_on_from(form, stale.stored)
        for name in [name for name in form.data if name.startswith(TAKE)]:
            del form.data[name]  # chosen between other texts than these
        return Attempt(merge=sides.merge(form, stale.stored, form.cleaned_data["version"]))


def _put_together(form, sides):
    """Fill a sent form with what both changed, as far as that is decided."""
    merge = sides.merge(form, sides.record, whole_number(form.data.get(STARTED_FROM)))
    _go_on_from(form, sides.record)
    for name, texts in merge.values.items():
        form.data.setlist(name, texts)
    form.full_clean()
    return merge


def _go_on_from(form, stored):
    """Saving again replaces what the person has now seen."""
    form.data = form.data.copy()
    form.data["version"] = stored.version


def tell(form, error, *, otherwise=None):
    """Put an action's errors beside the fields that they are about, as far as the form has them.

    otherwise: the field beside which the others stand; above the form, where it is None.
    """
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for field, errors in by_field.items():
        form.add_error(field if field in form.fields else otherwise, errors)

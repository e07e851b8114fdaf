"""Ask for coverage as a query string does: days as text, the four period parameters by name."""

from initiatives.analytics.coverage import coverage
from initiatives.models import Initiative
from initiatives.period import PeriodForm


def period_of(**asked):
    """A Period from texts; `from_day` and `to_day` stand for `from` and `to`."""
    form = PeriodForm({name.removesuffix("_day"): text for name, text in asked.items()})
    assert form.is_valid(), form.errors
    return form.period


def coverage_of(system, *, initiatives=None, statements=None, **asked):
    """Coverage of every initiative there is, or of a queryset; on 30 June 2020 unless asked otherwise."""
    if not asked.keys() & {"as_of", "to_day"}:
        asked["as_of"] = "2020-06-30"
    initiatives = Initiative.objects.all() if initiatives is None else initiatives
    return coverage(initiatives, system=system, period=period_of(**asked), statements=statements)


def track_of(coverage, track):
    return next(one for one in coverage.tracks if one.track == track)


def apart(coverage):
    """(N, planned, untagged, undated)."""
    return coverage.initiatives, coverage.planned, coverage.untagged, coverage.undated

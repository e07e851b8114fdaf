"""Who is on one track of a conflict system, as a page and as data."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.on_track import as_on_track, engaged_on, numbers_on, organisations_on, times_of
from initiatives.exchange.on_track import on_track_as_json
from initiatives.models import BEGUN, ConflictSystem, CoverageStatement, Status
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.said import said_of_track
from initiatives.pages.track import PER_PAGE, counted_track, track_page
from initiatives.pages.window import Window, narrowings
from initiatives.views.answering import answer_json, answer_moved, answer_page, refused_as_json
from initiatives.views.asking import asked_by
from taxonomy.models import Track


def _of_track(name):
    """Hands a page, or its data, its system, its track and the keys of all that count as that; one that was replaced
    leads to those of what replaced it. name: of the address."""

    def with_track(view):
        @wraps(view)
        def found(request, code, track):
            system = get_object_or_404(ConflictSystem, code=code)
            counted = counted_track(Track.objects.counted_under(), track)
            if counted is None:
                raise Http404
            track, replaced, keys = counted
            if replaced:
                return answer_moved(request, name, code, track.code)
            return view(request, system, track, keys)

        return found

    return with_track


@login_not_required
@require_safe
@_of_track("initiatives:conflict-track")
def conflict_track(request, system, track, keys):
    """The organisations on it, by name; where the question can't be read, what is wrong with it and no figures."""
    asked = asked_by(request)
    told = CoverageStatement.objects.visible_to(request.user).filter(conflict_system=system, track__in=keys)
    page = _page(request, system, track, keys, asked) if asked.is_valid() else None
    context = {
        "section": "conflicts",
        "system": system,
        "track": track,
        "window": Window(asked.form, request.GET),
        "narrowings": narrowings(asked),
        "page": page,
        "statements": told.valid_on(asked.period.as_of).signed(),
        "data_query": without(request.GET, "page").urlencode(),
    }
    live = {"root": "on-track", "fragment": "conflicts/_on_track.html", "said": page and said_of_track(page)}
    return answer_page(request, "conflicts/track.html", context, **live)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
@_of_track("initiatives:track-json")
def track_json(request, system, track, keys):
    """The same as data, at the page's own query string: every organisation."""
    asked = asked_by(request)
    if not asked.is_valid():
        return refused_as_json(asked.errors)
    times, engaged = _found(request, system, keys, asked)
    told = as_on_track(organisations_on(engaged), engaged)
    figures = {"times": times, "numbers": numbers_on(engaged)}
    return answer_json(request, on_track_as_json(told, **figures, system=system, track=track, period=asked.period))


def _found(request, system, keys, asked):
    """Shape: (TrackTimes, engagements on the track)."""
    among = {"system": system, "tracks": keys, "period": asked.period, "reader": request.user}
    initiatives = asked.narrowed(system=system)
    times = times_of(engaged_on(initiatives, **among, statuses=(*BEGUN, Status.PLANNED)))
    return times, engaged_on(initiatives, **among)


def _page(request, system, track, keys, asked):
    times, engaged = _found(request, system, keys, asked)
    return track_page(
        track,
        period=asked.period,
        times=times,
        page=Paginator(organisations_on(engaged), PER_PAGE).get_page(request.GET.get("page")),
        engaged=engaged,
        addresses=Addresses(system, asked.period, request.GET),
    )

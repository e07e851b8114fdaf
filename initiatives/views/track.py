"""Who is on one track of a conflict system, as a page and as data."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from initiatives.analytics.on_track import as_on_track, engaged_on, numbers_on, organisations_on, times_of
from initiatives.exchange.on_track import on_track_as_json
from initiatives.models import BEGUN, ConflictSystem, CoverageStatement, Status
from initiatives.pages.addresses import Addresses, without
from initiatives.pages.said import said_of_track
from initiatives.pages.track import PER_PAGE, counted_track, track_page
from initiatives.pages.window import Window, narrowings
from initiatives.views.answering import answer_json, answer_page, refused_as_json
from initiatives.views.asking import asked_by
from taxonomy.models import Track


@login_not_required
@require_safe
def conflict_track(request, code, track):
    """The organisations on it, by name; where the question can't be read, what is wrong with it and no figures."""
    system = get_object_or_404(ConflictSystem, code=code)
    track, replaced, keys = _counted(track)
    if replaced:
        return _moved(request, "initiatives:conflict-track", code, track)
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
def track_json(request, code, track):
    """The same as data, at the page's own query string: every organisation."""
    system = get_object_or_404(ConflictSystem, code=code)
    track, replaced, keys = _counted(track)
    if replaced:
        return _moved(request, "initiatives:track-json", code, track)
    asked = asked_by(request)
    if not asked.is_valid():
        return refused_as_json(asked.errors)
    times, engaged = _found(request, system, keys, asked)
    told = as_on_track(organisations_on(engaged), engaged)
    figures = {"times": times, "numbers": numbers_on(engaged)}
    return answer_json(request, on_track_as_json(told, **figures, system=system, track=track, period=asked.period))


def _counted(code):
    """See `counted_track`. Raises: Http404 where there is no such track."""
    found = counted_track(Track.objects.counted_under(), code)
    if found is None:
        raise Http404
    return found


def _moved(request, name, code, track):
    address = reverse(name, args=[code, track.code])
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address, permanent=True)


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

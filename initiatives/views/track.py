"""Who is on one track of a conflict system."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.analytics.on_track import engaged_on, organisations_on, times_of
from initiatives.models import BEGUN, ConflictSystem, CoverageStatement, Status
from initiatives.pages.addresses import Addresses
from initiatives.pages.said import said_of_track
from initiatives.pages.track import PER_PAGE, counted_track, track_page
from initiatives.pages.window import Window, narrowings
from initiatives.views.answering import answer_page
from initiatives.views.asking import asked_by
from taxonomy.models import Track


@login_not_required
@require_safe
def conflict_track(request, code, track):
    """The organisations on it, by name; where the question can't be read, what is wrong with it and no figures."""
    system = get_object_or_404(ConflictSystem, code=code)
    counted_as = Track.objects.counted_under()
    found = counted_track(counted_as, track)
    if found is None:
        raise Http404
    track, replaced, keys = found
    if replaced:
        address = reverse("initiatives:conflict-track", args=[code, track.code])
        return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address, permanent=True)
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
    }
    live = {"root": "on-track", "fragment": "conflicts/_on_track.html", "said": page and said_of_track(page)}
    return answer_page(request, "conflicts/track.html", context, **live)


def _page(request, system, track, keys, asked):
    among = {"system": system, "tracks": keys, "period": asked.period, "reader": request.user}
    initiatives = asked.narrowed(system=system)
    engaged = engaged_on(initiatives, **among)
    return track_page(
        track,
        period=asked.period,
        times=times_of(engaged_on(initiatives, **among, statuses=(*BEGUN, Status.PLANNED))),
        page=Paginator(organisations_on(engaged), PER_PAGE).get_page(request.GET.get("page")),
        engaged=engaged,
        addresses=Addresses(system, asked.period, request.GET),
    )

"""What the words mean: for everybody, signed in or not."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mtd_tracker.returning import page_before
from mtd_tracker.saving import posted
from taxonomy.circle import circle
from taxonomy.crosswalk import crosswalk
from taxonomy.forms import LensForm
from taxonomy.kinds import ACTIVITIES, PRINCIPLES, TRACKS
from taxonomy.lens import COOKIE, MAX_AGE, lens_of
from taxonomy.models import ActivityType, Principle, Track
from taxonomy.permissions import may_curate


@login_not_required
@require_safe
def index(request):
    """All terms and how they hang together, on one page."""
    kinds = {kind.slug: list(kind.model.objects.all()) for kind in (TRACKS, PRINCIPLES, ACTIVITIES)}
    in_use = {slug: [term for term in terms if not term.is_retired] for slug, terms in kinds.items()}
    lens = lens_of(request)
    context = {
        **in_use,
        "circle": circle(in_use["tracks"], lens),
        "retired": [term for terms in kinds.values() for term in terms if term.is_retired],
        "lens": lens,
        "section": "taxonomy",
        "may_curate": may_curate(request.user),
    }
    return render(request, "taxonomy/index.html", context)


@login_not_required
@require_safe
def schemes(request):
    """Every numbering scheme against the tracks in use."""
    table = crosswalk(list(Track.objects.in_use()))
    return render(request, "taxonomy/schemes.html", {"crosswalk": table, "section": "taxonomy"})


@login_not_required
@require_safe
def track(request, code):
    term = get_object_or_404(Track, code=code)
    around = _neighbours(term)
    context = _term_context(request, term, TRACKS) | {"row": crosswalk([term]).rows[0], "neighbours": around}
    return render(request, "taxonomy/track.html", context)


@login_not_required
@require_safe
def principle(request, code):
    term = get_object_or_404(Principle, code=code)
    return render(request, "taxonomy/principle.html", _term_context(request, term, PRINCIPLES))


@login_not_required
@require_safe
def activity(request, code):
    term = get_object_or_404(ActivityType, code=code)
    return render(request, "taxonomy/activity.html", _term_context(request, term, ACTIVITIES))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_lens(request):
    """Keep the chosen scheme in a cookie, and go back to where the reader was."""
    target = page_before(request, otherwise=reverse("taxonomy:index"))
    lens = lens_of(request)
    form = LensForm(posted(request), initial={"scheme": lens.scheme})
    if not form.is_valid():
        context = {"form": form, "next": target, "lens": lens, "section": "taxonomy"}
        return render(request, "taxonomy/lens.html", context)
    scheme = form.cleaned_data["scheme"]
    messages.success(request, f"Tracks are now numbered as in: {scheme}.")
    response = HttpResponseRedirect(target)
    response.set_cookie(
        COOKIE,
        scheme.code,
        max_age=MAX_AGE,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
    )
    return response


def _term_context(request, term, kind):
    """What the pages of all kinds share."""
    counted_under = kind.model.objects.counted_under()[term.pk] if term.replaced_by_id else None
    return {
        "term": term,
        "kind": kind,
        "counted_under": counted_under,
        "stands_for": kind.model.objects.filter(replaced_by=term),
        "section": "taxonomy",
        "may_curate": may_curate(request.user),
    }


def _neighbours(track):
    """The tracks before and after it in the circle, which has no end; none for a retired one."""
    tracks = list(Track.objects.in_use())
    if track not in tracks or len(tracks) < 2:
        return None
    place = tracks.index(track)
    return {"previous": tracks[place - 1], "next": tracks[(place + 1) % len(tracks)]}

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from initiatives.actions.questions import stop_digests
from initiatives.digests import reader_of
from initiatives.models import SavedQuestion


@csrf_exempt  # mail programs post by themselves (RFC 8058); what the link may do is in its signature
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def digest_stop(request, token):
    """Ask whether to stop the monthly mail of whoever the link was sent to; stop it. Their name is not told."""
    user = reader_of(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        stop_digests(by=user)
    stopped = not SavedQuestion.objects.of(user).filter(monthly=True).exists()
    return render(request, "questions/stop.html", {"stopped": stopped})

"""Who is it, once more: asked before a change that opens something to others and can't be taken back.

A form that was sent is kept in the session meanwhile, and goes on at its own address once the person proved it:
whole, also where the address has a query string, and once. allauth asks; the keeping is done here, because allauth
loses forms whose address has a query, and answers them at the address of its own page.
"""

import secrets
import time
from urllib.parse import unquote

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.cache import cache
from django.http import HttpResponseRedirect, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode

from mtd_tracker.htmx import leave_for

PROVED = "form_to_go_on_with"  # in the session: a form whose person has just proved who they are


@reauthentication_required
def require_reauthentication(request):
    """Call it once the person's right to the change is known, so that nobody else is asked.

    Raises: ReauthenticationRequired, unless the person proved who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT;
    the middleware below then asks, and comes back, with the form as it was sent. Files are not kept.
    """


class FormsSurviveProving:
    """Middleware: keeps what was sent while the person proves who they are, then goes on with it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and PROVED in request.session:
            _go_on(request, request.session.pop(PROVED))
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, ReauthenticationRequired) or request.user.is_anonymous:
            return None
        address = request.get_full_path()
        request.session.pop(STATE_SESSION_KEY, None)  # one that was left unfinished must not come back later
        if request.method == "POST":
            kept = {"address": address, "form": request.POST.urlencode(), "at": time.time()}
            request.session[STATE_SESSION_KEY] = {"callback": f"{__name__}.proved", "state": kept}
        first = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return leave_for(request, f"{first}?{urlencode({REDIRECT_FIELD_NAME: address})}")


def proved(request, kept):
    """Called by allauth once the person proved who they are: back to the form's address, where it goes on."""
    target = get_next_redirect_url(request) or settings.LOGIN_REDIRECT_URL
    if target == kept["address"]:
        go_on_with(request, address=target, form=kept["form"])
    return HttpResponseRedirect(target)


def go_on_with(request, *, address, form):
    """The person's next request, if it is for this address, is the form that they sent there, as a query string."""
    request.session[PROVED] = {"address": address, "form": form, "at": time.time(), "mark": secrets.token_urlsafe()}


def _go_on(request, kept):
    """Make of the request that follows the redirect the one that was kept; of any other one, nothing.

    Whoever asks twice in the same moment with the same session gets the form's page the second time.
    """
    path, _, query = kept["address"].partition("?")
    here = request.path == unquote(path) and QueryDict(query, encoding=request.encoding) == request.GET
    expected = request.method == "GET" and here
    in_time = time.time() - kept["at"] < 60
    if expected and in_time and cache.add(f"gone-on:{kept['mark']}", True, timeout=120):
        request.method = "POST"
        request.POST = QueryDict(kept["form"], encoding=request.encoding)
        request._files = MultiValueDict()
        request.csrf_processing_done = True  # it was checked when the form was sent

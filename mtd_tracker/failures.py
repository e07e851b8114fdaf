"""What fails is answered in words that say what to do."""

import sys

from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error as unknown_error

try:
    from redis.exceptions import RedisError
except ModuleNotFoundError:  # a site without a Redis

    class RedisError(Exception):
        """Never raised."""


@requires_csrf_token
def server_error(request):
    """Django's handler500, called while the error is handled.

    Guesses are counted in the cache: where it can't be asked, nothing is let through, and nothing is wrong but that.
    """
    if isinstance(sys.exception(), RedisError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "120"})
    return unknown_error(request)


def cache_answers():
    try:
        cache.get("any")
    except RedisError:
        return False
    return True

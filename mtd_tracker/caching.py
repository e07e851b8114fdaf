from django.conf import settings
from django.utils.cache import add_never_cache_headers


def nothing_personal_is_kept(get_response):
    """Middleware: no browser and no proxy keeps a page of somebody who is signed in.

    Asked of the cookies, not of the person, so that it holds for error pages too and asks no database.
    """

    def middleware(request):
        response = get_response(request)
        cookie = settings.SESSION_COOKIE_NAME
        if (cookie in request.COOKIES or cookie in response.cookies) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware

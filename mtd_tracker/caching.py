from django.conf import settings
from django.utils.cache import add_never_cache_headers, patch_cache_control


def nothing_is_shown_twice(get_response):
    """Middleware: no browser and no proxy keeps a page of somebody who is signed in; any other page is asked for anew
    each time, because what is public now may be hidden a moment later.

    Asked of the cookies, not of the person, so that it holds for error pages too and asks no database.
    """

    def middleware(request):
        response = get_response(request)
        if response.has_header("Cache-Control"):
            return response
        cookie = settings.SESSION_COOKIE_NAME
        if cookie in request.COOKIES or cookie in response.cookies:
            add_never_cache_headers(response)
        else:
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return middleware

"""What is sent but can't be read is answered as a bad request, by the site's own page, and never without words."""

import codecs

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters
from django.views.defaults import bad_request

UNREADABLE = "multipart/form-data"  # without a boundary


def unreadable_types_reach_us(application):
    """WSGI: a Content-Type at which Django would fail before any middleware becomes one that it refuses later."""

    def reached(environ, start_response):
        if not _is_readable(environ.get("CONTENT_TYPE", "")):
            environ = {**environ, "CONTENT_TYPE": UNREADABLE}
        return application(environ, start_response)

    return reached


def _is_readable(content_type):
    """Forms are UTF-8, as our pages are."""
    try:
        _, parameters = parse_header_parameters(content_type)
        return codecs.lookup(parameters.get("charset", "utf-8")).name == "utf-8"
    except (LookupError, ValueError):
        return False


def unreadable_forms_are_refused(get_response):
    """Middleware. Not left to Django, even where a form is too much to read: it reads it once more for its own pages
    of an error, fails there again, and the server would answer without words.
    """

    def middleware(request):
        try:
            request.POST  # noqa: B018  reading it is what may fail
        except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
            request._mark_post_parse_error()
            return bad_request(request, error)
        return get_response(request)

    return middleware

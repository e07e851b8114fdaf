from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.views.defaults import bad_request


def unreadable_forms_are_refused(get_response):
    """What is sent but can't be read, or is too much to read, is answered as a bad request, by the site's own page.

    Not left to Django: it reads the form once more for its own pages of an error, fails there again, and the server
    would answer without words.
    """

    def middleware(request):
        try:
            request.POST  # noqa: B018  reading it is what may fail
        except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
            request._mark_post_parse_error()
            return bad_request(request, error)
        return get_response(request)

    return middleware

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError


def unreadable_forms_are_refused(get_response):
    """What is sent but can't be read is answered as a bad request, by the site's own page.

    Django reads the form once more for every page of an error, would fail there again, and the server would answer
    without words. So the request goes on to that page with an empty form.
    """

    def middleware(request):
        try:
            request.POST  # noqa: B018
        except (BadRequest, MultiPartParserError):
            request.POST = QueryDict()
            raise
        return get_response(request)

    return middleware

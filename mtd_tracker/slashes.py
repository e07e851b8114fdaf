from django.middleware.common import CommonMiddleware as DjangoMiddleware


class CommonMiddleware(DjangoMiddleware):
    """Leads to the address with a slash at its end whoever asks for a page without; there is no other such address.

    A form would lose what was sent on that way, and where DEBUG is on Django would fail.
    """

    def should_redirect_with_slash(self, request):
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)

"""Each request in the sight of whoever sent it."""

from contextlib import ExitStack

from django.db import transaction

from mtd_tracker.sight import guarded, seen_by


def needs_no_sight(view):
    """Decorator of a view that has to answer whatever the database does: no transaction is opened for it."""
    view.needs_no_sight = True
    return view


class Sight:
    """Middleware, the innermost: what a view does and draws is one transaction in which the database goes by the
    request's person. It ends before the answer is sent; a failure (5xx) undoes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not guarded():
            return self.get_response(request)
        with ExitStack() as request.sight:
            response = self.get_response(request)
            if getattr(request, "in_sight", False):
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                if response.streaming:
                    response.streaming_content = _seen(response.streaming_content, request.user)
        return response

    def process_view(self, request, view, args, kwargs):
        if guarded() and not getattr(view, "needs_no_sight", False):
            request.sight.enter_context(seen_by(request.user))
            request.in_sight = True


def _seen(chunks, user):
    """A streamed answer is made while it is sent, when the request's own transaction has ended."""
    with seen_by(user):
        yield from chunks

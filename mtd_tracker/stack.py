"""Room for a request's calls in one piece of memory.

CPython takes its stack in pieces of 16 kB and, until this was mended in the 3.13 and 3.14 of 2026, gave a piece back
as soon as nothing stood on it. Where a template loops at the border of two, each call within takes and returns one: up
to a fifth of a page's time (https://github.com/python/cpython/issues/142183). A frame that asks for more than a piece
gets a larger one, of which the calls beneath it have the rest.
"""

SLOTS = 17_000  # of 8 bytes: the piece is then 256 kB, and what is left of it holds the deepest of our pages


def calls_have_room(get_response):
    """Middleware, the outermost."""

    def middleware(request):
        return get_response(request)

    middleware.__code__ = middleware.__code__.replace(co_stacksize=SLOTS)
    return middleware

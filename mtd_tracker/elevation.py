"""Work of the site itself, for which no reader's sight is the measure."""

from contextlib import contextmanager


@contextmanager
def elevated(why):
    """Read and write beyond what the person at work may see. why: one line that says what needs it."""
    yield

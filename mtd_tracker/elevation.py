"""Work of the site itself, for which no reader's sight is the measure."""

from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

from mtd_tracker.sight import guarded, setting


@contextmanager
def elevated(why):
    """Read and write beyond what the person at work may see. why: one line that says what needs it.

    Only what is asked of the database within the block: a queryset that is evaluated later sees no more than before.
    """
    if not guarded():
        yield
        return
    with nullcontext() if connection.in_atomic_block else transaction.atomic(), setting(elevated=why):
        yield

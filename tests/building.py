"""What takes long to make is made once for the tests of a module."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def built_once(blocker):
    """For a fixture of a module: what is written within stays for all of its tests, and is taken back at the end.

    What each test changes is undone after it, as ever. blocker: pytest-django's; ask for `django_db_setup` too.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)

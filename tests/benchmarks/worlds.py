"""What is measured: one invented world a size, in a database of its own, asked in a process of its own.

The databases stand beside the one that DATABASE_URL names (<name>_10000, …). They are filled once and kept.
"""

import os
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from io import StringIO
from multiprocessing import get_context

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

URL = "sqlite:////tmp/benchmark.sqlite3"  # for orientation only: the goals are PostgreSQL's


class World:
    """A process that stays, so that worlds can be asked by turns."""

    def __init__(self, size):
        self.size = size
        self._process = ProcessPoolExecutor(1, get_context("spawn"), _open, [size])

    def ask(self, question, *given):
        """What a function of contenders.py answers there."""
        return self._process.submit(_answer, question, given).result()

    def close(self):
        self._process.submit(_leave).result()
        self._process.shutdown()


def _open(size):
    os.environ["DATABASE_URL"] = f"{os.environ.get('DATABASE_URL', URL)}_{size}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "mtd_tracker.settings"
    if connection.vendor == "postgresql":
        _create_database(**connection.get_connection_params())
    django.setup()
    _fill(size)
    settings.ALLOWED_HOSTS, settings.ROOT_URLCONF = ["testserver"], "tests.benchmarks.urls"
    import mtd_tracker.wsgi  # noqa: F401, PLC0415  what a server sets aside before it takes requests

    if connection.vendor == "postgresql":
        with redirect_stdout(StringIO()):
            _runtime_role().put_on(connection)
    settings.DEBUG = False  # else Django keeps every statement
    warnings.filterwarnings("ignore", "No directory at")  # of collected static files, which no page here is asked for


def _answer(question, given):
    from tests.benchmarks import contenders  # noqa: PLC0415  once the apps are there

    return getattr(contenders, question)(*given)


def _leave():
    if connection.vendor == "postgresql":
        _runtime_role().take_off(connection)


def _runtime_role():
    from tests import runtime_role  # noqa: PLC0415  once the apps are there

    return runtime_role


def _create_database(*, dbname, **given):
    """Unless it is there."""
    reached = {name: given[name] for name in ("host", "port", "user", "password") if name in given}
    with psycopg.connect(dbname="postgres", autocommit=True, **reached) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone():
            server.execute(f'CREATE DATABASE "{dbname}"')


def _fill(size):
    """Unless it holds a world; an older one is brought to today's tables, as a site's own database would be."""
    from initiatives.models import Initiative  # noqa: PLC0415  once the apps are there

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    if not Initiative.objects.exists():
        call_command("make_sample", initiatives=size, stdout=sys.stderr)

"""A real server on a database of its own, which may be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
STARTING = 120  # seconds, on a slow machine
PREPARE = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from initiatives.models import Organisation
from mtd_tracker.accounts.models import User
call_command("migrate", verbosity=0)
person = User.objects.create(email="alice@example.org", name="Alice")
organisation = Organisation.objects.create(code="bridge", name="Bridge", confirmed=True)
person.memberships.create(organisation=organisation, role="practitioner")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
print(session.session_key)
"""


class Site:
    """The site on a scratch database. `session`: the key of one that Alice is signed in with."""

    def __init__(self, database_url):
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DJANGO_SETTINGS_MODULE")
        } | {"DATABASE_URL": database_url}
        self.port = self.process = self.session = None

    def tell(self, code):
        """Run code of the site in a process of its own. Gives what it printed."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        server = ["mtd_tracker.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *server, "--log-level", "error"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline:
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        pytest.fail("The server did not start.")

    def kill(self):
        """All of it, at once and without a word: as when the power fails."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, address, *, session=None):
        return self._ask("GET", address, session=session)

    def post(self, address, fields, *, session=None):
        """session: key of somebody else's than Alice's.

        Shape: (status, address it leads to, text). Raises: OSError where no answer came.
        """
        token = "c" * 32  # the cookie and the field agree, as CSRF protection asks
        pairs = [("csrfmiddlewaretoken", token), *fields.items()]
        body = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in pairs)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", address, body, headers, session=session)

    def _ask(self, method, address, body=None, headers=None, *, session=None):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = f"sessionid={session or self.session}; csrftoken={'c' * 32}"
        try:
            connection.request(method, address, body, {"Cookie": cookies} | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except HTTPException as cut_off:
            raise OSError("The answer was cut off.") from cut_off
        finally:
            connection.close()


@pytest.fixture(scope="session")
def scratch_database(tmp_path_factory):
    """Address of an empty database like the one that the suite runs on: a file, or one on the same server."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield f"sqlite:///{tmp_path_factory.mktemp('site')}/site.sqlite3"
        return
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"mtd_scratch_{uuid.uuid4().hex}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield f"{server}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def prepared_site(scratch_database):
    site = Site(scratch_database)
    site.session = site.tell(PREPARE)
    return site


@pytest.fixture
def site(prepared_site):
    """Migrated, with Alice in it, and with what other tests left; not started."""
    yield prepared_site
    if prepared_site.process and prepared_site.process.poll() is None:
        prepared_site.kill()


def long_or_short(short, long):
    """A proof with the numbers of the suite, and with those of `pytest -m long`."""
    return pytest.mark.parametrize(
        "times", [pytest.param(short, id="short"), pytest.param(long, id="long", marks=pytest.mark.long)]
    )

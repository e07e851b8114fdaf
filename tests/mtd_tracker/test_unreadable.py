"""Asked as a server asks: Django reads a Content-Type before any middleware, and before its test client would."""

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory

from mtd_tracker.wsgi import application

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def connection_stays():
    """As with Django's test client: the test's transaction is open on it."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


def answer(method, content_type, address=LOGIN):
    """Shape: (status, text)."""
    environ = RequestFactory().generic(method, address, b"--x--\r\n").environ | {"CONTENT_TYPE": content_type}
    told = []
    body = b"".join(application(environ, lambda status, headers: told.append(int(status[:3]))))
    return told[0], body.decode()


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data; boundary*=nope''x",
        "multipart/form-data; boundary=x; charset=hex",
        "multipart/form-data; boundary=x; charset=idna",
        "multipart/form-data; boundary=x; charset=no-such",
        "application/x-www-form-urlencoded; charset=latin-1",
    ],
)
def test_a_type_that_says_nothing_of_use_is_refused_with_words_and_stops_nobody_from_reading(content_type):
    status, text = answer("POST", content_type)
    assert status == 400
    assert "</html>" in text
    assert answer("GET", content_type, f"{LOGIN}?next=/caf%C3%A9/")[0] == 200


@pytest.mark.parametrize("content_type", ["", "application/x-www-form-urlencoded", "text/plain; charset=UTF8"])
def test_any_other_reaches_the_page(content_type):
    assert answer("GET", content_type)[0] == 200
    assert answer("POST", content_type)[0] == 403  # no token was sent

"""The people and addresses of the permission matrix, to be asked again with bad intentions."""

import json
from pathlib import Path

import pytest
from django.test import Client

from tests.everybody import address_of_record, address_without_record, arguments, people, record
from tests.hostile.pages import forms_of
from tests.proving import sign_in_and_prove
from tests.test_permission_matrix import PLAIN, RECORD

__all__ = ["arguments", "people", "record"]  # fixtures, used here under the same names

NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty-strings" / "blns.json").read_text())
WHO_MAY = ("author", "manager", "curator", "administrator", "writer")  # asked in this order, then nobody signed in
PLACES = sorted(set(PLAIN) | set(RECORD))


@pytest.fixture
def open_forms(people, arguments, record):
    """open_forms(name of an address): who may use its page, and the forms that are sent to it: not the header's.

    Shape: (Client, address, [PageForm]); no forms where it has no page, or none on it.
    """

    def open_forms(name):
        in_record = name in RECORD
        address = (
            address_of_record(name, record("organisation")) if in_record else address_without_record(name, arguments)
        )
        for client in _clients(people):
            page = client.get(address, follow=True)
            asked = page.redirect_chain[-1][0] if page.redirect_chain else address
            shown = page.status_code == 200 and "text/html" in page.headers.get("Content-Type", "")
            if shown and _path(asked) == address:
                return client, asked, [form for form in forms_of(page) if _path(form.action or address) == address]
        return None, address, []

    return open_forms


def _clients(people):
    for name in WHO_MAY:
        client = Client()
        sign_in_and_prove(client, people[name])
        yield client
    yield Client()


def _path(address):
    return address.split("?")[0]

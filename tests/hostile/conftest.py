"""The people and addresses of the permission matrix, to be asked again with bad intentions."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.hostile.pages import forms_of
from tests.proving import sign_in_and_prove
from tests.test_permission_matrix import PLAIN, RECORD, addresses, arguments, people, record

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
        address = reverse(name, kwargs=_parameters(name, arguments, record("organisation")))
        for client in _clients(people):
            page = client.get(address, follow=True)
            asked = page.redirect_chain[-1][0] if page.redirect_chain else address
            shown = page.status_code == 200 and "text/html" in page.headers.get("Content-Type", "")
            if shown and _path(asked) == address:
                return client, asked, [form for form in forms_of(page) if _path(form.action or address) == address]
        return None, address, []

    return open_forms


def _parameters(name, arguments, initiative):
    wanted = addresses()[name]
    family = next((key for key in arguments if ":" in key and name.startswith(key)), name)
    of_record = {
        "ref": initiative.ref,
        "mark": "end",
        "entry": initiative.log_entries.get().ref,
        "other": initiative.links_out.get().target.ref,
    }
    kind = {"kind": "feeds_into"} if "other" in wanted else {}
    values = arguments | arguments.get(family, {}) | of_record | kind
    return {parameter: values[parameter] for parameter in wanted}


def _clients(people):
    for name in WHO_MAY:
        client = Client()
        sign_in_and_prove(client, people[name])
        yield client
    yield Client()


def _path(address):
    return address.split("?")[0]

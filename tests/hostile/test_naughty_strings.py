"""The Big List of Naughty Strings, typed into the text fields: kept as it was typed, or refused in words."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.html import escape

from initiatives.models import Initiative, LogEntry
from tests.factories import make_initiative
from tests.hostile.conftest import NAUGHTY, PLACES

SHORT = NAUGHTY[::20]
TEXTS = ("summary", "description")
TITLE_LENGTH = 200


def plain(text):
    """As a form takes it: without white space around, with plain line ends."""
    return text.strip().replace("\r\n", "\n")


def type_everywhere(open_forms, name, strings):
    client, address, forms = open_forms(name)
    for form in forms:
        for text in strings:
            with transaction.atomic():
                values = form.values | {field: [text] for field in form.typed}
                response = getattr(client, form.method)(form.action or address, values)
                transaction.set_rollback(True)
            assert response.status_code < 500, text


@pytest.mark.parametrize("name", PLACES)
def test_every_form_takes_or_refuses_them(open_forms, name):
    type_everywhere(open_forms, name, NAUGHTY[::77])


@pytest.mark.long
@pytest.mark.parametrize("name", PLACES)
def test_every_form_takes_or_refuses_each_of_them(open_forms, name):
    type_everywhere(open_forms, name, NAUGHTY)


def keep(client, alice, strings):
    client.force_login(alice)
    for text in strings:
        title = text[:TITLE_LENGTH]
        client.post(reverse("initiatives:new"), dict.fromkeys(TEXTS, text) | {"action": "draft", "title": title})
        if not plain(text) or "\0" in text:
            assert not Initiative.objects.exists(), text
            continue
        record = Initiative.objects.get()
        assert record.title == plain(title)
        assert (record.summary, record.description) == (plain(text), plain(text))
        page = client.get(record.get_absolute_url()).content.decode()
        assert escape(record.title) in page, text
        assert "<script>" not in page
        record.delete()


def test_a_record_holds_them_as_typed(client, alice, tracks):
    keep(client, alice, SHORT)


@pytest.mark.long
def test_a_record_holds_each_of_them_as_typed(client, alice, tracks):
    keep(client, alice, NAUGHTY)


def test_the_diary_holds_them_as_typed(client, alice):
    initiative = make_initiative(by=alice)
    client.force_login(alice)
    entry = {"happened_on": "2024-05-01", "kind": "meeting", "sharing": "organisation"}
    for text in SHORT:
        client.post(reverse("initiatives:log-new", args=[initiative.ref]), entry | {"text": text})
    kept = set(LogEntry.objects.values_list("text", flat=True))
    assert kept == {plain(text) for text in SHORT if plain(text) and "\0" not in text}

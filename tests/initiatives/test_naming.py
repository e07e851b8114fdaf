"""How many addresses a person may try where they name somebody on a record; see initiatives/forms/guessing.py."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from initiatives.forms.guessing import TOO_MANY
from initiatives.models import Grant, Initiative
from tests.factories import make_initiative
from tests.initiatives.form_pages import NEW, errors

UNKNOWN = "No active member signs in with"


@pytest.fixture(autouse=True)
def _three_tries(settings):
    settings.ACCOUNT_RATE_LIMITS = {"name": "3/h/user"}


@pytest.fixture
def naming(alice):
    """naming(*addresses, by): what the form of a new draft, or of a record, says of naming these."""

    def naming(*addresses, by=alice, at=NEW):
        client = Client()
        client.force_login(by)
        sent = {
            "title": "Talks",
            "action": "draft",
            "grant_people": addresses,
            "grant_access": ["read"] * len(addresses),
        }
        response = client.post(at, sent)
        naming.response = response
        return " ".join(errors(response).get("grants", [])) if response.status_code == 200 else "saved"

    return naming


def nobodys(*numbers):
    return [f"nobody{number}@example.org" for number in numbers]


def test_after_so_many_addresses_of_nobody_none_is_looked_up_whosever_it_is(naming, olga, colin):
    for number in range(3):
        assert UNKNOWN in naming(*nobodys(number))
    for addresses in (nobodys(4), [olga.email], [*nobodys(5), olga.email]):
        assert naming(*addresses) == TOO_MANY
        for address in addresses:
            assertContains(naming.response, f'value="{address}"')  # what was typed stays
        assert olga.name not in naming.response.text
    assert not Initiative.objects.exists()
    assert UNKNOWN in naming(*nobodys(4), by=colin)  # another person's tries are their own


def test_more_addresses_at_once_than_tries_are_left_tell_of_none(naming, olga):
    assert naming(*nobodys(*range(4)), olga.email) == TOO_MANY
    assert naming(olga.email) == TOO_MANY


def test_addresses_that_are_somebodys_and_the_same_slip_again_count_for_nothing(naming, olga, otto, colin):
    for _ in range(5):
        assert UNKNOWN in naming(*nobodys(1))
        assert naming(olga.email, otto.email, colin.email) == "saved"
    assert UNKNOWN in naming(*nobodys(2, 3))


def test_who_is_named_already_stays_and_can_be_taken_out_without_a_try(naming, alice, olga):
    record = make_initiative("Talks", by=alice, publication="draft")
    Grant.objects.create(initiative=record, user=olga, access="read")
    edit = reverse("initiatives:edit", args=[record.ref])
    naming(*nobodys(1, 2, 3))
    client = Client()
    client.force_login(alice)
    for people in ([olga.email], [""]):
        sent = {"title": "Talks", "action": "draft", "version": record.version, "grant_people": people}
        response = client.post(edit, sent | {"grant_access": ["read"]})
        assert response.status_code == 302, errors(response)
        record.refresh_from_db()
    assert not record.grants.exists()


def test_the_page_on_who_reads_counts_the_same_tries(naming, alice, olga):
    record = make_initiative("Talks", by=alice)
    sharing = reverse("initiatives:sharing", args=[record.ref])
    assert UNKNOWN in naming(*nobodys(1, 2, 3))
    assert naming(olga.email, at=sharing) == TOO_MANY
    cache.clear()
    assert UNKNOWN in naming(*nobodys(1, 2, 3), at=sharing)
    assert naming(olga.email) == TOO_MANY

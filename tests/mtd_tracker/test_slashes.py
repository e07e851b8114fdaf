"""Addresses end with a slash; a page without is led there, a form without is not there."""

import pytest
from pytest_django.asserts import assertRedirects

pytestmark = pytest.mark.django_db
ADDRESSES = ["/accounts/login", "/initiatives/new", "/initiatives/00000000-0000-4000-8000-000000000000/log"]


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_form_without_a_slash_is_not_there(client, alice, settings, address, debug):
    settings.DEBUG = debug
    client.force_login(alice)
    for method in (client.post, client.put, client.patch):
        assert method(address, {"title": "Talks"}).status_code == 404


def test_a_page_without_a_slash_is_led_to_the_one_with(client):
    assertRedirects(client.get("/initiatives?q=talks"), "/initiatives/?q=talks", status_code=301)

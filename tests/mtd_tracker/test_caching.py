"""Pages of whoever is signed in stay nowhere: not in a shared computer's browser, not in a proxy. Any other page is
asked for each time, since what it shows may be hidden by then.
"""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/initiatives/", "/conflicts/", "/initiatives/new/", "/no-such-page/"])
def test_pages_of_whoever_is_signed_in_are_not_stored(client, alice, address):
    client.force_login(alice)
    kept = client.get(address)["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


@pytest.mark.django_db
def test_the_answer_that_signs_in_or_out_is_not_stored(client, alice):
    alice.set_password("a-long-enough-password")
    alice.save()
    signed_in = client.post("/accounts/login/", {"login": alice.email, "password": "a-long-enough-password"})
    assert "sessionid" in signed_in.cookies
    assert "no-store" in signed_in["Cache-Control"]
    assert "no-store" in client.post("/accounts/logout/")["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/initiatives/", "/no-such-page/"])
def test_public_pages_are_asked_for_anew_and_shared_with_nobody(client, address):
    kept = client.get(address)["Cache-Control"]
    assert set(kept.split(", ")) == {"private", "no-cache"}


@pytest.mark.django_db
def test_no_answer_that_depends_on_the_reader_goes_without_vary(client, alice):
    client.force_login(alice)
    for address in ("/", "/initiatives/export.json", "/conflicts/"):
        assert "Cookie" in client.get(address)["Vary"]

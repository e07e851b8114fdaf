import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.mark.django_db
@pytest.mark.parametrize("key", [r'"aaaaaaaaaaaa\000"', "short", "AAAA" * 8, "a-b_" * 8], ids=repr)
def test_a_session_that_was_never_given_is_not_even_looked_for(client, key):
    with CaptureQueriesContext(connection) as asked:
        response = client.get("/initiatives/new/", headers={"cookie": f"sessionid={key}"})
    assert response["Location"].startswith("/accounts/login/")
    assert not [query for query in asked if "accounts_session" in query["sql"]]


@pytest.mark.django_db
def test_a_session_that_was_given_is_that_persons(client, alice):
    client.force_login(alice)
    assert client.get("/initiatives/new/?token=").status_code == 200

import pytest

OTHER_CHARSET = "application/x-www-form-urlencoded; charset=utf-7"
NO_BOUNDARY = "multipart/form-data"


@pytest.mark.parametrize("address", ["/accounts/login/", "/no/such/page/"])
@pytest.mark.parametrize("content_type", [OTHER_CHARSET, NO_BOUNDARY])
def test_what_can_not_be_read_is_a_bad_request_wherever_it_is_sent(client, db, address, content_type):
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True

    answer = client.post(address, b"login=somebody", content_type=content_type)

    assert answer.status_code == 400
    assert "MTD tracker" in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"

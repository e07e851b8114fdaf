import pytest

OTHER_CHARSET = "application/x-www-form-urlencoded; charset=utf-7"
NO_BOUNDARY = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"
SENT = {
    OTHER_CHARSET: b"login=somebody",
    NO_BOUNDARY: b"login=somebody",
    FORM: b"login=somebody&" * 1001,
}


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("address", ["/accounts/login/", "/no/such/page/"])
@pytest.mark.parametrize("content_type", SENT)
def test_what_can_not_be_read_is_a_bad_request_wherever_it_is_sent(client, db, settings, debug, address, content_type):
    settings.DEBUG = debug
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True

    answer = client.post(address, SENT[content_type], content_type=content_type)

    assert answer.status_code == 400
    assert "MTD tracker" in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_form_that_is_too_big_is_a_bad_request(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/accounts/login/", b"login=somebody", content_type=FORM)
    assert answer.status_code == 400
    assert "MTD tracker" in answer.text

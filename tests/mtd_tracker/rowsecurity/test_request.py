"""Each request sees as its person, from its first query to its last byte."""

import pytest
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from initiatives.models import Initiative
from mtd_tracker.rowsecurity.middleware import Sight
from mtd_tracker.sight import seen_by
from tests.factories import make_initiative
from tests.runtime_role import TEST_WORK


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [f"app.{name}"])
        return cursor.fetchone()[0]


def titles():
    return set(Initiative.objects.values_list("title", flat=True))


@pytest.fixture
def records(alice):
    make_initiative("Open", by=alice, sharing="public")
    make_initiative("Closed", by=alice, sharing="restricted")


@pytest.fixture
def ask(records):
    """ask(user, view): what the middleware makes of a view's answer."""

    def ask(user, view):
        request = RequestFactory().get("/")
        request.user = user
        middleware = Sight(lambda request: middleware.process_view(request, view, (), {}) or view(request))
        return middleware(request)

    return ask


def test_a_view_that_forgets_to_ask_shows_nothing_hidden(ask, alice, olga):
    for user, seen in ((alice, {"Open", "Closed"}), (olga, {"Open"})):
        assert ask(user, lambda request: HttpResponse(sorted(titles()))).content.decode() == "".join(sorted(seen))


def test_a_streamed_answer_is_made_in_the_sight_of_who_asked(ask, alice, olga):
    def view(request):
        return StreamingHttpResponse(title for title in sorted(titles_later()))

    def titles_later():
        yield from titles()

    assert ask(olga, view).getvalue() == b"Open"
    assert ask(alice, lambda request: StreamingHttpResponse(_lazily(titles))).getvalue() == b"ClosedOpen"


def _lazily(read):
    yield from sorted(read())


def test_a_failure_undoes_what_the_view_did(ask, alice):
    def view(request):
        Initiative.objects.filter(title="Open").update(title="Half done")
        return HttpResponse(status=500)

    ask(alice, view)
    assert titles() == {"Open", "Closed"}


def test_the_setting_ends_with_the_request(client, alice, records):
    client.force_login(alice)
    client.get(reverse("initiatives:list"))
    assert (setting("user_id"), setting("elevated")) == ("", TEST_WORK)


def test_it_follows_who_signs_in_and_out(alice, settings):
    alice.set_password("correct horse battery")
    alice.save()
    seen = []
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.mtd_tracker.rowsecurity.test_request.note_at_the_end"]
    note_at_the_end.seen = seen
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": "correct horse battery"})
    client.post("/accounts/logout/")
    assert seen == [str(alice.pk), ""]


def note_at_the_end(get_response):
    def middleware(request):
        response = get_response(request)
        note_at_the_end.seen.append(setting("user_id"))
        return response

    return middleware


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_who_watches_the_site_opens_no_transaction(client, address, monkeypatch):
    def fail(user):
        raise AssertionError("a transaction was begun")

    monkeypatch.setattr("mtd_tracker.rowsecurity.middleware.seen_by", fail)
    assert client.get(address).status_code == 200


def test_one_sight_within_another_gives_way_to_it_afterwards(records, alice, olga):
    with seen_by(alice):
        with seen_by(olga):
            assert titles() == {"Open"}
        assert titles() == {"Open", "Closed"}
    assert setting("elevated") == TEST_WORK


def test_a_failed_transaction_brings_the_former_sight_back(records, alice, olga):
    with seen_by(alice):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), seen_by(olga):
            raise ZeroDivisionError
        with pytest.raises(Exception, match="does not exist"), seen_by(olga), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nothing")
        assert titles() == {"Open", "Closed"}


def test_a_new_connection_sees_what_is_public_alone(transactional_db, alice):
    make_initiative("Open", by=alice, sharing="public")
    make_initiative("Closed", by=alice, sharing="restricted")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.elevated', '', false)")
        try:
            assert titles() == {"Open"}
        finally:
            cursor.execute("SELECT set_config('app.elevated', %s, false)", [TEST_WORK])

import re

import pytest
from django.core.management import CommandError, call_command

from initiatives.models import Membership, Organisation
from mtd_tracker.accounts.models import User

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "four words of mine, unrelated"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["tracker.example.org", "testserver"]


def start(name="First House", manager="Mona@Example.org", **options):
    call_command("start_organisation", name, manager=manager, name="Mona", **options)


def test_it_makes_a_confirmed_organisation_and_its_manager():
    start()
    membership = Membership.objects.get()
    assert membership.organisation.name == "First House"
    assert membership.organisation.confirmed
    assert membership.role == "manager"
    assert membership.user.email == "mona@example.org"


def test_the_mailed_link_lets_the_manager_choose_a_password_and_sign_in(client, mailoutbox):
    start()
    assert mailoutbox[0].to == ["mona@example.org"]
    path = re.search(r"https://tracker\.example\.org(/\S+)", mailoutbox[0].body).group(1)
    form = client.get(path, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert User.objects.get().check_password(NEW_PASSWORD)
    client.post("/accounts/login/", {"login": "mona@example.org", "password": NEW_PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_whoever_has_no_password_yet_can_ask_for_the_link_again(client, mailoutbox):
    start()
    assert not User.objects.get().has_usable_password()
    client.post("/accounts/password/reset/", {"email": "mona@example.org"})
    assert len(mailoutbox) == 2
    assert "password/reset/key" in mailoutbox[1].body


def test_run_again_it_makes_nothing_twice():
    start()
    start(name="FIRST HOUSE", manager="mona@example.org")
    assert Membership.objects.count() == Organisation.objects.count() == User.objects.count() == 1


def test_somebody_with_a_password_gets_no_mail(mailoutbox, alice):
    alice.set_password(NEW_PASSWORD)
    alice.save()
    start(manager=alice.email)
    assert mailoutbox == []
    assert alice.memberships.filter(role="manager", organisation__name="First House").exists()


@pytest.mark.parametrize(
    "faulty", [{"manager": "nonsense"}, {"name": " "}, {"host": "elsewhere.example"}], ids=["address", "name", "host"]
)
def test_what_is_wrong_is_refused_and_nothing_is_written(faulty):
    with pytest.raises(CommandError):
        start(**faulty)
    assert not User.objects.exists()
    assert not Organisation.objects.exists()


def test_where_the_mail_fails_everything_is_kept_and_the_remedy_named(monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", fail)
    with pytest.raises(CommandError, match="Forgot password"):
        start()
    assert Membership.objects.get().role == "manager"

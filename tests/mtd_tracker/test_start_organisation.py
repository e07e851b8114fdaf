import re

import pytest
from django.core.management import CommandError, call_command

from initiatives.models import Invitation, Organisation
from mtd_tracker.accounts.models import User

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "four words of mine, unrelated"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["tracker.example.org", "testserver"]


def start(name="First House", manager="Mona@Example.org", **options):
    call_command("start_organisation", name, manager=manager, name="Mona", **options)


def test_it_makes_a_confirmed_organisation_and_invites_its_manager():
    start()
    invitation = Invitation.objects.get()
    assert invitation.organisation.name == "First House"
    assert invitation.organisation.confirmed
    assert invitation.from_site
    assert (invitation.email, invitation.name, invitation.role) == ("mona@example.org", "Mona", "manager")


def test_the_mailed_link_lets_the_manager_choose_a_password_and_sign_in(client, mailoutbox):
    start()
    assert mailoutbox[0].to == ["mona@example.org"]
    path = re.search(r"https://tracker\.example\.org(/\S+)", mailoutbox[0].body).group(1)
    client.post(path, {"name": "Mona", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    mona = User.objects.get()
    assert mona.check_password(NEW_PASSWORD)
    assert client.session["_auth_user_id"] == str(mona.pk)
    assert mona.memberships.get().role == "manager"


def test_a_host_that_stands_for_its_subdomains_is_linked_to_by_its_own_name(settings, mailoutbox):
    settings.ALLOWED_HOSTS = [".example.org"]
    start()
    assert "https://example.org/invitations/" in mailoutbox[0].body


def test_run_again_it_sends_the_link_again_and_makes_nothing_twice(mailoutbox):
    start()
    start(name="FIRST HOUSE", manager="mona@example.org")
    assert Invitation.objects.count() == Organisation.objects.count() == 1
    assert not User.objects.exists()
    assert len(mailoutbox) == 2
    assert mailoutbox[0].body == mailoutbox[1].body


def test_a_practitioner_becomes_the_manager(alice, bridge):
    start(name="Bridge", manager=alice.email)
    assert alice.memberships.get(organisation=bridge).role == "manager"


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
    with pytest.raises(CommandError, match="run the same command again"):
        start()
    assert Invitation.objects.get().role == "manager"

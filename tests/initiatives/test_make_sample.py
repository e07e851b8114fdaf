"""An invented world: the same for the same seed, whole, and never among records of others."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from initiatives.models import ConflictSystem, Engagement, Initiative, InitiativeLink, PrincipleRating, Sharing
from mtd_tracker.accounts.models import User
from mtd_tracker.sight import guarded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("derived_by_actions_alone")]


def as_owner():
    """On PostgreSQL tests work as the role that serves the site, which row security binds."""
    if guarded():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")


@pytest.fixture
def sample(settings):
    """sample(): make a small one."""
    settings.DEBUG = True
    as_owner()
    return lambda *options: call_command("make_sample", "--initiatives=60", "--systems=5", "--seed=7", *options)


def told():
    return list(Initiative.objects.order_by("pk").values_list("ref", "title", "sharing", "start_on", "owner__code"))


def test_the_same_seed_makes_the_same_world(sample):
    worlds = []
    for _ in range(2):
        with transaction.atomic():
            sample()
            worlds.append(told())
            transaction.set_rollback(True)
    assert worlds[0] == worlds[1]
    assert len(worlds[0]) == 60


def test_a_sample_holds_every_kind_and_its_derived_rows(sample):
    sample()
    assert set(Initiative.objects.values_list("sharing", flat=True)) == set(Sharing.values)
    assert Engagement.objects.count() > 60
    assert InitiativeLink.objects.exists()
    assert PrincipleRating.objects.count() > 60
    assert 0 < Initiative.objects.visible_to(AnonymousUser()).count() < 60
    call_command("check_derived")


def test_it_says_that_it_is_invented_and_lets_nobody_in(sample):
    sample()
    assert not ConflictSystem.objects.filter(invented=False).exists()
    assert not Initiative.objects.exclude(summary__contains="Nothing here took place").exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_it_leaves_records_of_others_alone(sample, valley):
    with pytest.raises(CommandError, match="holds records already"):
        sample("--force")
    assert not Initiative.objects.exists()


def test_it_does_not_run_on_a_real_site(sample, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG off"):
        sample()
    assert not ConflictSystem.objects.exists()

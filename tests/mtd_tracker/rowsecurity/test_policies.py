"""A bare SELECT, and `visible_to`: two independent words on who may see what, which have to agree."""

import pytest
from django.db import connection
from django.db.models import Q
from reversion.models import Revision, Version

from initiatives.models import (
    Autosave,
    CoverageStatement,
    Engagement,
    ExternalId,
    Grant,
    Initiative,
    InitiativeLink,
    KeeperNaming,
    Location,
    LogEntry,
    Membership,
    OrganisationGrant,
    Participation,
    PrincipleRating,
    Reading,
    ReviewStep,
    Suspension,
    TrackTag,
)
from mtd_tracker.erasure.models import Erasure
from mtd_tracker.rowsecurity.policies import ACTIVITIES, locks
from mtd_tracker.sight import seen_by, setting

pytestmark = pytest.mark.django_db

PARTS = (
    Engagement,
    Participation,
    TrackTag,
    PrincipleRating,
    Location,
    Suspension,
    ExternalId,
    ACTIVITIES,
)


def keys(queryset):
    return set(queryset.values_list("pk", flat=True))


def told_to(model, user):
    """Nobody but who is signed in is ever asked about readings."""
    return set() if model is Reading and not user.is_authenticated else keys(model.objects.visible_to(user))


def test_the_suite_works_as_the_role_that_serves_the_site(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls OR rolcreaterole, "
            "row_security_active('initiatives_initiative') FROM pg_roles WHERE rolname = current_user"
        )
        role, stands_above, bound = cursor.fetchone()
    assert role == f"{connection.settings_dict['NAME']}_web"
    assert (stands_above, bound) == (False, True)


@pytest.mark.parametrize("model", [Initiative, LogEntry, InitiativeLink, Reading, CoverageStatement])
def test_a_bare_select_returns_what_visible_to_lets_through(people, shown, model):
    told = {name: told_to(model, user) for name, user in people.items()}
    assert {name: shown(model, user) for name, user in people.items()} == told
    assert len({frozenset(rows) for rows in told.values()}) > 1, "the world tells these people apart"


@pytest.mark.parametrize("model", [Initiative, LogEntry, InitiativeLink, Reading])
def test_visible_to_finds_the_same_with_the_policies_as_without(people, model):
    for user in people.values():
        told = told_to(model, user)
        with seen_by(user):
            assert told_to(model, user) == told


@pytest.mark.parametrize("model", PARTS)
def test_a_part_shows_with_its_initiative(people, shown, model):
    for user in people.values():
        assert shown(model, user) == keys(model.objects.filter(initiative__in=Initiative.objects.visible_to(user)))


def test_nothing_but_what_is_public_shows_while_nobody_is_at_work(people, shown):
    public = Initiative.objects.filter(sharing="public", publication="published")
    assert shown(Initiative, None) == keys(public)
    assert shown(Engagement, None) == keys(Engagement.objects.filter(initiative__in=public))
    for model in (LogEntry, CoverageStatement, Autosave, KeeperNaming, Grant, OrganisationGrant, ReviewStep, Reading):
        assert shown(model, None) == set(), model


def test_without_any_setting_it_is_the_same(people):
    with setting(elevated="", user_id=""), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT sharing, publication FROM initiatives_initiative")
        assert cursor.fetchall() == [("public", "published")]


def test_who_is_named_is_for_those_close_to_a_record_and_for_the_one_named(people, shown):
    for name, user in people.items():
        told = Grant.objects.filter(initiative__in=Initiative.objects.visible_to(user))
        assert shown(Grant, user) == keys(told.filter(Q(user=user.pk) | of_close_ones(user))), name


def test_to_whom_a_record_is_opened_is_for_those_close_to_it_and_for_them(people, shown):
    for name, user in people.items():
        told = OrganisationGrant.objects.filter(initiative__in=Initiative.objects.visible_to(user))
        theirs = Q(organisation__in=organisations_of(user))
        assert shown(OrganisationGrant, user) == keys(told.filter(theirs | of_close_ones(user))), name


def test_what_became_of_it_in_review_is_for_those_close_to_a_record(people, shown):
    for name, user in people.items():
        told = ReviewStep.objects.filter(initiative__in=Initiative.objects.visible_to(user))
        assert shown(ReviewStep, user) == keys(told.filter(of_close_ones(user))), name


def test_a_wish_to_erase_is_for_those_who_decide_on_it(people, shown):
    for name, user in people.items():
        told = keys(Erasure.objects.visible_to(user)) if user.is_authenticated and user.is_active else set()
        assert shown(Erasure, user) == told, name
    assert shown(Erasure, people["maria"])
    assert shown(Erasure, people["administrator"])


def organisations_of(user):
    return Membership.objects.active().filter(user=user.pk).values("organisation")


def named_on(user, **access):
    """Keys of the initiatives on which this person is named, while a member of anything."""
    member = Q(user__in=Membership.objects.active().values("user"))
    return Grant.objects.current().filter(member, user=user.pk, **access).values("initiative")


def of_close_ones(user):
    return Q(initiative__owner__in=organisations_of(user)) | Q(initiative__in=named_on(user))


def test_unsaved_text_is_its_writers_alone(people, shown):
    readable = Autosave.objects.filter(initiative__in=Initiative.objects.visible_to(people["colin"]))
    assert shown(Autosave, people["colin"]) == keys(readable)
    for name in set(people) - {"colin"}:
        assert shown(Autosave, people[name]) == set()


def test_namings_of_keepers_are_for_managers(people, shown):
    everything = keys(KeeperNaming.objects.all())
    seen = {name for name, user in people.items() if shown(KeeperNaming, user)}
    assert seen == {"maria", "both"}
    assert shown(KeeperNaming, people["maria"]) == everything


def test_the_past_of_a_record_is_for_those_who_work_on_it(people, shown):
    kept_of = {}  # revision -> initiative
    for version in Version.objects.get_for_model(Initiative):
        kept_of[version.revision_id] = int(version.object_id)
    for name, user in people.items():
        writes = Q(owner__in=organisations_of(user)) | Q(pk__in=named_on(user, access="write"))
        works = Initiative.objects.visible_to(user).filter(writes)
        entries = keys(LogEntry.objects.visible_to(user))
        revisions = {revision for revision, initiative in kept_of.items() if initiative in keys(works)}
        versions = keys(Version.objects.filter(revision__in=revisions))
        versions |= {
            version.pk for version in Version.objects.get_for_model(LogEntry) if int(version.object_id) in entries
        }
        assert shown(Version, user) == versions, name
        assert shown(Revision, user) == keys(Revision.objects.filter(version__in=versions)), name
    assert shown(Version, people["maria"])
    assert not shown(Version, people["olga"])


def test_the_site_itself_sees_everything(people):
    with connection.cursor() as cursor:
        for lock in locks():
            cursor.execute(f"SELECT count(*) FROM {lock.table}")
            assert cursor.fetchone()[0] == lock.model._base_manager.count() > 0, lock.table

"""What is measured in one world: seconds that something takes now. Ratios are made of those of one round, by turns."""

from functools import cache
from time import perf_counter
from unittest.mock import patch

import psycopg
from django.db import connection, transaction
from django.db.models import Count, OuterRef, Subquery
from django.test import Client
from django.test.utils import CaptureQueriesContext

from initiatives.actions.content import Content
from initiatives.actions.initiatives import log_initiative
from initiatives.dates import PartialDate
from initiatives.models import ConflictSystem, Membership, Tally
from mtd_tracker.sight import seen_by
from taxonomy.models import Track
from tests.benchmarks import goals
from tests.queries import besides_session_and_user

BARE = "/bare/"
SIGHT = "SELECT set_config('app.user_id', %s, true), set_config('app.elevated', '', true)"


def pages():
    """The goals, with this world's addresses."""
    systems = _by_size()
    return goals.pages(largest=systems[0], middling=systems[len(systems) // 2])


def page(address):
    client = _client()
    begun = perf_counter()
    response = client.get(address)
    taken = perf_counter() - begun
    assert response.status_code == 200, (address, response.status_code)
    return taken


def bare():
    """A signed-in page of the base template alone."""
    return page(BARE)


def queries(address):
    """How many the page asks, besides those for session and user."""
    return len(_statements(address))


def floor(address):
    """The page's own SQL by hand, in one transaction in the same person's sight."""
    statements = _statements(address)
    connection.ensure_connection()
    begun = perf_counter()
    if connection.vendor == "sqlite":
        for statement in statements:
            connection.connection.execute(statement).fetchall()
        return perf_counter() - begun
    with connection.connection.transaction(), psycopg.ClientCursor(connection.connection) as cursor:
        cursor.execute(SIGHT, [str(_member().user_id)])
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
    return perf_counter() - begun


def listed():
    """The records of one track in the largest system, as our list."""
    return page(f"/initiatives/?conflict={_by_size()[0].code}&track={_business().code}")


def listed_by_the_admin():
    """The same records as a changelist of Django's admin."""
    narrowed = f"conflict_systems__id__exact={_by_size()[0].pk}&tracks__id__exact={_business().pk}"
    return page(f"/peer/initiatives/initiative/?{narrowed}")


def publishing():
    """Logging and publishing one initiative with four tags; taken back afterwards."""
    member, (lead, *others) = _member(), Track.objects.in_use()[:4]
    content = Content(
        title="A dialogue",
        sharing="network",
        start=PartialDate.parse("2024"),
        engagements=[(_by_size()[0], None, None)],
        participations=[("lead", member.organisation)],
        lead_track=lead,
        tracks=others,
    )
    with transaction.atomic(), seen_by(member.user):
        begun = perf_counter()
        log_initiative(content, by=member.user, owner=member.organisation, publish=True, agreed=True)
        taken = perf_counter() - begun
        transaction.set_rollback(True)
    return taken


def publishing_alone():
    """The same where nothing derived is kept."""
    with patch("initiatives.derived.KINDS", ()):
        return publishing()


@cache
def _member():
    """Somebody with one membership."""
    alone = Membership.objects.filter(role="practitioner").annotate(number=Count("user__memberships"))
    return alone.filter(number=1).select_related("user", "organisation").order_by("pk")[0]


@cache
def _client():
    client = Client()
    client.force_login(_member().user)
    return client


@cache
def _statements(address):
    """Shape: [SQL, as the database gets it]."""
    page(address)
    with CaptureQueriesContext(connection) as asked:
        page(address)
    return besides_session_and_user(asked)


@cache
def _by_size():
    """Conflict systems, the one with most records first."""
    number = Tally.objects.filter(conflict_system=OuterRef("pk")).order_by().values("conflict_system")
    systems = ConflictSystem.objects.annotate(number=Subquery(number.annotate(n=Count("pk")).values("n")))
    return list(systems.order_by("-number", "pk"))


@cache
def _business():
    return Track.objects.get(code="business")

"""The work behind a page grows with the records, not with pairs of them.

Counted in steps of SQLite's machine, which are the same on each run; how PostgreSQL grows, tests/benchmarks measures.
"""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from initiatives.models import Membership

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts no steps; see tests/benchmarks"),
    pytest.mark.usefixtures("derived_by_actions_alone"),
]
FEW, TIMES = 500, 4
PAGES = (
    "/conflicts/",
    "/conflicts/compare.json?system=sample-001&system=sample-002",
    "/conflicts/sample-001/coverage.json",
    "/conflicts/sample-001/coverage.json?from=2015&to=2019&q=the",
    "/conflicts/sample-001/known.json?on=2024-01-01",
    "/conflicts/sample-001/linkage/",
    "/conflicts/sample-001/open-points/",
    "/conflicts/sample-001/report/?as=public",
    "/conflicts/sample-001/sequence.json",
    "/conflicts/sample-001/tracks/business/",
    "/conflicts/sample-001/trend.json?by=month",
    "/initiatives/",
    "/initiatives/?conflict=sample-001&track=business&q=the",
    "/initiatives/export.csv?conflict=sample-001",
    "/organisations/",
)


@pytest.fixture
def work(client, db, settings):
    """work(number): in a world of so many initiatives, each page's steps for a member, in thousands."""
    settings.DEBUG = True

    def work(number):
        with transaction.atomic():
            call_command("make_sample", f"--initiatives={number}", "--systems=2", "--seed=3")
            member = Membership.objects.select_related("user", "organisation").earliest("pk")
            client.force_login(member.user)
            addresses = (*PAGES, f"/organisations/{member.organisation.code}/portfolio/")
            counted = [_steps(client, address) for address in addresses]
            transaction.set_rollback(True)
        return counted

    return work


def _steps(client, address):
    counted = 0

    def count():
        nonlocal counted
        counted += 1

    connection.connection.set_progress_handler(count, 1000)
    try:
        response = client.get(address)
        assert response.status_code == 200, address
        b"".join(response) if response.streaming else response.content
    finally:
        connection.connection.set_progress_handler(None, 0)
    return counted


def test_no_page_asks_for_pairs_of_records(work):
    few, many = work(FEW), work(FEW * TIMES)
    named = (*PAGES, "the portfolio")
    grown = {address: after / max(before, 1) for address, before, after in zip(named, few, many, strict=True)}
    assert not {address: times for address, times in grown.items() if times > TIMES * 1.35}, grown

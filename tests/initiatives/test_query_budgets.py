"""How many queries a page asks, besides those for session and user; see docs/performance.md for what it should."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import ConflictSystemFactory, make_initiative
from tests.queries import besides_session_and_user

DASHBOARD, ALL_SYSTEMS = 8, 4


@pytest.fixture
def asked(client, alice, bridge, valley, tracks, principles):
    """Of a system with a part and a record. Shape: address -> [SQL]."""
    ConflictSystemFactory(parent=valley)
    make_initiative(by=alice, conflicts=[valley], tracks=[tracks["media"]], organisations=[("lead", bridge)])
    client.force_login(alice)

    def asked(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return besides_session_and_user(captured)

    return asked


@pytest.mark.parametrize("window", ["", "?from=2001", "?from=2001&to=2005&lead_only=on"])
def test_a_dashboard_keeps_to_its_budget_whatever_the_window(asked, window):
    assert len(asked(f"/conflicts/valley/{window}")) <= DASHBOARD


def test_all_systems_keep_to_their_budget(asked):
    assert len(asked("/conflicts/")) <= ALL_SYSTEMS

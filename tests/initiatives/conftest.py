import pytest

from initiatives.actions import lifecycle
from tests.factories import MembershipFactory, make_initiative
from tests.initiatives.form_pages import NEW


@pytest.fixture
def form(client, alice, valley, tracks, principles, activities):
    """Alice's browser at the form of a new initiative: `form("draft", title="Talks")` sends it."""
    client.force_login(alice)
    return lambda action, **said: client.post(NEW, said | {"action": action})


# ---------------------------------------------------------------- an organisation that reviews before publishing


@pytest.fixture
def reviewing(bridge):
    """Bridge, which reviews."""
    bridge.reviews = True
    bridge.save()
    return bridge


@pytest.fixture
def mo(bridge):
    """Bridge's other manager."""
    return MembershipFactory(user__name="Mo", organisation=bridge, role="manager").user


@pytest.fixture
def draft(alice, bridge, valley, tracks):
    """draft(sharing=…): a complete one by Alice, or by=somebody."""

    def draft(title="Market talks", **fields):
        parts = {"conflicts": [valley], "tracks": [tracks["business"]], "organisations": [("lead", bridge)]}
        return make_initiative(title, **{"by": alice, "owner": bridge, "publication": "draft"} | parts | fields)

    return draft


@pytest.fixture
def sent(draft, alice, maria):
    """sent(…): one of Alice's drafts, sent for review by her; those concerned have agreed to its readers."""

    def sent(*args, by=alice, **fields):
        return lifecycle.publish(draft(*args, **fields), by=by, agreed=True)

    return sent

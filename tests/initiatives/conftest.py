import pytest

from tests.initiatives.form_pages import NEW


@pytest.fixture
def form(client, alice, valley, tracks, principles, activities):
    """Alice's browser at the form of a new initiative: `form("draft", title="Talks")` sends it."""
    client.force_login(alice)
    return lambda action, **said: client.post(NEW, said | {"action": action})

import pytest
from django.core.management import call_command


@pytest.fixture
def first_release(db):
    """The real words: nine tracks, twelve principles, 26 activity types, nine schemes."""
    call_command("load_taxonomy", verbosity=0)

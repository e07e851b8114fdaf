import pytest
from django.core.management import CommandError, call_command


def test_without_a_taxonomy_the_command_says_what_to_do_first(db):
    with pytest.raises(CommandError, match="load_taxonomy"):
        call_command("load_cases")

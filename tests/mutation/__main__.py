"""`uv run python -m tests.mutation`: takes away each `visible_to` of the code in turn, and expects a test to fail.

Which test notices which call is kept in noticed_by.json, so that each call costs one test; where none can, the reason
stands in its place. With `--search` tests are looked for where none is kept: the suite runs once, to learn which tests
come past which call; then those run again with that one call letting everything through, the quickest first, until one
fails. Further arguments name the tests to use; without any, all but those of the browser and the long ones. A call
that no test misses is told, and the exit status is 1.
"""

import sys

import pytest

from tests.mutation.open_doors import OpenDoors

if __name__ == "__main__":
    arguments = sys.argv[1:]
    search = "--search" in arguments
    plugin = OpenDoors(search=search)
    chosen = [argument for argument in arguments if argument != "--search"] if search else plugin.tests
    status = pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", *chosen], plugins=[plugin])
    sys.exit(status or plugin.status)

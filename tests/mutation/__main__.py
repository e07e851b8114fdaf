"""`uv run python -m tests.mutation`: takes away each `visible_to` of the code in turn, and expects a test to fail.

The suite runs once, to learn which tests come past which call. Then, call by call, those tests run again with that one
call letting everything through, the quickest first, until one fails. A call that no test misses is told, and the
exit status is 1. Arguments name the tests to use; without any, all but those of the browser and the long ones.
"""

import sys

import pytest

from tests.mutation.open_doors import OpenDoors

if __name__ == "__main__":
    plugin = OpenDoors()
    status = pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[plugin])
    sys.exit(status or plugin.status)

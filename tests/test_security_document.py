"""docs/security.md promises tests by name: each of them is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", DOCUMENT)))


def test_it_names_twenty_three_abuses_with_a_test_each():
    table = DOCUMENT.split("## Twenty-three abuses")[1].split("## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 23
    assert all("`tests/" in row for row in rows)


@pytest.mark.parametrize("named", NAMED)
def test_each_test_that_it_names_is_there(named):
    path, _, function = named.partition("::")
    source = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(source) if isinstance(node, ast.FunctionDef)}
    assert not function or function in functions

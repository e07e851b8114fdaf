"""What each field of the data means, read from one file."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "fields.toml"
APART = ("initiatives", "conflicts", "compare")  # kinds of data that don't tell their question back


@cache
def fields():
    """Shape: {kind of data: {field: what it means}}; a field of a list's items is named after it and a dot."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    question = told.pop("question")
    for kind in ("conflicts", "compare"):
        told[kind]["fields"] = question["fields"]
    return {kind: own if kind in APART else question | own for kind, own in told.items()}

"""What each figure means, read from one file: for the *i* beside it, for the page of definitions, and for reports."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "definitions.toml"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """misread: what the figure does not mean. section: of docs/definitions.md. data: names of the figures in the data
    of that kind, those of a list after its own name and a dot."""

    code: str
    name: str
    meaning: str
    misread: str
    section: str
    source: str
    data: tuple[str, ...]
    formula: str = ""
    kind: str = "coverage"


@dataclass(frozen=True)
class Part:
    """Definitions under one heading."""

    code: str
    title: str
    definitions: tuple[Definition, ...]


@cache
def parts():
    """In the order of the file. Shape: (Part, …)."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    by_part = {part["code"]: [] for part in told["part"]}
    for row in told["definition"]:
        by_part[row.pop("part")].append(Definition(**row | {"data": tuple(row["data"])}))
    return tuple(Part(part["code"], part["title"], tuple(by_part[part["code"]])) for part in told["part"])


@cache
def definitions():
    """Shape: {code: Definition}, in the order of the file."""
    return {one.code: one for part in parts() for one in part.definitions}

"""Each call of `visible_to` is a door; one that stands open lets everything through, and a test has to notice."""

import ast
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from django.apps import apps
from django.db.models import Value

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("initiatives", "taxonomy", "mtd_tracker")
METHOD = "visible_to"


NOTICED_BY = Path(__file__).with_name("noticed_by.json")  # {name of a door: test, or why none can be}
MOST_TRIED = 200  # of the tests that come past one door


@dataclass(frozen=True, order=True)
class Door:
    """One call in the source. line, end_line, end_column: by where it ends, a frame that stands there is known again.

    name: the function that it stands in, and its number there; holds however the lines around it move.
    """

    name: str
    path: str
    line: int
    end_line: int
    end_column: int

    def __str__(self):
        return f"{self.name} ({self.path}:{self.line})"


def doors():
    """Every call of the method in the code of the site."""
    found = set()
    for path in sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        place, numbers = path.relative_to(ROOT).as_posix(), Counter()
        for function, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            numbers[function] += 1
            name = f"{place}::{function}#{numbers[function]}"
            found.add(Door(name, place, call.func.end_lineno, call.end_lineno, call.end_col_offset))
    return found


def _calls(node, function=""):
    """Shape: (name of the function it stands in, call), from the top of the file down."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and child.func.attr == METHOD:
            yield function, child
        named = isinstance(child, ast.FunctionDef | ast.ClassDef)
        yield from _calls(child, f"{function}.{child.name}".lstrip(".") if named else function)


def door_of(frame):
    """Where the method was called; a manager hands its calls on, so its own frame is passed over."""
    while frame.f_code.co_filename.endswith("django/db/models/manager.py"):
        frame = frame.f_back
    _, end_line, _, end_column = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    return frame.f_code.co_filename, end_line, end_column


@dataclass(frozen=True)
class NothingNext:
    """Stands for the next test: all is torn down after this one, but for what the whole session keeps."""

    session: pytest.Session

    def listchain(self):
        return [self.session]


class OpenDoors:
    """pytest plugin: see `__main__`. search: for tests that notice the doors of which none is known."""

    def __init__(self, *, search):
        self.search = search
        self.known = json.loads(NOTICED_BY.read_text(encoding="utf-8"))
        self.doors = {(str(ROOT / door.path), door.end_line, door.end_column): door for door in doors()}
        self.open = None  # the door that lets everything through
        self.passed = set()  # doors that the test at work came through
        self.status = 0

    @property
    def tests(self):
        """Those that are known to notice a door."""
        return sorted({test for test in self.known.values() if "::" in test})

    def watch(self, model):
        queryset = type(model._default_manager.all())
        guarded = getattr(queryset, METHOD, None)
        if guarded is None or hasattr(guarded, "watched"):
            return

        def visible_to(rows, user):
            door = self.doors.get(door_of(sys._getframe(1)))
            self.passed.add(door)
            seen = guarded(rows, user)
            if door is None or door != self.open:
                return seen
            marks = {name: Value(True) for name in seen.query.annotations if name not in rows.query.annotations}
            return rows.annotate(**marks)  # so that a test sees what it should not, and no query that breaks

        visible_to.watched = True
        setattr(queryset, METHOD, visible_to)

    def pytest_collection_finish(self, session):
        for model in apps.get_models():
            self.watch(model)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        candidates = self.candidates(session)
        if candidates is None:
            return True
        missed = []
        for door in sorted(self.doors.values()):
            known = self.known.get(door.name, "")
            if known and (self.search or "::" not in known):
                continue  # the reason why none can be, or a search for others
            notice = self.noticed(door, candidates(door, known))
            if notice is None:
                missed.append(door)
            self.known[door.name] = notice or ""
        gone = set(self.known) - {door.name for door in self.doors.values()}
        self.tell(session, f"{len(self.doors) - len(missed)} of {len(self.doors)} calls of {METHOD} would be missed")
        for line in [*(f"nobody misses {door}" for door in missed), *(f"there is no {name}" for name in sorted(gone))]:
            self.tell(session, line)
        if self.search:
            kept = {name: test for name, test in sorted(self.known.items()) if test and name not in gone}
            NOTICED_BY.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        self.status = 1 if missed or gone else 0
        return True

    def candidates(self, session):
        """Run the tests once with every door shut.

        Shape: function of a door and the test known to notice it -> tests to try; None where a test fails already.
        """
        by_name = {item.nodeid: item for item in session.items}
        past, seconds = defaultdict(list), {}
        for item in session.items:
            self.passed = set()
            reports = self.run(item)
            if any(report.failed for report in reports):
                self.tell(session, f"fails with every door shut: {item.nodeid}\n{reports[1].longreprtext}")
                session.testsfailed += 1
                return None
            seconds[item] = sum(report.duration for report in reports)
            for door in self.passed - {None}:
                past[door].append(item)

        def of(door, known):
            if self.search:
                return sorted(past[door], key=seconds.get)[:MOST_TRIED]
            return [by_name[known]] if known in by_name else []

        return of

    def noticed(self, door, candidates):
        """The first of these tests that fails once the door stands open; None where none does."""
        self.open = door
        try:
            for item in candidates:
                if any(report.failed for report in self.run(item)):
                    self.tell(item.session, f"{door} is missed by {item.nodeid}")
                    return item.nodeid
            return None
        finally:
            self.open = None

    def run(self, item):
        """Run one test, again if it has run already. Shape: its reports."""
        if hasattr(item, "_request"):
            item._initrequest()
        return runtestprotocol(item, log=False, nextitem=NothingNext(item.session))

    def tell(self, session, line):
        session.config.get_terminal_writer().line(line)

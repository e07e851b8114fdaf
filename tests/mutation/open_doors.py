import ast
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("initiatives", "taxonomy", "mtd_tracker")
METHOD = "visible_to"


@dataclass(frozen=True, order=True)
class Door:
    """One call in the source, by where it ends: so a frame that stands there is known again."""

    path: str
    line: int
    end_line: int
    end_column: int

    def __str__(self):
        return f"{self.path}:{self.line}"


def doors():
    """Every call of the method in the code of the site."""
    found = set()
    for path in sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == METHOD:
                place = path.relative_to(ROOT).as_posix()
                found.add(Door(place, node.func.end_lineno, node.end_lineno, node.end_col_offset))
    return found


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
    """pytest plugin: see `__main__`."""

    def __init__(self):
        self.doors = {(str(ROOT / door.path), door.end_line, door.end_column): door for door in doors()}
        self.open = None  # the door that lets everything through
        self.passed = set()  # doors that the test at work came through
        self.status = 0

    def watch(self, model):
        queryset = type(model._default_manager.all())
        guarded = getattr(queryset, METHOD, None)
        if guarded is None or hasattr(guarded, "watched"):
            return

        def visible_to(rows, user):
            door = self.doors.get(door_of(sys._getframe(1)))
            self.passed.add(door)
            return rows.all() if door is not None and door == self.open else guarded(rows, user)

        visible_to.watched = True
        setattr(queryset, METHOD, visible_to)

    def pytest_collection_finish(self, session):
        for model in apps.get_models():
            self.watch(model)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        past, seconds = defaultdict(list), {}
        for item in session.items:
            self.passed = set()
            reports = self.run(item)
            if any(report.failed for report in reports):
                self.tell(session, f"fails with every door shut: {item.nodeid}\n{reports[1].longreprtext}")
                session.testsfailed += 1
                return True
            seconds[item] = sum(report.duration for report in reports)
            for door in self.passed - {None}:
                past[door].append(item)
        missed = [
            door for door in sorted(self.doors.values()) if not self.noticed(door, sorted(past[door], key=seconds.get))
        ]
        self.status = 1 if missed else 0
        self.tell(
            session, f"{len(self.doors) - len(missed)} of {len(self.doors)} calls of {METHOD} are missed by a test"
        )
        for door in missed:
            self.tell(session, f"nobody misses {door}" if past[door] else f"no test comes past {door}")
        return True

    def noticed(self, door, candidates):
        """Whether one of these tests fails once the door stands open."""
        self.open = door
        try:
            for item in candidates:
                if any(report.failed for report in self.run(item)):
                    self.tell(item.session, f"{door} is missed by {item.nodeid}")
                    return True
            return False
        finally:
            self.open = None

    def run(self, item):
        """Run one test, again if it has run already. Shape: its reports."""
        if hasattr(item, "_request"):
            item._initrequest()
        return runtestprotocol(item, log=False, nextitem=NothingNext(item.session))

    def tell(self, session, line):
        session.config.get_terminal_writer().line(line)

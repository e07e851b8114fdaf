"""A backup made and restored by the README's own commands holds the same rows, table by table."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from initiatives.models.wording import INDEX

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.long


def commands(*, holding):
    """The README's block of commands that holds these words. Shape: [line]."""
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if holding in block]
    return [line for line in block.splitlines() if line]


def run(command, *, folder, paths=(), **environment):
    path = os.pathsep.join([*paths, os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=os.environ | environment | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def manage(command, *, url, folder):
    return run(f"{sys.executable} {ROOT / 'manage.py'} {command}", folder=folder, DATABASE_URL=url, **at(folder))


def at(folder):
    return {"ERASURES_FILE": str(folder / "erasures.txt")}


def of_ours(line):
    """A command of the README with this checkout's interpreter."""
    return line.replace("uv run --no-dev manage.py", f"{sys.executable} {ROOT / 'manage.py'}")


def tables_of_sqlite(path):
    """Shape: {table: its rows, sorted}. Of the search index each term and where it stands, not how it is packed."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE VIRTUAL TABLE temp.indexed USING fts5vocab('main', '{INDEX}', 'instance')")
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        told = {*names, "indexed"} - {f"{INDEX}_data", f"{INDEX}_idx"}
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in told}


def tables_of_postgres(url):
    with psycopg.connect(url) as database:
        found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for (name,) in found}


def test_sqlite(tmp_path):
    (tmp_path / "var").mkdir()
    database = tmp_path / "var" / "db.sqlite3"
    url = f"sqlite:///{database}"
    manage("demo --no-serve", url=url, folder=tmp_path)
    copy, *bring_back = commands(holding="VACUUM INTO")
    before = tables_of_sqlite(database)
    assert len(before["initiatives_initiative"]) > 20
    assert len(before["indexed"]) > 1000
    run(copy.replace("python3", sys.executable), folder=tmp_path)
    with closing(sqlite3.connect(database)) as damaged, damaged:
        damaged.execute("DELETE FROM initiatives_tracktag")
    for line in bring_back:
        run(of_ours(line), folder=tmp_path, DATABASE_URL=url, **at(tmp_path))
    assert tables_of_sqlite(database) == before


ERASE = """
from initiatives.models import Initiative
from mtd_tracker.accounts.models import User
from mtd_tracker.erasure.actions import agree, ask_to_erase_record
person = lambda name: User.objects.get(email=f"{name}@demo.example")
record = Initiative.objects.filter(author=person("practitioner"), sharing="organisation", publication="published")[0]
print(record.title)
agree(ask_to_erase_record(record, by=person("practitioner"), reason="A promise."), by=person("manager"))
"""


def test_what_was_erased_since_the_backup_does_not_come_back_and_leaves_no_byte_in_the_file(tmp_path):
    (tmp_path / "var").mkdir()
    database = tmp_path / "var" / "db.sqlite3"
    url = f"sqlite:///{database}"
    manage("demo --no-serve", url=url, folder=tmp_path)
    copy, *bring_back = commands(holding="VACUUM INTO")
    run(copy.replace("python3", sys.executable), folder=tmp_path)
    title = manage(f"shell --no-imports -c '{ERASE}'", url=url, folder=tmp_path).strip().splitlines()[-1].encode()
    assert title in (tmp_path / "mtd-backup.sqlite3").read_bytes()
    assert not any(title in path.read_bytes() for path in database.parent.iterdir())
    for line in bring_back:
        run(of_ours(line), folder=tmp_path, DATABASE_URL=url, **at(tmp_path))
    assert not any(title in path.read_bytes() for path in database.parent.iterdir())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the run on PostgreSQL has a server to do this on")
def test_postgresql(tmp_path):
    server = connection.settings_dict
    socket = server["HOST"].replace("/", "%2F")
    given = {name: f"mtd_drill_{os.getpid()}_{name}" for name in ("site", "restored")}
    url, restored = (f"postgres://{server['USER']}@{socket}/{name}" for name in given.values())
    binaries = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    tools = {"paths": (binaries,), "PGHOST": server["HOST"], "PGUSER": server["USER"]}

    def of_this_server(line):
        line = line.replace("sudo -u postgres ", "").replace("--owner mtd", f"--owner {server['USER']}")
        line = line.replace("postgres://mtd:PASSWORD@localhost:5432/mtd_restored", restored)
        line = re.sub(r"mtd_restored$", given["restored"], line)
        return of_ours(line.replace("mtd-2026-01-31.dump", "mtd-*.dump"))

    run(f"createdb {given['site']}", folder=tmp_path, **tools)
    try:
        manage("demo --no-serve", url=url, folder=tmp_path)
        before = tables_of_postgres(url)
        assert len(before["initiatives_initiative"]) > 20
        for line in commands(holding="pg_dump"):
            run(of_this_server(line), folder=tmp_path, **tools, **{"DATABASE_URL": url} | at(tmp_path))
        assert tables_of_postgres(restored) == before == tables_of_postgres(url)
    finally:
        for name in given.values():
            run(f"dropdb --if-exists {name}", folder=tmp_path, **tools)

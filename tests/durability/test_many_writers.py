"""Many people save at once: each answer that says "saved" is true, and nobody is turned away by a lock."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from uuid import uuid4

from tests.durability.conftest import ROOT, long_or_short

WRITERS = 8
VERSION = re.compile(r'name="version" value="(\d+)"')
HISTORY = """
import json
from reversion.models import Version
from initiatives.models import Initiative
record = Initiative.objects.get(ref="{ref}")
kept = [version.field_dict for version in Version.objects.get_for_object(record).order_by("pk")]
print(json.dumps([[row["version"], row["title"]] for row in kept] + [[record.version, record.title]]))
"""
WRITE = """
from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.models import Initiative
from mtd_tracker.accounts.models import User
person = User.objects.get(email="alice@example.org")
owner = person.memberships.get().organisation
for number in range({each}):
    if number % 2:
        edit_initiative(Initiative.objects.get(title="{shared}"), Content("{shared}"), by=person)
    else:
        log_initiative(Content("{title}"), by=person, owner=owner)
"""
COUNT = """
import json
from reversion.models import Version
from initiatives.models import Initiative
shared = Initiative.objects.get(title="{shared}")
made = Initiative.objects.filter(title__startswith="{made}")
kept = sorted(version.field_dict["version"] for version in Version.objects.get_for_object(shared))
print(json.dumps({{"made": made.count(), "kept": kept}}))
"""


def new_record(site, title):
    """The address of its form."""
    status, address, _ = site.post("/initiatives/new/", {"title": title, "action": "draft"})
    assert status == 302
    return address


@long_or_short(short=24, long=200)
def test_of_saves_from_eight_threads_on_one_record_none_is_lost(site, times):
    """times: saves that are answered with success."""
    site.start()
    form = new_record(site, "First")
    acknowledged, refused = [], []

    def save(writer):
        for number in count():
            if len(acknowledged) >= times:
                return
            _, _, page = site.get(form)
            started_from = int(VERSION.search(page)[1])
            title = f"{writer}-{number}"
            status, _, _ = site.post(form, {"title": title, "action": "draft", "version": started_from})
            assert status in (302, 409), status
            (acknowledged if status == 302 else refused).append((started_from + 1, title))

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(save, range(WRITERS)))
    *kept, now = json.loads(site.tell(HISTORY.format(ref=form.split("/")[2])))
    assert kept == [[1, "First"], *(list(save) for save in sorted(acknowledged))], "each is one version, in order"
    assert now == kept[-1]
    assert refused, "eight threads got in each other's way at least once"
    assert not {title for _, title in refused} & {title for _, title in kept}


@long_or_short(short=10, long=250)
def test_eight_writing_processes_never_meet_a_locked_database(site, times):
    """times: transactions of each process; every other one is on a record that all of them change."""
    shared, made = f"Shared {uuid4()}", f"made {uuid4()}"
    site.tell(WRITE.format(each=1, title=shared, shared=shared))
    commands = [
        [
            sys.executable,
            "manage.py",
            "shell",
            "--no-imports",
            "-c",
            WRITE.format(each=times, title=f"{made} by {writer}", shared=shared),
        ]
        for writer in range(WRITERS)
    ]
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=site.environment, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * WRITERS, "\n".join(said)[-4000:]
    assert "locked" not in "".join(said)
    told = json.loads(site.tell(COUNT.format(shared=shared, made=made)))
    assert told["made"] == WRITERS * times // 2
    assert told["kept"] == list(range(1, 1 + 1 + WRITERS * times // 2))

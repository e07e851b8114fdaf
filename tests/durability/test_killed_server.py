"""The server is killed in the middle of saves: what it acknowledged is there, once."""

import json
import random
import threading
import time
import uuid

from tests.durability.conftest import long_or_short
from tests.durability.test_many_writers import VERSION, new_record

SAVERS = 4
FORM = {  # as a browser sends it: with what the form holds at first
    "language": "en",
    "roles": "lead",
    "organisations": "Bridge (bridge)",
    "sharing": "organisation",
    "action": "draft",
}
TOLD = """
import json
from collections import Counter
from reversion.models import Version
from initiatives.models import Initiative
kept = {}
for record in Initiative.objects.all():
    rows = [version.field_dict for version in Version.objects.get_for_object(record).order_by("pk")]
    kept[str(record.ref)] = {"now": record.version, "kept": [[row["version"], row["title"]] for row in rows]}
print(json.dumps(kept))
"""


class Saver(threading.Thread):
    """Makes records, each form sent twice, and changes one of its own, until no answer comes any more.

    made: {title: how many answers said that it is saved}; saved: titles of acknowledged changes of its own record.
    sent: forms of new records with their tokens, whatever became of them.
    """

    def __init__(self, site, name):
        super().__init__(name=name)
        self.site, self.form = site, new_record(site, f"{name}-{uuid.uuid4()} of its own")
        self.sent, self.made, self.saved, self.surprises = [], [], [], []

    def run(self):
        try:
            while True:
                self._make()
                self._change()
        except OSError:
            return  # the server is gone

    def _make(self):
        fields = FORM | {"title": f"made-{uuid.uuid4()}", "form_token": uuid.uuid4()}
        self.sent.append(fields)
        for _ in range(2):
            status, address, _ = self.site.post("/initiatives/new/", fields)
            if status != 302:
                self.surprises.append((status, fields))
            self.made.append((fields["title"], address))

    def _change(self):
        _, _, page = self.site.get(self.form)
        title = f"changed-{uuid.uuid4()}"
        fields = {"title": title, "action": "draft", "version": VERSION.search(page)[1]}
        status, _, _ = self.site.post(self.form, fields)
        if status != 302:
            self.surprises.append((status, fields))
        self.saved.append(title)


@long_or_short(short=2, long=20)
def test_a_killed_server_lost_nothing_that_it_acknowledged_and_doubled_nothing(site, times):
    chance = random.Random(20)  # noqa: S311  when to kill, the same each time
    left_by_others = json.loads(site.tell(TOLD))
    savers = []
    for turn in range(times):
        site.start()
        fresh = [Saver(site, f"saver-{turn}-{number}") for number in range(SAVERS)]
        for saver in fresh:
            saver.start()
        time.sleep(chance.uniform(1, 3))
        site.kill()
        for saver in fresh:
            saver.join()
        savers += fresh
    assert [saver.surprises for saver in savers if saver.surprises] == []
    assert any(saver.made for saver in savers), "something was acknowledged"
    site.start()
    for saver in savers:
        for fields in saver.sent[-1:]:  # the one that was under way is sent once more, as a person would
            assert site.post("/initiatives/new/", fields)[0] == 302
    told = {ref: record for ref, record in json.loads(site.tell(TOLD)).items() if ref not in left_by_others}
    titles = [title for record in told.values() for _, title in record["kept"]]
    assert len(titles) == len(set(titles)), "nothing is there twice"
    for saver in savers:
        assert {fields["title"] for fields in saver.sent} | set(saver.saved) <= set(titles)
        for title, address in saver.made:
            assert [1, title] == told[address.split("/")[2]]["kept"][0]
    for record in told.values():
        assert [version for version, _ in record["kept"]] == list(range(1, record["now"] + 1))

"""No text that somebody typed runs as a script, wherever it is shown."""

import pytest

from initiatives.models import Initiative, LogEntry, Organisation
from mtd_tracker.accounts.models import User
from tests.factories import make_initiative
from tests.hostile.conftest import NAUGHTY

pytestmark = pytest.mark.browser


@pytest.fixture
def hostile_records(site):
    """A record of the practitioner for each string, which stands in every text that a person types."""
    author = User.objects.get(email="practitioner@demo.example")
    strings = [text for text in NAUGHTY if text.strip() and "\0" not in text]
    for number, text in enumerate(strings):
        party = Organisation.objects.create(code=f"hostile-{number}", name=text[:200], made_by=author)
        record = make_initiative(
            title=text[:200],
            summary=text,
            description=text,
            sources=text,
            by=author,
            sharing="network",
            organisations=[("lead", party)],
        )
        record.locations.create(country="KE", place=text[:120])
        record.external_ids.create(scheme="x", identifier=text[:120])
        LogEntry.objects.create(
            initiative=record, author=author, happened_on="2024-05-01", kind="meeting", text=text, sharing="network"
        )
    return Initiative.objects.filter(external_ids__scheme="x").order_by("pk")


def test_no_text_runs_as_a_script(hostile_records, open_page, sign_in):
    page = open_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    sign_in(page, "practitioner")
    pages = hostile_records.count() // 25 + 1
    for number in range(1, pages + 1):
        assert page.goto(f"/initiatives/?page={number}").status == 200
    for record in hostile_records[::7]:
        assert page.goto(f"/initiatives/{record.ref}/").status == 200
    for record in hostile_records[::40]:
        assert page.goto(f"/initiatives/{record.ref}/edit/").status == 200

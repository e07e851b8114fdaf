"""Records and people with a canary in every field, and a search of the whole database for it."""

from datetime import date

from django.db import connection

from initiatives.actions.content import Content
from initiatives.actions.initiatives import edit_initiative, log_initiative
from initiatives.actions.links import add_link
from initiatives.actions.log import add_entry, delete_entry
from initiatives.actions.readings import note_opened
from initiatives.dates import PartialDate, today
from initiatives.models import Autosave, KeeperNaming, OrganisationGrant, ReviewStep
from tests.factories import make_initiative

CANARY = "Xylophonic"


def traces_of(text):
    """Where the database says it, whatever the case. Shape: {(table, column)}."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                name = connection.ops.quote_name(column.name)
                cursor.execute(
                    f"SELECT 1 FROM {connection.ops.quote_name(table)} "
                    f"WHERE lower(CAST({name} AS text)) LIKE %s LIMIT 1",
                    [f"%{text.lower()}%"],
                )
                if cursor.fetchone():
                    found.add((table, column.name))
    return found


def record_full_of_canaries(*, author, other, harbour, valley, tracks, principles, activities):
    """Published, with a past, a diary, links both ways, typed organisations, readings and everything else."""
    word = CANARY
    content = Content(
        title=f"{word} talks",
        summary=word,
        description=word,
        sources=word,
        start=PartialDate.parse("2020"),
        activities=[activities["training"]],
        engagements=[(valley, PartialDate.parse("2021"), None)],
        locations=[("NO", word)],
        participations=[("lead", f"{word} typed"), ("funder", harbour)],
        lead_track=tracks["media"],
        rationales={tracks["media"]: word},
        ratings={principles["trust"]: (3, word)},
        suspensions=[(date(2021, 1, 1), date(2021, 2, 1))],
        external_ids=[(word, word)],
        grants=[(other, "write", None)],
    )
    record = log_initiative(content, by=author, owner=author.memberships.first().organisation, publish=True)
    content.title, content.summary, content.external_ids = f"{word} forum", f"{word} again", []
    content.participations = [("lead", harbour), ("host", f"{word} inn")]
    record = edit_initiative(record, content, by=author)
    neighbour = make_initiative("Neighbour", by=author, sharing="public")
    add_link(record, by=author, target=neighbour, kind="funds", evidence="claimed", note=word)
    add_link(neighbour, by=author, target=record, kind="amplifies", evidence="claimed", note=word)
    said = {"happened_on": today(), "kind": "meeting", "sharing": "organisation"}
    add_entry(record, by=author, text=word, **said)
    delete_entry(add_entry(record, by=author, text=f"{word} gone", **said), by=author)
    ReviewStep.objects.create(initiative=record, kind="returned", comment=word, by=other)
    KeeperNaming.objects.create(
        initiative=record, organisation=record.owner, keeper=other, reason=word, proposed_by=other
    )
    Autosave.objects.create(user=author, initiative=record, sent={"title": [word]}, version=1)
    Autosave.objects.create(user=author, token=record.ref, sent={"title": [word]})
    OrganisationGrant.objects.create(initiative=record, organisation=harbour)
    note_opened(record, by=other)
    return record, neighbour

"""The demonstration's invented records: a conflict system of their own, on every sharing level."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from initiatives.actions.content import Content
from initiatives.actions.initiatives import log_initiative
from initiatives.actions.links import add_link
from initiatives.actions.log import add_entry
from initiatives.exchange.case_file import read_content, read_ground, read_link
from initiatives.exchange.cases import write_ground
from initiatives.models import LogEntry, Publication, Sharing
from mtd_tracker.datafile import codes_of, reading
from mtd_tracker.demo.accounts import ACCOUNTS, make_accounts
from mtd_tracker.history import change

RECORDS = Path(__file__).parent / "data" / "demonstration.toml"


@dataclass
class Record:
    content: Content
    author: str  # key of an account
    draft: bool
    incomplete: bool  # published all the same, as an import may have left it
    log: list


def make_demonstration():
    """Organisations, accounts and their records, in a database that has none of them. Shape: number of records."""
    with reading(RECORDS) as file:
        book = read_ground(file)
        records = {}
        for entry in file.entries("initiative"):
            code = entry.text("code", required=True)
            records[code] = _read_record(entry, book)
            book.cases[code] = records[code].content
        for entry in file.entries("link", named=None):
            read_link(entry, book)
    write_ground(book)
    people = make_accounts()
    logged = {code: _log(record, *people[record.author]) for code, record in records.items()}
    for source, target, kind, evidence, note in book.links:
        giver = logged[source]
        add_link(giver, by=giver.author, target=logged[target], kind=kind, evidence=evidence, note=note)
    return len(logged)


def _read_record(entry, book):
    incomplete = entry.flag("incomplete")
    draft = entry.text("publication") == Publication.DRAFT
    content = read_content(entry, book, publish=not (draft or incomplete))
    content.assessments = _read_assessments(entry, book)
    return Record(
        content=content,
        author=entry.one_of("author", {account.key: account.key for account in ACCOUNTS}, required=True),
        draft=draft,
        incomplete=incomplete,
        log=[_read_log_entry(row) for row in entry.entries("log", named=None)],
    )


def _read_assessments(entry, book):
    """Of a record whose ratings are told with the days on which they were made. Shape: as in Content, or None."""
    rows = entry.rows("assessments", ("principle", "rating", "on", "evidence"))
    return [
        (
            row.one_of("principle", book.principles, required=True),
            row.number("rating", required=True),
            row.text("evidence"),
            row.parsed("on", date.fromisoformat, required=True),
        )
        for row in rows
    ] or None


def _read_log_entry(entry):
    return {
        "happened_on": entry.parsed("on", date.fromisoformat, required=True),
        "kind": entry.one_of("kind", codes_of(LogEntry.Kind), required=True),
        "sharing": entry.one_of("sharing", codes_of(Sharing), required=True),
        "text": entry.text("text", required=True),
    }


def _log(record, author, organisation):
    publish = not (record.draft or record.incomplete)
    initiative = log_initiative(record.content, by=author, owner=organisation, publish=publish, agreed=True)
    if record.incomplete:
        with change(initiative, by=author, note="Taken over from an older list") as initiative:
            initiative.publication = Publication.PUBLISHED
            initiative.save()
    for entry in record.log:
        add_entry(initiative, by=author, **entry)
    return initiative

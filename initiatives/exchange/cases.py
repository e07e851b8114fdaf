"""Documented cases, loaded into a library of their own: an organisation without members, everything public.

What is there already is left as it is, because somebody may have edited it since.
"""

import uuid
from pathlib import Path

from django.db import transaction

from initiatives.actions.initiatives import log_initiative
from initiatives.actions.links import add_link
from initiatives.exchange.case_file import read_cases
from initiatives.models import DisputedClaim, Initiative, Organisation
from mtd_tracker.datafile import reading
from mtd_tracker.elevation import elevated
from mtd_tracker.history import change

OWN_CASES = Path(__file__).parent.parent / "data" / "cases.toml"
REFS = uuid.UUID("0d1f8a52-6c1b-4f0e-9d6a-6f2f6f0a7c11")  # a case's code under it gives the case's stable ref
LIBRARY = {"code": "case-library", "name": "Case Library", "kind": "library of documented cases", "confirmed": True}
NOTE = "Loaded from a file of cases"


def case_ref(code):
    """The ref that the case of this code has on every site."""
    return uuid.uuid5(REFS, code)


@transaction.atomic
def load_cases(path=OWN_CASES):
    """Add what the file has and the site has not.

    Shape: {what: (added, there before)}.
    Raises: FaultyFile with every fault of the file; nothing is written then.
    """
    with elevated("documented cases have no author"):
        return _load_cases(path)


def _load_cases(path):
    with reading(path) as file:
        book = read_cases(file)
        if not Organisation.objects.filter(code=LIBRARY["code"]).exists():
            file.check(Organisation(**LIBRARY))
    counts = write_ground(book)
    new = _write_cases(book)
    links = [link for link in book.links if new & {*link[:2]}]
    for link in links:
        _link_cases(*link)
    claims = [claim for claim in book.disputed if _add_claim(claim)]
    return counts | {
        "initiatives": (len(new), len(book.cases) - len(new)),
        "links": (len(links), len(book.links) - len(links)),
        "disputed claims": (len(claims), len(book.disputed) - len(claims)),
    }


def write_ground(book):
    """Save the new systems and organisations of a file, with their parts. Shape: {what: (added, there before)}."""
    counts = {}
    for what, records in (("conflict systems", book.systems), ("organisations", book.organisations)):
        new = [(record, parts) for record, parts in records if record.pk is None]
        counts[what] = (len(new), len(records) - len(new))
        for record, parts in new:
            with change(record, by=None, note=NOTE):
                record.save()
                for part in parts:
                    part.save()
    return counts


def _write_cases(book):
    """Publish the cases that the site has not. Shape: {code}."""
    refs = {code: case_ref(code) for code in book.cases}
    present = set(Initiative.objects.filter(ref__in=refs.values()).values_list("ref", flat=True))
    new = {code for code, ref in refs.items() if ref not in present}
    if new:
        library, _ = Organisation.objects.get_or_create(code=LIBRARY["code"], defaults=LIBRARY)
        for code, content in book.cases.items():
            if code in new:
                log_initiative(content, by=None, owner=library, publish=True, agreed=True, ref=refs[code])
    return new


def _link_cases(source, target, kind, evidence, note):
    giver, receiver = (Initiative.objects.get(ref=case_ref(code)) for code in (source, target))
    add_link(giver, by=None, target=receiver, kind=kind, evidence=evidence, note=note)


def _add_claim(claim):
    texts = {"source": claim.source, "doubt": claim.doubt}
    _, added = DisputedClaim.objects.get_or_create(
        conflict_system=claim.conflict_system, claim=claim.claim, defaults=texts
    )
    return added

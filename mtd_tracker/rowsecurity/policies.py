"""Which rows of which table: one Lock a table. A table without a Lock is not under row security."""

from dataclasses import dataclass
from functools import cache

import reversion
from django.apps import apps
from reversion.models import Revision, Version

from initiatives import models as of
from mtd_tracker.erasure.models import Erasure
from mtd_tracker.rowsecurity import conditions as sql

NETWORK = f"{sql.ELEVATED} OR {sql.READS_NETWORK}"
ACTIVITIES = of.Initiative.activities.through


@dataclass(frozen=True)
class Lock:
    """Conditions, in SQL, on the rows of a model's table that one may read, add, change and remove.

    A row that is changed fulfils `change` before and after.
    """

    model: type
    read: str
    add: str
    change: str
    remove: str

    @property
    def table(self):
        return self.model._meta.db_table

    @property
    def policies(self):
        """Shape: {policy's name: (command, clauses)}."""
        return {
            "sight_read": ("SELECT", f"USING ({self.read})"),
            "sight_add": ("INSERT", f"WITH CHECK ({self.add})"),
            "sight_change": ("UPDATE", f"USING ({self.change}) WITH CHECK ({self.change})"),
            "sight_remove": ("DELETE", f"USING ({self.remove})"),
        }


def _part(model, *, read=None, column="initiative_id"):
    """A row that hangs on an initiative: read with it, written by those who work on it."""
    initiative = f"{model._meta.db_table}.{column}"
    write = sql.of_an_initiative(initiative, sql.MINE_TO_WRITE)
    return Lock(model, read or sql.of_an_initiative(initiative), write, write, write)


def _close(model, *, besides=None):
    """A part that of those who may open the initiative only those close to it read. besides: (column, what it is) of
    rows that all of them read."""
    table = model._meta.db_table
    close = f"({table}.{' = '.join(besides)} OR {sql.CLOSE_TO_ME})" if besides else sql.CLOSE_TO_ME
    return _part(model, read=sql.of_an_initiative(f"{table}.initiative_id", close))


def _added_only(lock):
    """Only the site itself changes or removes what was written once."""
    return Lock(lock.model, lock.read, lock.add, sql.ELEVATED, sql.ELEVATED)


@cache
def locks():
    """Every table under row security. Shape: (Lock, …)."""
    return (*_locks_of_initiatives(), *_locks_of_history())


def without_lock():
    """Models that refer to a locked one and have no Lock themselves: each of them would be a hole."""
    locked = {lock.model for lock in _locks_of_initiatives()}
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model not in locked and _refers_to(model, locked)]


def _refers_to(model, others):
    return any(field.related_model in others for field in model._meta.concrete_fields)


def _locks_of_initiatives():
    write = f"{sql.OPEN_TO_ME} AND {sql.MINE_TO_WRITE}"
    logged_by_me = f"{sql.ELEVATED} OR author_id = {sql.ME} AND owner_id = {sql.OWN}"
    yield Lock(of.Initiative, sql.OPEN_TO_ME, logged_by_me, write, write)
    for model in (
        of.Engagement,
        of.Participation,
        of.TrackTag,
        of.PrincipleRating,
        of.Location,
        of.Suspension,
        of.ExternalId,
        ACTIVITIES,
    ):
        yield _part(model)
    yield _part(of.Wording)
    yield _part(of.Tally, read=sql.open_to_me(key="initiative_id", publication="'published'"))
    yield _close(of.Grant, besides=("user_id", sql.ME))
    yield _close(of.OrganisationGrant, besides=("organisation_id", sql.OWN))
    yield _added_only(_close(of.ReviewStep))
    yield _diary()
    yield _links()
    yield _readings()
    yield _namings()
    yield _own_text()
    yield _statements()
    yield Lock(Erasure, *[sql.ERASURE_FOR_ME] * 4)


def _statements():
    """For the network; written in the name of an organisation by its managers, and removed by nobody."""
    signed = f"{sql.ELEVATED} OR organisation_id = {sql.MANAGED}"
    return Lock(of.CoverageStatement, NETWORK, signed, signed, sql.ELEVATED)


def _diary():
    write = sql.of_an_initiative(f"{sql.ENTRY}.initiative_id", sql.MINE_TO_WRITE)
    change = f"{sql.ENTRY_OPEN_TO_ME} AND {write}"
    return Lock(of.LogEntry, sql.ENTRY_OPEN_TO_ME, write, change, change)


def _links():
    """Both ends are to be seen; all links of a record that is being changed, so that its history keeps them."""
    table = of.InitiativeLink._meta.db_table
    target = sql.of_an_initiative(f"{table}.target_id")
    write = f"{target} AND {sql.of_an_initiative(f'{table}.source_id', sql.MINE_TO_WRITE)}"
    in_hand = sql.in_hand(sql.INITIATIVE, "source_id")
    read = f"{in_hand} OR {target} AND {sql.of_an_initiative(f'{table}.source_id')}"
    return Lock(of.InitiativeLink, read, write, write, write)


def _readings():
    """The site itself writes down who read what; those who answer for the record read it."""
    read = sql.of_an_initiative(f"{of.Reading._meta.db_table}.initiative_id", sql.READ_BY_WHOM)
    return Lock(of.Reading, read, sql.ELEVATED, sql.ELEVATED, sql.ELEVATED)


def _namings():
    """For the managers who name a keeper, though the record itself is closed to them."""
    managed = f"{sql.ELEVATED} OR organisation_id = {sql.MANAGED}"
    return Lock(of.KeeperNaming, managed, managed, managed, managed)


def _own_text():
    """One's own; not of a record that is closed to one by now."""
    initiative = f"{of.Autosave._meta.db_table}.initiative_id"
    mine = f"{sql.ELEVATED} OR user_id = {sql.ME} AND (initiative_id IS NULL OR {sql.of_an_initiative(initiative)})"
    return Lock(of.Autosave, mine, mine, mine, mine)


def _locks_of_history():
    """What is kept of an initiative and its parts, for those who work on it; of an entry, with the entry; of a
    statement, for the network.

    What is kept of anything else is open. Only the site itself writes history: see mtd_tracker/history.py.
    """
    records = [model for model in _registered() if model is of.Initiative or _refers_to(model, {of.Initiative})]
    records.remove(of.LogEntry)
    others = [model for model in _registered() if model not in (*records, of.LogEntry, of.CoverageStatement)]
    of_a_type = "content_type_id IN {}".format
    read = f"""{sql.ELEVATED}
    OR {of_a_type(sql.content_types(others))}
    OR {of_a_type(sql.content_types(records))} AND {sql.KEPT_OF_MINE}
    OR {of_a_type(sql.content_types([of.LogEntry]))} AND {sql.kept_of_an_entry(of.LogEntry)}
    OR {of_a_type(sql.content_types([of.CoverageStatement]))} AND {sql.READS_NETWORK}"""
    yield Lock(Version, read, sql.ELEVATED, sql.ELEVATED, sql.ELEVATED)
    versions = "SELECT FROM reversion_version WHERE reversion_version.revision_id = reversion_revision.id"
    yield Lock(Revision, f"{sql.ELEVATED} OR EXISTS ({versions})", sql.ELEVATED, sql.ELEVATED, sql.ELEVATED)


def _registered():
    return sorted(reversion.get_registered_models(), key=lambda model: model._meta.label)

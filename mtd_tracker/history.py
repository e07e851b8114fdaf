"""One change, one revision: how every record is changed, wherever it stands.

A record that people edit is `Versioned`. A change locks the stored row, compares its version with the one that
the person started from, and writes the revision in the same transaction: all of it, or nothing.
"""

from contextlib import contextmanager

import reversion
from django.db import models, transaction


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)  # counts changes, against lost updates

    class Meta:
        abstract = True


class StaleSave(Exception):
    """Somebody else changed the record since this person opened it.

    `stored`: the record as it stands now.
    """

    def __init__(self, stored):
        super().__init__("The record was changed by somebody else in the meantime.")
        self.stored = stored


@contextmanager
def change(record, *, by, note, version=None):
    """Yield the record to change, locked and read afresh; keep what was done to it as one revision.

    A new record (without a key) is yielded as it is. `version`: what the person's form started from.
    The caller saves the record; its version has been counted up already.
    Raises: StaleSave where `version` is no longer the stored one; nothing is written then.
    """
    with transaction.atomic(), reversion.create_revision():
        if by is not None:
            reversion.set_user(by)
        reversion.set_comment(note)
        if record.pk:
            record = type(record)._base_manager.select_for_update().get(pk=record.pk)
            if version is not None and version != record.version:
                raise StaleSave(record)
            record.version += 1
        yield record
        reversion.add_to_revision(record)

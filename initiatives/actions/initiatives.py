"""Logging, changing and publishing an initiative."""

import uuid

from django.core.exceptions import ValidationError

from initiatives.actions.content import check_dates, missing_for_publication, write_content
from initiatives.models import Initiative, Publication
from mtd_tracker.history import change


def log_initiative(content, *, by, owner, publish=False, ref=None):
    """A new initiative of the owning organisation, as a draft or published at once.

    ref: for whoever must know the record again, a loader or a form sent twice; chosen at random otherwise.
    Raises: ValidationError, by form field, where dates contradict each other or publishing lacks something.
    """
    initiative = Initiative(ref=ref or uuid.uuid4(), owner=owner, author=by)
    note = "Logged and published" if publish else "Draft saved"
    return _write(initiative, content, by=by, publish=publish, note=note)


def edit_initiative(initiative, content, *, by, version=None, publish=False, owner=None):
    """Change an initiative's content; a published one stays complete. owner: the organisation to hand it to.

    Raises: ValidationError as above; StaleSave where somebody else changed it since `version`.
    """
    note = "Published" if publish and not initiative.is_published else "Edited"
    return _write(initiative, content, by=by, publish=publish, note=note, version=version, owner=owner)


def _write(initiative, content, *, by, publish, note, version=None, owner=None):
    check_dates(content)
    with change(initiative, by=by, note=note, version=version) as record:
        if publish or record.is_published:
            missing = missing_for_publication(content)
            if missing:
                raise ValidationError(missing)
            record.publication = Publication.PUBLISHED
        if owner is not None:
            record.owner = owner
        write_content(record, content, by=by)
    return record

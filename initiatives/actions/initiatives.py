"""Logging, changing and publishing an initiative."""

import uuid

from django.core.exceptions import ValidationError

from initiatives.actions.autosaves import let_go_of_text
from initiatives.actions.content import check_dates, missing_for_publication, write_content
from initiatives.actions.review import put_forward, refuse_unreviewable, refuse_unreviewed, sender_of
from initiatives.actions.sharing import refuse_partners_of_restricted, refuse_past_author, watched
from initiatives.models import COMPLETE, Initiative, Publication
from mtd_tracker.history import change


def log_initiative(content, *, by, owner, publish=False, agreed=False, ref=None):
    """A new initiative of the owning organisation, as a draft, or published; sent for review, if it reviews first.

    agreed: whether those concerned agreed to readers outside the organisation.
    ref: for whoever must know the record again, a loader or a form sent twice; chosen at random otherwise.
    Raises: ValidationError, by form field, where dates contradict each other or publishing lacks something.
    """
    initiative = Initiative(ref=ref or uuid.uuid4(), owner=owner, author=by)
    return _write(initiative, content, by=by, publish=publish, agreed=agreed, note="Draft saved")


def edit_initiative(initiative, content, *, by, version=None, publish=False, agreed=False, owner=None):
    """Change an initiative's content; what is published or in review stays that, and complete.

    owner: the organisation to hand it to. publish, agreed: as for a new one.
    Raises: ValidationError as above, and where it would be published, or stay in review, without anybody to review
    it, or would open what was published to more readers, which is for `change_sharing`; StaleSave where somebody else
    changed it since `version`.
    """
    said = {"publish": publish, "agreed": agreed, "owner": owner}
    return _write(initiative, content, by=by, note="Edited", version=version, **said)


def _write(initiative, content, *, by, publish, agreed, note, version=None, owner=None):
    check_dates(content)
    logged = initiative.pk is None
    with change(initiative, by=by, note=note, version=version) as record, watched(record, agreed=agreed):
        former = record.owner_id
        if publish or record.publication in COMPLETE:
            missing = missing_for_publication(content)
            if missing:
                raise ValidationError(missing)
        if owner is not None and owner.pk != record.owner_id:
            refuse_unreviewed(record, owner)
            record.owner = owner
        write_content(record, content, by=by)
        refuse_partners_of_restricted(record)
        refuse_past_author(record, former)
        if record.publication == Publication.IN_REVIEW:
            refuse_unreviewable(record, sender_id=sender_of(record))
        elif publish and not record.is_published:
            put_forward(record, by=by, logged=logged)
        let_go_of_text(record, by=by)
    return record

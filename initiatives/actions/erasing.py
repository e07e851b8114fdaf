"""Erasing a record for good, with its past: what deleting a draft and an agreed erasure have in common.

Nobody is asked here whether it may be: callers do that first, and open the transaction.
"""

import json

import reversion
from django.db import transaction
from django.db.models import ProtectedError, Q
from reversion.models import Revision, Version

from initiatives.models import Autosave, Initiative, Organisation, Participation


def erase_record(initiative):
    """The record with all that hangs on it, every version of either, links of others to it, now and once, and the
    organisations that were typed into it and are used nowhere else. Of those that are, their first revision says no
    more who typed them in, and why."""
    _hold_linked(initiative)
    kept = list(Version.objects.get_for_object(initiative))
    revisions = {version.revision_id for version in kept}
    for key in versioned_keys_to(Initiative):
        kept += versions_pointing_at(initiative, key)
    typed = _organisations_typed(kept, initiative)
    erase_versions(kept)
    Autosave.objects.filter(token=initiative.ref).delete()  # of the form that it was logged with
    initiative.delete()
    for organisation in typed:
        _erase_unless_used(organisation)
    Revision.objects.filter(pk__in=revisions).update(comment="", user=None)


def _hold_linked(initiative):
    """Records linked to it, so that none that is just being saved writes the link into its past afterwards."""
    ends = Q(links_out__target=initiative) | Q(links_in__source=initiative)
    Initiative.objects.filter(pk__in=Initiative.objects.filter(ends).values("pk")).hold()


def versioned_keys_to(model):
    """Foreign keys that lead to a model from those of which versions are kept. Shape: [field]."""
    relations = model._meta.get_fields(include_hidden=True)
    keys = [one.field for one in relations if one.auto_created and (one.one_to_many or one.one_to_one)]
    return [key for key in keys if reversion.is_registered(key.model)]


def versions_pointing_at(record, key):
    """Versions of rows, of deleted ones too, whose foreign key leads to the record. Shape: [Version]."""
    said = f'"{key.name}": {record.pk}'
    held = Version.objects.get_for_model(key.model).filter(serialized_data__contains=said)
    return [version for version in held if fields_of(version).get(key.name) == record.pk]


def fields_of(version):
    """What a version holds, as it is written down. Shape: {field: value}."""
    return json.loads(version.serialized_data)[0]["fields"]


def erase_versions(versions):
    """These, and the revisions that hold nothing else: a revision may hold other records' changes too."""
    revisions = {version.revision_id for version in versions}
    Version.objects.filter(pk__in=[version.pk for version in versions]).delete()
    Revision.objects.filter(pk__in=revisions, version=None).delete()


def _organisations_typed(versions, initiative):
    """Those that nobody confirmed and that came with this record, now or in its past. Shape: [Organisation]."""
    named = {fields_of(one)["organisation"] for one in versions if one._model is Participation}
    named |= set(initiative.participations.values_list("organisation", flat=True))
    return list(Organisation.objects.filter(pk__in=named, confirmed=False, made_in=None))


def _erase_unless_used(organisation):
    versions = Version.objects.get_for_object(organisation)
    try:
        with transaction.atomic():
            erase_versions(versions)
            organisation.delete()
    except ProtectedError:
        pass  # another record names it

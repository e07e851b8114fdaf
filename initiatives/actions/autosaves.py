"""Text that was typed and not saved: kept for its writer alone, and let go of in the moment in which it is saved.

It is no change of a record, so it leaves no history.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from reversion.models import Version

from initiatives.models import Autosave, Initiative
from mtd_tracker.elevation import elevated

MOST_NEW_FORMS = 30  # a person


def keep_text(sent, *, by, initiative=None, token=None, version=None):
    """Keep what stands in a form. sent: {name of an input: [text]}; version: which the form began with.

    None where the form was saved already, by a request that overtook this one: then nothing is kept.
    """
    with transaction.atomic():
        _take_turns(by)
        if _was_saved(by, initiative, token, version):
            return None
        text, is_new = Autosave.objects.update_or_create(
            user=by, initiative=initiative, token=token, defaults={"sent": sent, "version": version}
        )
        if is_new:
            _make_room(by)
    return text


def let_go_of_text(initiative, *, by):
    """Within the transaction that saves a record: what its form held is saved now."""
    if by is not None:
        _take_turns(by)
        Autosave.objects.of(by).filter(initiative=initiative).delete()
        Autosave.objects.of(by).filter(token=initiative.ref).delete()


def discard_text(*, by, initiative=None, token=None):
    Autosave.objects.of(by).filter(initiative=initiative, token=token).delete()


def _take_turns(person):
    """One person's text is kept and saved one after the other, so that a late request brings nothing back."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)


def _was_saved(by, initiative, token, version):
    if initiative is None:
        return Initiative.objects.visible_to(by).filter(ref=token).exists()
    own = Version.objects.get_for_object(initiative).filter(revision__user=by).first()
    return own is not None and own.field_dict["version"] > version


def _make_room(person):
    new_forms = Autosave.objects.of(person).filter(initiative=None)
    new_forms.filter(pk__in=[text.pk for text in new_forms[MOST_NEW_FORMS:]]).delete()
    with elevated("Text that nobody took up for a long time is deleted, whoever typed it."):
        Autosave.objects.outdated().delete()

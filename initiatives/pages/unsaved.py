"""Text of this person that isn't saved yet: offered where its form is opened, and on the desk."""

from django.db.models import Q

from initiatives.models import Autosave
from initiatives.pages.home import editable_by
from mtd_tracker.merging import are_alike


def unsaved_text(user, *, initiative=None, token=None):
    return Autosave.objects.of(user).filter(initiative=initiative, token=token).first()


def offered_text(text, form_of, initiative):
    """The text, unless it says just what is stored."""
    if text and are_alike(form_of(initiative=initiative, typed=text.typed), form_of(initiative=initiative)):
        return None
    return text


def new_forms_of(user):
    """Forms of new records that were begun and not saved, the latest first."""
    return Autosave.objects.of(user).filter(initiative=None)


def unsaved_by(user):
    """The same, and text for records that this person may still change."""
    texts = Autosave.objects.of(user).filter(Q(initiative=None) | Q(initiative__in=editable_by(user)))
    return texts.select_related("initiative")

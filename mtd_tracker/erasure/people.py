"""Erasing a person: the account, and every place that holds their name or address. What they recorded for an
organisation stays its own, without an author."""

import json
import re

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from reversion.models import Revision

from initiatives.actions.erasing import erase_record, erase_versions, versioned_keys_to, versions_pointing_at
from initiatives.models import Autosave, Grant, Initiative, Invitation, Membership, Organisation, Publication
from mtd_tracker.erasure.sessions import forget_forms_about
from mtd_tracker.names import ERASED, mark_of

User = get_user_model()
NAMED_BEFORE = "Keeper named by "  # how the notes begin that said a name before they had marks


def lock_those_in_charge(user):
    """So that two who are in charge together don't leave in the same moment."""
    managed = user.memberships.managing().values("organisation")
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=managed).order_by("pk"))
    if user.is_superuser:
        list(User.objects.select_for_update(no_key=True).filter(is_superuser=True).order_by("pk"))


def refuse_if_needed(user):
    """Raises: ValidationError where an organisation would be left without a manager, or the site without an
    administrator."""
    others = User.objects.filter(is_active=True, is_superuser=True).exclude(pk=user.pk)
    if user.is_superuser and user.is_active and not others.exists():
        raise ValidationError("This is the last administrator of the site. Make somebody else one first.")
    managed = Membership.objects.active_for(user).managing().values("organisation")
    managers = Membership.objects.active().managing().exclude(user=user).values("organisation")
    left = Organisation.objects.filter(pk__in=managed).exclude(pk__in=managers)
    if left.exists():
        names = ", ".join(str(organisation) for organisation in left)
        raise ValidationError(f"This is the last manager of {names}. Make somebody else one first.")


def erase_person(user):
    """The account and what hangs on it; drafts that nobody else may open; their name in histories and the admin's
    log. Callers open the transaction."""
    named = Grant.objects.filter(user=user).values("initiative")
    Initiative.objects.filter(pk__in=named).hold()  # else one that is just being saved keeps the name
    # Nobody else may open these drafts, so nobody else could ever decide on them.
    for draft in Initiative.objects.for_author_alone(user).filter(publication=Publication.DRAFT):
        erase_record(draft)
    _erase_from_versions(user)
    _erase_from_notes(user)
    _erase_from_admin_log(user)
    _erase_from_unsaved_forms(user)
    _erase_invitations(user)
    EmailAddress.objects.filter(email__iexact=user.email).delete()
    forget_forms_about(user.email)
    user.delete()


def _erase_invitations(user):
    """Those of the person, by whichever address they had; what they sent and nobody used is taken back."""
    theirs = Invitation.objects.filter(Q(accepted_by=user) | Q(email__iexact=user.email))
    former = set(theirs.values_list("email", flat=True))
    theirs.delete()
    for address in former:
        Invitation.objects.filter(email__iexact=address, accepted_by=None).delete()
    Invitation.objects.pending().filter(invited_by=user).update(revoked_at=timezone.now())


def _erase_from_versions(user):
    """Versions of what belongs to the person go; those of what they wrote, for an organisation, lose their key."""
    for key in versioned_keys_to(User):
        held = versions_pointing_at(user, key)
        if key.remote_field.on_delete is models.CASCADE:
            erase_versions(held)
            continue
        for version in held:
            said = json.loads(version.serialized_data)
            said[0]["fields"][key.name] = None
            version.serialized_data = json.dumps(said, ensure_ascii=False)
            version.save()


def _erase_from_notes(user):
    """Where the site itself put them into a revision's note, which is its first line; a reason follows it."""
    name = re.compile(rf"(?<!\w){re.escape(str(user))}(?!\w)|{re.escape(mark_of(user))}")
    named = Q(comment__startswith=NAMED_BEFORE, comment__contains=str(user))
    for revision in Revision.objects.filter(named | Q(comment__contains=mark_of(user))):
        note, line_break, reason = revision.comment.partition("\n")
        revision.comment = name.sub(ERASED, note) + line_break + reason
        revision.save()


def _erase_from_admin_log(user):
    """What administrators did to the account, and to its memberships, which Django logs by the person's name."""
    AdminEntry.objects.filter(content_type__app_label="accounts", object_id=user.pk).delete()
    for entry in AdminEntry.objects.exclude(change_message=""):
        if any(text.startswith(f"{user}, ") for text in _texts_in(_log_message(entry))):
            entry.delete()


def _log_message(entry):
    try:
        return json.loads(entry.change_message)
    except ValueError:
        return entry.change_message


def _texts_in(message):
    """Every text within lists and mappings."""
    if isinstance(message, str):
        return [message]
    parts = message.values() if isinstance(message, dict) else message if isinstance(message, list) else ()
    return [text for part in parts for text in _texts_in(part)]


def _erase_from_unsaved_forms(user):
    """Their address, where somebody was about to name them on a record."""
    for autosave in Autosave.objects.exclude(user=user):
        kept = {
            name: ["" if str(value).strip().lower() == user.email else value for value in values]
            for name, values in autosave.sent.items()
        }
        if kept != autosave.sent:
            Autosave.objects.filter(pk=autosave.pk).update(sent=kept)  # its time of saving stays

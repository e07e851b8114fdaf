"""Mail about erasures: that something waits for a second person, or was declined, with a link and no word of what;
and, to an erased account's address, that it is gone. Each leaves once what it tells is stored."""

import logging
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction

from initiatives.models import Grant, Membership, Sharing
from mtd_tracker.erasure.models import Kind
from mtd_tracker.erasure.pairs import counts_with

logger = logging.getLogger(__name__)
User = get_user_model()
PREFIX = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX

WAITS = """Somebody asked that something be erased for good on the MTD tracker. It needs the word of a second person:

{address}

Nothing is erased until then.
"""
DECLINED = """What you asked to be erased for good on the MTD tracker is not erased: a second person declined. See
which it is, and talk with them:

{address}
"""
ERASED = """Your account on the MTD tracker is erased, with your name and this address. What you recorded for an
organisation stays with it, without an author.

You will not hear from the site again.
"""


def tell_who_may_agree(erasure, subject, *, address):
    """Each one by a mail of their own. address: of the page that asks. Says whether there is anybody."""
    people = who_may_agree(erasure, subject)
    for person in people:
        _announce(person.email, "Your word is needed", WAITS.format(address=address))
    return bool(people)


def tell_declined(erasure, *, address):
    person = erasure.requested_by
    if person and person.is_active:
        _announce(person.email, "Nothing was erased", DECLINED.format(address=address))


def tell_erased(email):
    _announce(email, "Your account is erased", ERASED)


def who_may_agree(erasure, subject):
    """Those whom `may_agree` lets. Shape: [User]. Queries: one, and of a record some for each of them."""
    people = _with_a_word(erasure, subject).distinct().order_by("name", "pk")
    return [one for one in people if erasure.kind == Kind.PERSON or counts_with(one, erasure, subject)]


def _with_a_word(erasure, subject):
    """Those who have a word in it, as `has_word` says of one. Shape: a queryset of active people."""
    people = User.objects.filter(is_active=True).exclude(pk=erasure.requested_by_id)
    if erasure.kind == Kind.PERSON:
        return people.filter(is_superuser=True) | people.filter(pk=subject.pk)
    if subject.sharing != Sharing.RESTRICTED:
        managers = Membership.objects.active().managing().filter(organisation=subject.owner)
        return people.filter(pk__in=managers.values("user"))
    writers = Grant.objects.current().filter(initiative=subject, access=Grant.Access.WRITE).values("user")
    members = Membership.objects.active().values("user")
    return people.filter(pk__in=members).filter(pk__in=writers) | people.filter(
        pk=subject.author_id, memberships__in=Membership.objects.active().filter(organisation=subject.owner)
    )


def _announce(email, subject, text):
    transaction.on_commit(partial(_send, EmailMessage(PREFIX + subject, text, to=[email])), robust=True)


def _send(mail):
    """A mail server that doesn't answer is no reason to undo what was done."""
    try:
        mail.send()
    except OSError:
        logger.exception("A mail could not be sent")

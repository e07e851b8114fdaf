"""What changes how somebody gets in: their sessions, a second factor that is lost, what an administrator sets."""

import logging

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction

logger = logging.getLogger(__name__)

LOST = "Second factor and recovery codes taken away, every session ended."


@transaction.atomic
def end_session(*, by, ref):
    """One of the person's own. Somebody else's, and one that is over, are nobody's."""
    by.sessions.filter(ref=ref).delete()


@transaction.atomic
def end_sessions(*, by, but=None):
    """Sign the person out everywhere. but: key of the session that goes on."""
    by.sessions.exclude(session_key=but).delete()


@transaction.atomic
def reset_second_factor(person, *, by):
    """For somebody who lost their device: they sign in with the password alone, and set up another.

    Kept in the administrators' history of the person. by: None for a command of whoever runs the site.
    The person is told by mail.
    """
    Authenticator.objects.filter(user=person).delete()
    end_sessions(by=person)
    note = LOST if by else f"{LOST} By a command on the server."
    LogEntry.objects.log_actions((by or person).pk, [person], CHANGE, change_message=note, single_object=True)
    logger.warning("Second factor of person %s reset by %s", person.pk, by.pk if by else "a command")
    transaction.on_commit(
        lambda: get_adapter().send_notification_mail("account/email/second_factor_reset", person, {"user": person})
    )


def tell_of_change(person, *, address, what):
    """Once it is stored, by mail, that an administrator changed how the person signs in.

    address: theirs until now. what: "password" or "address".
    """
    context = {"user": person, "what": what}
    mail = get_adapter().render_mail("account/email/changed_by_administrator", address, context)
    transaction.on_commit(mail.send, robust=True)

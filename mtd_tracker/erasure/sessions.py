"""What sessions hold of a record or a person: a form that waits for its sender to prove who they are, and who is
signed in."""

from urllib.parse import quote_plus

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

HELD_BACK = "account_reauthentication_state"  # where allauth keeps a form meanwhile


def forget_forms_about(text):
    """Drop forms held back that mention it; their senders fill them in again."""
    spellings = (text, quote_plus(text))  # a form is held as it was sent
    for session, held in _held():
        if any(spelling in str(held.get(HELD_BACK, "")) for spelling in spellings):
            del held[HELD_BACK]
            session.session_data = session.get_session_store_class()().encode(held)
            session.save()


def end_sessions_of(user):
    keys = [session.pk for session, held in _held() if held.get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=keys).delete()


def _held():
    """Shape: (session, what it holds), one at a time: there may be many."""
    for session in Session.objects.iterator():
        yield session, session.get_decoded()

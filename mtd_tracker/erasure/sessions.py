"""What sessions hold of a record or a person besides who is signed in: a form that waits for its sender to prove who
they are."""

from urllib.parse import quote_plus

from mtd_tracker.sessions import SessionStore

HELD_BACK = "account_reauthentication_state"  # where allauth keeps it meanwhile


def forget_forms_about(text):
    """Drop forms held back that mention it, in whatever case; their senders fill them in again."""
    store, spellings = SessionStore(), (text.lower(), quote_plus(text).lower())  # a form is held as it was sent
    for session in SessionStore.get_model_class().objects.iterator():
        held = store.decode(session.session_data)
        if any(spelling in str(held.get(HELD_BACK, "")).lower() for spelling in spellings):
            del held[HELD_BACK]
            session.session_data = store.encode(held)
            session.save()

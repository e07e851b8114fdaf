"""What sessions hold of a record or a person besides who is signed in: a form that waits for its sender, to prove who
they are or to sign in again, or that is about to go on."""

from urllib.parse import quote_plus

from mtd_tracker.reauthentication import PROVED
from mtd_tracker.sessions import SessionStore
from mtd_tracker.signed_out import HELD

HELD_BACK = "account_reauthentication_state"  # where allauth keeps it meanwhile


def forget_forms_about(text):
    """Drop forms that wait and mention it, in whatever case; their senders fill them in again."""
    store, spellings = SessionStore(), (text.lower(), quote_plus(text).lower())  # a form is held as it was sent
    for session in SessionStore.get_model_class().objects.iterator():
        held = store.decode(session.session_data)
        forms = {name: str(held[name]).lower() for name in (HELD_BACK, HELD, PROVED) if name in held}
        about = [name for name, form in forms.items() if any(spelling in form for spelling in spellings)]
        if about:
            session.session_data = store.encode({name: value for name, value in held.items() if name not in about})
            session.save()

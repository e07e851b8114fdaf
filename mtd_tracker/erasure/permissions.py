"""Who may ask for an erasure, and who may agree to it: always two different people.

Each presumes that the subject was found among what the person may see.
"""

from initiatives.permissions import may_agree_to_erase
from mtd_tracker.erasure.models import Kind
from mtd_tracker.erasure.pairs import counts_with


def may_ask_about_person(user, person):
    """Oneself, or an administrator."""
    return user.pk == person.pk or user.is_superuser


def may_agree(user, erasure, subject):
    """Whoever has a word in it; of a record, once the two count as two."""
    return has_word(user, erasure, subject) and (erasure.kind != Kind.RECORD or counts_with(user, erasure, subject))


def has_word(user, erasure, subject):
    """Never whoever asked. Of an account: another administrator, or the person where an administrator asked."""
    if erasure.requested_by_id == user.pk:
        return False
    if erasure.kind == Kind.RECORD:
        return may_agree_to_erase(user, subject)
    return user.is_superuser or user.pk == subject.pk


def may_decline(user, erasure, subject):
    """Whoever has a word in it, at once; and whoever asked may take it back."""
    return erasure.requested_by_id == user.pk or has_word(user, erasure, subject)

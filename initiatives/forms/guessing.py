"""Whoever names somebody on a record reads whether an address is somebody's here: how many they may try."""

from hashlib import sha256

from allauth.core import context, ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError

HOUR = 60 * 60
TOO_MANY = (
    "So many addresses were tried that are nobody’s here that no others are looked up just now. What you typed stands "
    "here still: take the new addresses out and save the rest, or try again in an hour or later."
)


def refuse_guessing(user):
    """Call it before any address is looked up: from then on, one that is somebody's would be told apart as well.

    Raises: ValidationError where the person has no try left.
    """
    if not ratelimit.consume(context.request, action="name", user=user, dry_run=True):
        raise ValidationError(TOO_MANY)


def count_guesses(user, unknown):
    """Each address that is nobody's is a try, once an hour: the same form, sent again, tells nothing new.

    Raises: ValidationError where there are more than tries are left; nothing is to be told of any of them then.
    """
    for address in sorted(unknown):
        key = sha256(f"{user.pk} {address}".encode()).hexdigest()
        if cache.add(f"named-nobody:{key}", True, timeout=HOUR) and not ratelimit.consume(
            context.request, action="name", user=user
        ):
            raise ValidationError(TOO_MANY)

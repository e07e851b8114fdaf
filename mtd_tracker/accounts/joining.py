"""How an invitation becomes an account and a membership."""

from allauth.account.models import EmailAddress
from django.db import transaction

from initiatives.actions.invitations import accept
from mtd_tracker.accounts.models import User


def join_with_account(invitation, *, by):
    """The membership of a person who has an account; reading the mail has shown that the address is theirs.

    Raises: as `accept`.
    """
    with transaction.atomic():
        membership = accept(invitation, by=by)
        _verify(by)
    return membership


def join_with_new_account(invitation, *, name, password):
    """The membership of a new account for the address invited.

    Raises: as `accept`; IntegrityError where the address got an account in the meantime. Nothing is written then.
    """
    with transaction.atomic():
        user = User.objects.create_user(invitation.email, password, name=name)
        return join_with_account(invitation, by=user)


def _verify(user):
    """Nobody else keeps the address, and the person signs in by no other."""
    EmailAddress.objects.filter(email__iexact=user.email).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).update(primary=False)
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})

from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver

from mtd_tracker.accounts.actions import end_sessions
from mtd_tracker.accounts.second_factor import FACTORS, second_factors


@receiver(authenticator_added)
def a_first_second_factor_ends_other_sessions(request, user, authenticator, **kwargs):
    """They were begun with the password alone, by whomever."""
    if authenticator.type in FACTORS and second_factors(user).count() == 1:
        end_sessions(by=user, but=request.session.session_key)

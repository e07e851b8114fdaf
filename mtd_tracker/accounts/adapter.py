from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up on their own: accounts are made by those who run the site or an organisation."""

    # The same words whether the address is known or not.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "Address and password don't go together. Check both, or ask for a new password below."
        ),
        "enter_current_password": "This is not your password until now.",
        "too_many_login_attempts": "Too many failed attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request):
        return False

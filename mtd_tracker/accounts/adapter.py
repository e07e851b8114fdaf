import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.contrib import messages

logger = logging.getLogger(__name__)


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

    def send_mail(self, template_prefix, email, context):
        """Where the mail server doesn't answer, whoever asked is told, the same for any address.

        Raises: OSError (smtplib's errors are that) where nobody is at a page, as in a command.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            if not hasattr(current.request, "_messages"):
                raise
            logger.exception("A mail could not be sent")
            told = "The mail could not be sent just now. Try again later, or ask whoever runs this site."
            messages.error(current.request, told)

"""Who is it, once more: asked before a change that opens something to others and can't be taken back."""

from allauth.account.decorators import reauthentication_required


@reauthentication_required
def require_reauthentication(request):
    """Call it once the person's right to the change is known, so that nobody else is asked.

    Raises: ReauthenticationRequired, unless the person proved who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT;
    allauth's middleware then asks, and comes back, with the form as it was sent.
    """

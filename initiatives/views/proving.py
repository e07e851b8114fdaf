"""Proof of who it is, before a record is opened to others."""

from mtd_tracker.reauthentication import require_reauthentication


def prove_where_agreed(request, form):
    """Nothing is opened without the tick that those concerned agreed: whoever sends it proves who they are.

    Raises: ReauthenticationRequired.
    """
    if form.is_bound and form.is_valid() and form.cleaned_data.get("agreed"):
        require_reauthentication(request)

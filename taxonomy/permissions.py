"""Who may change the taxonomy. Everybody may read it."""


def may_curate(user):
    """Edit the taxonomy, confirm organisations."""
    return user.is_authenticated and user.is_active and (user.is_curator or user.is_superuser)

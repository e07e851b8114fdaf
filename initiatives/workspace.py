"""The organisation that a person works for at the moment, of those that they belong to.

It chooses defaults and what the desk speaks of; it never decides what may be read. The choice is kept in the session
and held against the active memberships at each request, so that it ends with the membership.
"""

from initiatives.models.belonging import memberships_of

CHOSEN = "workspace"  # in the session: code of the organisation


def workspaces_of(user):
    """The organisations to choose from."""
    return [membership.organisation for membership in memberships_of(user)]


def workspace_of(request):
    """The organisation chosen, else the first; None for somebody without a membership."""
    organisations = workspaces_of(getattr(request, "user", None))
    if not organisations:
        return None
    chosen = request.session.get(CHOSEN)
    return next((organisation for organisation in organisations if organisation.code == chosen), organisations[0])


def other_workspaces(request):
    """The person's other organisations, of which the desk doesn't speak now."""
    workspace = workspace_of(request)
    return [organisation for organisation in workspaces_of(request.user) if organisation != workspace]


def choose_workspace(request, organisation):
    request.session[CHOSEN] = organisation.code

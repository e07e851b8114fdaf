"""May this person do this to this object? Plain predicates; what may be *seen* is `visible_to`.

Each one presumes that the object was fetched through `visible_to`, and answers only whether more is allowed.
"""

from functools import cache, partial

from django.contrib.auth.models import AnonymousUser

from initiatives.circles import Circle
from initiatives.history import was_published
from initiatives.models import Grant, Initiative, Membership, Publication, Reading, ReviewStep, Sharing
from initiatives.models.belonging import memberships_of
from initiatives.workspace import workspace_of, workspaces_of
from taxonomy.permissions import may_curate


def roles_of(user):
    """A person's active memberships. Shape: {organisation's primary key: role}. Queries: as `memberships_of`."""
    return {membership.organisation_id: membership.role for membership in memberships_of(user)}


def is_member(user):
    """An active member of any organisation."""
    return bool(roles_of(user))


def is_member_of(user, organisation_id):
    return organisation_id in roles_of(user)


def is_manager(user):
    """A manager of any organisation."""
    return Membership.Role.MANAGER in roles_of(user).values()


def is_manager_of(user, organisation_id):
    return roles_of(user).get(organisation_id) == Membership.Role.MANAGER


def reads_network(user):
    """Reads what is shared with the network, and public records with all their fields."""
    return may_curate(user) or is_member(user)


def may_report_as(circle, user):
    """Make a report for a circle: whoever belongs to it. circle: of circles.py, or None while none is chosen."""
    return circle != Circle.NETWORK or reads_network(user)


def may_keep_questions(user):
    """Give the address of a list or of a page of coverage a name, and find it again: whoever is signed in."""
    return user.is_authenticated


def may_edit_question(user, question):
    """Rename, share, move and delete it: who kept it."""
    return question.user_id == user.pk


def may_log(user):
    """Log an initiative: it needs an organisation to own it."""
    return is_member(user)


def may_edit(user, initiative, *, writes=None):
    """Its author while a member of the owning organisation, that organisation's managers, people named to write.

    writes: primary keys of the records that name this person to write, where they are known.
    """
    if not is_member(user):
        return False
    if initiative.author_id == user.pk and is_member_of(user, initiative.owner_id):
        return True
    private = initiative.sharing == Sharing.RESTRICTED or initiative.publication == Publication.DRAFT
    if not private and is_manager_of(user, initiative.owner_id):
        return True
    if writes is not None:
        return initiative.pk in writes
    return Grant.objects.current().filter(user=user, initiative=initiative, access=Grant.Access.WRITE).exists()


def may_answer(user, link):
    """Confirm or decline a link that was proposed: whoever may change its target, and not its source as well."""
    return may_edit(user, link.target) and not may_edit(user, link.source)


def may_share(user, initiative, *, writes=None):
    """Say who reads it and name people: as `may_edit`, but not for somebody who is only named on it."""
    return is_member_of(user, initiative.owner_id) and may_edit(user, initiative, writes=writes)


def may_share_freely(user, initiative):
    """Say so on the form itself, without a reason: as long as it never was more than a draft."""
    return may_share(user, initiative) and not was_published(initiative)


def may_put_forward(user, initiative):
    """Publish it, or send it for review: as `may_edit`, but nobody who is only named on it opens a draft to readers
    whom its own people haven't seen to: they may send it for review, publish it for those named, or again."""
    if may_share(user, initiative) or initiative.owner.reviews:
        return True
    return initiative.sharing == Sharing.RESTRICTED or was_published(initiative)


def may_delete(user, initiative):
    """Only a draft, and only by its author."""
    return (
        initiative.publication == Publication.DRAFT and initiative.author_id == user.pk and may_edit(user, initiative)
    )


def may_review(user, initiative):
    """Approve or return it: a manager of its organisation who neither wrote, sent nor last changed it; named, if
    restricted."""
    if not is_manager_of(user, initiative.owner_id):
        return False
    if user.pk == initiative.updated_by_id or _brought(user, initiative):
        return False
    named = Grant.objects.current().filter(user=user, initiative=initiative)
    return initiative.sharing != Sharing.RESTRICTED or named.exists()


def may_take_back(user, initiative):
    """Take it back from review: who wrote or sent it."""
    return _brought(user, initiative) and may_edit(user, initiative)


def _brought(user, initiative):
    """Whether this person wrote it, or sent it for review last."""
    if initiative.author_id == user.pk:
        return True
    sending = ReviewStep.objects.filter(initiative=initiative).sendings().latest_first().first()
    return sending is not None and sending.by_id == user.pk


def to_review(user):
    """How many records wait for this person's review. Queries: for managers alone, a quick one that mostly says none,
    else one more."""
    managed = [key for key, role in roles_of(user).items() if role == Membership.Role.MANAGER]
    if not managed or not Initiative.objects.filter(publication=Publication.IN_REVIEW, owner__in=managed).exists():
        return 0
    return Initiative.objects.visible_to(user).awaiting_review_by(user).count()


def may_keep_log(user, initiative):
    """Add to the diary: whoever may edit, and every colleague in the owning organisation."""
    return is_member_of(user, initiative.owner_id) or may_edit(user, initiative)


def may_ask_to_erase(user, initiative):
    """Ask that it be erased for good, which a second person decides; a draft is deleted by its author alone."""
    return initiative.publication != Publication.DRAFT and may_share(user, initiative)


def may_agree_to_erase(user, initiative):
    """Have that second person's word, once it counts beside who asked: a manager of the owning organisation; of a
    restricted record whoever may write in it."""
    if initiative.sharing == Sharing.RESTRICTED:
        return may_edit(user, initiative)
    return is_manager_of(user, initiative.owner_id)


def may_see_readings(user, initiative):
    """Who read it: of an organisation's record its managers, of a restricted one whoever may open it."""
    if initiative.sharing == Sharing.RESTRICTED:
        return Reading.is_kept_of(initiative)
    return Reading.is_kept_of(initiative) and is_manager_of(user, initiative.owner_id)


def may_edit_log_entry(user, entry):
    """Its author, or whoever may edit the initiative."""
    return may_keep_log(user, entry.initiative) and (entry.author_id == user.pk or may_edit(user, entry.initiative))


def may_widen_log_entry(user, entry):
    """Share an entry more widely than it is: its author, or whoever says who reads the initiative."""
    return entry.author_id == user.pk or may_share(user, entry.initiative)


def may_edit_conflicts(user):
    """Add and edit conflict systems: managers and curators."""
    return may_curate(user) or is_manager(user)


def may_see_to_do(user, organisation):
    """What its records ask for, gathered: its managers. organisation: or None."""
    return organisation is not None and is_manager_of(user, organisation.pk)


def may_state(user):
    """Say of a track that nobody was found on it, or why one's organisation is not: managers, in its name."""
    return is_manager(user)


def may_change_statement(user, statement):
    """Change or withdraw it: any manager of the organisation that signed it."""
    return is_manager_of(user, statement.organisation_id)


def may_add_organisations(user):
    return may_curate(user) or is_manager(user)


def may_edit_organisation(user, organisation):
    """Curators; managers their own, and the unconfirmed ones that their organisation added."""
    if may_curate(user) or is_manager_of(user, organisation.pk):
        return True
    return not organisation.confirmed and is_manager_of(user, organisation.made_in_id)


def may_see_members(user, organisation):
    """Who works there: its own people, who should know their colleagues."""
    return is_member_of(user, organisation.pk)


def may_manage_members(user, organisation):
    """Invite, change roles, deactivate; and say how the organisation works here. Its managers."""
    return is_manager_of(user, organisation.pk)


def may_invite(user, organisation):
    """Let somebody into an organisation by an invitation: its managers, and administrators at /admin/."""
    return may_administer(user) or may_manage_members(user, organisation)


def may_merge_organisations(user):
    return may_curate(user)


def may_name_keepers(user, organisation):
    """Learn that restricted records of an organisation have no reader left, and name one: two of its managers."""
    return is_manager_of(user, organisation.pk)


def may_administer(user):
    """Keep people, organisations and memberships, at /admin/."""
    return user.is_superuser


def standing(request):
    """For templates: what this person may do at large. Evaluated only where a template asks."""
    user = getattr(request, "user", None) or AnonymousUser()  # a request refused early has nobody on it
    return {
        "standing": {
            "may_log": lambda: may_log(user),
            "may_keep_questions": lambda: may_keep_questions(user),
            "may_curate": lambda: may_curate(user),
            "may_administer": lambda: may_administer(user),
            "may_edit_conflicts": lambda: may_edit_conflicts(user),
            "may_state": lambda: may_state(user),
            "has_to_do": lambda: may_see_to_do(user, workspace_of(request)),
            "may_add_organisations": lambda: may_add_organisations(user),
            "workspace": lambda: workspace_of(request),
            "workspaces": lambda: workspaces_of(user),
            "to_review": cache(partial(to_review, user)),
        }
    }

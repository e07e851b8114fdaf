"""Who belongs to an organisation, and how that came about."""

from dataclasses import dataclass
from datetime import datetime

from reversion.models import Version

from initiatives.models import Invitation, Membership

FIRST = 1  # version of a membership that was never changed


@dataclass(frozen=True)
class MemberRead:
    """since: when the membership was made; None for one that was brought in without its history."""

    membership: Membership
    active: bool
    since: datetime | None


@dataclass(frozen=True)
class MemberEvent:
    """by: None where a command did it, or the account is gone."""

    when: datetime
    whom: str
    what: str
    by: object


def colleagues_of(organisation):
    """Active members, as any of them may know them: by name. Queries: one."""
    return organisation.memberships.active().select_related("user").order_by("user__name", "pk")


class Members:
    """Everybody who belongs or belonged to an organisation, for its managers. Queries: three, however many."""

    def __init__(self, organisation):
        self.memberships = list(organisation.memberships.select_related("user").order_by("user__name", "pk"))
        self.versions = self._versions()
        self.invitations = list(organisation.invitations.select_related("invited_by", "revoked_by"))

    def _versions(self):
        of_these = [str(membership.pk) for membership in self.memberships]
        versions = Version.objects.get_for_model(Membership).filter(object_id__in=of_these)
        return list(versions.select_related("revision__user"))

    @property
    def read(self):
        """Shape: [MemberRead], the active ones first."""
        since = {
            int(version.object_id): version.revision.date_created
            for version in self.versions
            if version.field_dict["version"] == FIRST
        }
        read = [
            MemberRead(one, active=one.active and one.user.is_active, since=since.get(one.pk))
            for one in self.memberships
        ]
        return sorted(read, key=lambda member: not member.active)

    @property
    def pending(self):
        """Invitations that wait for an answer, those too old among them."""
        return [one for one in self.invitations if one.accepted_at is None and one.revoked_at is None]

    @property
    def events(self):
        """What became of members and invitations, the latest first. Shape: [MemberEvent]."""
        people = {one.pk: one.user for one in self.memberships}
        events = [
            MemberEvent(
                version.revision.date_created,
                str(people[int(version.object_id)]),
                version.revision.comment,
                version.revision.user,
            )
            for version in self.versions
        ]
        for invitation in self.invitations:
            events += _events_of(invitation)
        return sorted(events, key=lambda event: event.when, reverse=True)


def _events_of(invitation: Invitation):
    role = invitation.get_role_display().lower()
    yield MemberEvent(invitation.created_at, invitation.email, f"Invited as {role}", invitation.invited_by)
    if invitation.revoked_at:
        yield MemberEvent(invitation.revoked_at, invitation.email, "Invitation taken back", invitation.revoked_by)

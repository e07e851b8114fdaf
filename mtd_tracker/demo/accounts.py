"""Who can sign in to the demonstration. Named after what they may do: nobody here is a person."""

from dataclasses import dataclass

from initiatives.models import Membership, Organisation
from mtd_tracker.accounts.models import User

PASSWORD = "demo-peace-2026"  # noqa: S105  published in the README: the demonstration only runs with DEBUG on


@dataclass(frozen=True)
class Account:
    key: str
    name: str
    organisation: str = ""  # code
    role: str = ""
    flags: tuple[str, ...] = ()

    @property
    def about(self):
        return f"{self.role} at {self.organisation.replace('-', ' ').title()}" if self.organisation else self.key

    @property
    def email(self):
        return f"{self.key}@demo.example"


ACCOUNTS = (
    Account("practitioner", "Practitioner (demonstration)", "bridge-builders", Membership.Role.PRACTITIONER),
    Account("manager", "Manager (demonstration)", "bridge-builders", Membership.Role.MANAGER),
    Account("outsider", "Outsider (demonstration)", "harbour-dialogue", Membership.Role.PRACTITIONER),
    Account("outsider-manager", "Outside manager (demonstration)", "harbour-dialogue", Membership.Role.MANAGER),
    Account("curator", "Curator (demonstration)", flags=("is_curator",)),
    Account("admin", "Administrator (demonstration)", flags=("is_staff", "is_superuser")),
)


def make_accounts():
    """Needs the organisations. Shape: {key: (User, Organisation or None)}."""
    made = {}
    for account in ACCOUNTS:
        flags = dict.fromkeys(account.flags, True)
        user = User.objects.create_user(account.email, PASSWORD, name=account.name, **flags)
        organisation = None
        if account.organisation:
            organisation = Organisation.objects.get(code=account.organisation)
            Membership.objects.create(user=user, organisation=organisation, role=account.role)
        made[account.key] = user, organisation
    return made

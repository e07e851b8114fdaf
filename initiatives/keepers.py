"""Restricted records that nobody can open any more. Their organisation's managers learn how many, never which."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from django.db.models import Count
from django.utils.crypto import salted_hmac
from reversion.models import Version

from initiatives.dates import today
from initiatives.models import Initiative, KeeperNaming, Membership
from mtd_tracker.elevation import elevated

# Before one counts as one of the two who name a keeper, or erase a record: else a manager would invite a second self,
# and read or erase on the same day alone. In this time colleagues see who has joined them.
MANAGED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Waiting:
    """A record that needs a keeper. token: its name here, which nobody can trace back. naming: who is proposed."""

    token: str
    initiative: Initiative
    naming: KeeperNaming | None

    @property
    def name(self):
        return f"Record {self.token[:6].upper()}"


def records_waiting(organisation):
    """The organisation's records without a reader, in an order that tells nothing. Shape: [Waiting]. Queries: two.

    It reads what no manager may see, because nobody else is left to ask; only tokens and proposals may be shown.
    """
    with elevated("records that nobody can open any more need a keeper"):
        initiatives = list(Initiative.objects.without_reader().filter(owner=organisation).only("ref", "owner"))
        namings = KeeperNaming.objects.filter(initiative__in=initiatives, agreed_at=None)
        open_ones = {one.initiative_id: one for one in namings.select_related("keeper", "proposed_by")}
    waiting = [Waiting(_token(one), one, open_ones.get(one.pk)) for one in initiatives]
    return sorted(waiting, key=lambda one: one.token)


def numbers_waiting(user):
    """Of each organisation that this person manages, how many records need a keeper; those with none left out.

    Shape: [(Organisation, number)]. Queries: two.
    """
    managed = Membership.objects.active_for(user).managing().select_related("organisation")
    organisations = [membership.organisation for membership in managed]
    numbers = _numbers_waiting(organisations)
    return [(one, numbers[one.pk]) for one in organisations if one.pk in numbers]


def number_waiting(organisation):
    return _numbers_waiting([organisation]).get(organisation.pk, 0)


def _numbers_waiting(organisations):
    """Shape: {primary key of the organisation: number}."""
    with elevated("how many records need a keeper is told to their organisation's managers"):
        rows = Initiative.objects.without_reader().filter(owner__in=organisations).order_by()
        return dict(rows.values_list("owner").annotate(Count("pk")))


def others_who_could_agree(organisation, *, proposer, keeper):
    """Managers who count, besides the one who proposes and the one proposed. Shape: [User]. Queries: one a manager."""
    managers = Membership.objects.active().managing().filter(organisation=organisation).select_related("user")
    others = managers.exclude(user__in=[person for person in (proposer, keeper) if person])
    return [membership.user for membership in others if counts_from(membership) <= today()]


def counts_from(membership, *, as_manager=True):
    """The first day on which a manager counts as one of the two, or a member whatever their role; of one whose history
    doesn't say since when they are that, long ago. Queries: one."""
    versions = Version.objects.get_for_object(membership).select_related("revision")
    unbroken = takewhile(_manages if as_manager else _belongs, versions)
    since = [version.revision.date_created for version in unbroken]
    return since[-1].date() + MANAGED_FOR if since else date.min


def _belongs(version):
    return version.field_dict["active"]


def _manages(version):
    return _belongs(version) and version.field_dict["role"] == Membership.Role.MANAGER


def _token(initiative):
    return salted_hmac("initiatives.keepers", f"{initiative.owner_id} {initiative.ref}").hexdigest()

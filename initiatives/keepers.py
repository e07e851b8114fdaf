"""Restricted records that nobody can open any more. Their organisation's managers learn how many, never which."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.crypto import salted_hmac

from initiatives.models import Initiative, KeeperNaming, Membership
from mtd_tracker.elevation import elevated


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
    """Managers besides the one who proposes and the one proposed."""
    managers = Membership.objects.active().managing().filter(organisation=organisation)
    return managers.exclude(user__in=[person for person in (proposer, keeper) if person])


def _token(initiative):
    return salted_hmac("initiatives.keepers", f"{initiative.owner_id} {initiative.ref}").hexdigest()

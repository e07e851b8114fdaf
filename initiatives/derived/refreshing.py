"""What is derived follows every change of an initiative, and of what it names, in the transaction of the change."""

from django.dispatch import receiver

from initiatives.derived import settle, settle_names
from initiatives.models import ConflictSystem, Initiative, Organisation
from mtd_tracker.elevation import elevated
from mtd_tracker.history import changed


@receiver(changed, sender=Initiative, dispatch_uid="derived")
def settle_changed(record, **kwargs):
    settle([record.pk])


@receiver(changed, sender=Organisation, dispatch_uid="derived from organisations")
@receiver(changed, sender=ConflictSystem, dispatch_uid="derived from conflict systems")
def settle_named(record, **kwargs):
    with elevated("a name is found in every record that holds it, whoever may open them"):
        settle_names(Initiative.objects.filter(pk__in=_naming(record)))


def _naming(record):
    rows = record.participations if isinstance(record, Organisation) else record.engagements
    return rows.order_by().values("initiative")

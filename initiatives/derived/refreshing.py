"""What is derived follows every change of an initiative, in its transaction."""

from django.dispatch import receiver

from initiatives.derived import settle
from initiatives.models import Initiative
from mtd_tracker.history import changed


@receiver(changed, sender=Initiative, dispatch_uid="derived")
def settle_changed(record, **kwargs):
    settle([record.pk])

from django.core.management.base import BaseCommand
from django.db import transaction

from initiatives.derived import batches, settle
from initiatives.models import Initiative
from mtd_tracker.elevation import elevated


class Command(BaseCommand):
    help = "Writes anew what is derived from initiatives: what coverage and search read. The site may go on meanwhile."

    def handle(self, *args, **options):
        done = 0
        with elevated("what is derived follows from every record"):
            for keys in batches():
                with transaction.atomic():
                    Initiative.objects.filter(pk__in=keys).hold()
                    settle(keys)
                done += len(keys)
        self.stdout.write(f"Derived afresh from {done} initiatives.")

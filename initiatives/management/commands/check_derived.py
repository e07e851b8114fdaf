from django.core.management.base import BaseCommand, CommandError

from initiatives.derived import batches, faults
from mtd_tracker.elevation import elevated


class Command(BaseCommand):
    help = "Compares what is derived from initiatives with what it follows from; fails where they differ."

    def handle(self, *args, **options):
        found, checked = [], 0
        with elevated("what is derived follows from every record"):
            for keys in batches():
                found += faults(keys)
                checked += len(keys)
        for fault in found:
            self.stdout.write(fault)
        if found:
            raise CommandError(f"{len(found)} rows differ. Run “manage.py rebuild_derived”.")
        self.stdout.write(f"What is derived from {checked} initiatives follows from them.")

from django.core.management.base import BaseCommand, CommandError

from mtd_tracker.erasure.actions import apply_tombstones
from mtd_tracker.erasure.models import Kind


class Command(BaseCommand):
    help = "Erases again what was erased once, after a restore of a backup that still holds it."

    def handle(self, *args, **options):
        erased, gone, spared, unreadable = apply_tombstones()
        for kind in Kind:
            self.stdout.write(f"{kind.label}s erased again: {erased[kind]}")
        self.stdout.write(f"Gone already: {gone}")
        for line in spared:
            self.stdout.write(f"Left alone, because it was recorded after that erasure: {line.kind} {line.ref}")
        if unreadable:
            numbers = ", ".join(map(str, unreadable))
            raise CommandError(f"These lines of the list of erasures can't be read: {numbers}. Put them right.")

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from initiatives.exchange.cases import OWN_CASES, load_cases
from mtd_tracker.datafile import FaultyFile
from taxonomy.models import Track


class Command(BaseCommand):
    help = "Adds documented cases from a data file, public and without an author; leaves those alone that are there."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="?", type=Path, default=OWN_CASES, help="a TOML file (the site's own)")

    def handle(self, *args, path, **options):
        if not Track.objects.exists():
            raise CommandError("There is no taxonomy yet. Run “manage.py load_taxonomy” first.")
        try:
            counts = load_cases(path)
        except FaultyFile as error:
            raise CommandError(error) from error
        for what, (added, present) in counts.items():
            self.stdout.write(f"{what}: {added} added, {present} there already")
        if not any(added for added, _ in counts.values()):
            self.stdout.write("Nothing was changed.")

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mtd_tracker.datafile import FaultyFile
from taxonomy.loading import FIRST_RELEASE, load_taxonomy


class Command(BaseCommand):
    help = "Adds tracks, principles, activity types and schemes from a data file; leaves those alone that are there."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="?", type=Path, default=FIRST_RELEASE, help="a TOML file (the site's own)")

    def handle(self, *args, path, **options):
        try:
            counts = load_taxonomy(path)
        except FaultyFile as error:
            raise CommandError(error) from error
        for name, (added, present) in counts.items():
            self.stdout.write(f"{name}: {added} added, {present} there already")
        if not any(added for added, _ in counts.values()):
            self.stdout.write("Nothing was changed.")

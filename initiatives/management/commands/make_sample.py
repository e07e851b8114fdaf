from time import monotonic

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from initiatives.derived import batched
from initiatives.models import ConflictSystem, Initiative, Organisation
from initiatives.sample.records import MODELS, Records
from initiatives.sample.world import make_world
from initiatives.sample.writing import let_keys_go_on, owns_tables, write_derived
from mtd_tracker.elevation import elevated
from taxonomy.loading import load_taxonomy

AT_A_TIME = 5_000
SYSTEMS = 40


class Command(BaseCommand):
    help = (
        "Fills an empty database with invented initiatives, for measuring: as many as asked for, the same ones for "
        "the same seed. Every record says that it is invented; nobody can sign in as one of its people."
    )

    def add_arguments(self, parser):
        parser.add_argument("--initiatives", type=int, default=1_000, help="how many (1000)")
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same world (1)")
        parser.add_argument("--systems", type=int, default=SYSTEMS, help=f"conflict systems ({SYSTEMS})")
        parser.add_argument("--revisions", action="store_true", help="keep a first revision of each: takes longer")
        parser.add_argument("--force", action="store_true", help="even with DEBUG off; never over records of others")

    def handle(self, *args, initiatives, seed, systems, revisions, force, **options):
        if not settings.DEBUG and not force:
            raise CommandError(
                "This site runs with DEBUG off, so it may be a real one, where invented records have no place. "
                "Name another database in DATABASE_URL, or say --force."
            )
        if initiatives < 1 or systems < 1:
            raise CommandError("Ask for at least one initiative in one conflict system.")
        if not owns_tables():
            raise CommandError("Name the owner of the tables in DATABASE_URL, as for “manage.py migrate”.")
        begun = monotonic()
        with elevated("an invented world is nobody's"):
            self._refuse_records()
            load_taxonomy()
            with transaction.atomic():
                self._fill(initiatives, seed=seed, systems=systems)
        if revisions:
            call_command("createinitialrevisions", "initiatives.Initiative", verbosity=0)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # else the first pages are planned for empty tables
                cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        self.stdout.write(f"{initiatives} invented initiatives in {monotonic() - begun:.0f} s.")

    def _refuse_records(self):
        for model in (Initiative, ConflictSystem, Organisation):
            if model.objects.exists():
                raise CommandError(
                    f"The database {connection.settings_dict['NAME']} holds records already. They are left alone: "
                    "invented ones go into a database of their own. Name an empty one in DATABASE_URL."
                )

    def _fill(self, initiatives, *, seed, systems):
        world = make_world(seed=seed, systems=systems, organisations=max(20, min(1_000, initiatives // 200)))
        records = Records(world)
        while records.made < initiatives:
            for _ in range(min(AT_A_TIME, initiatives - records.made)):
                records.draw()
            for keys in batched(records.write()):
                write_derived(keys)
            self._show(records.made, initiatives)
        let_keys_go_on(MODELS)

    def _show(self, made, initiatives):
        """A bar that grows on one line; in a log, one line a step."""
        bar = "█" * (30 * made // initiatives)
        ending = "\r" if self.stdout.isatty() and made < initiatives else "\n"
        self.stdout.write(f"{bar:<30} {made} of {initiatives}", ending=ending)
        self.stdout.flush()

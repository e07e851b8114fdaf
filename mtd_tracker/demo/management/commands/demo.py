from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from initiatives.exchange.cases import load_cases
from initiatives.models import ConflictSystem, Initiative, Organisation
from mtd_tracker.accounts.models import User
from mtd_tracker.demo.accounts import ACCOUNTS, PASSWORD
from mtd_tracker.demo.lock import one_at_a_time
from mtd_tracker.demo.models import DemoMark
from mtd_tracker.demo.records import make_demonstration
from mtd_tracker.elevation import elevated
from taxonomy.loading import load_taxonomy

RECORDS = (Initiative, ConflictSystem, Organisation, User)


class Command(BaseCommand):
    help = "Makes a demonstration and serves it: the taxonomy, the documented cases, accounts to sign in with."

    def add_arguments(self, parser):
        parser.add_argument("addrport", nargs="?", default="127.0.0.1:8000", help="where to serve (127.0.0.1:8000)")
        parser.add_argument("--no-serve", action="store_true", help="stop before serving")

    def handle(self, *args, addrport, no_serve, **options):
        if not settings.DEBUG:
            raise CommandError(
                "The demonstration has published passwords, so it runs only with DEBUG on. Unset SECRET_KEY, "
                "or see the README on how to begin for real."
            )
        with one_at_a_time():
            self._prepare()
        self._say_who_can_sign_in("Sign in" if no_serve else f"Open http://{addrport}/ and sign in")
        if not no_serve:
            # Whoever tries it is shown what a real site shows, also where something isn't there or fails.
            settings.DEBUG, settings.WHITENOISE_USE_FINDERS = False, True
            call_command("runserver", addrport, use_reloader=False)

    def _prepare(self):
        """Bring the database to where it can be served. What a demonstration made is left as it is now."""
        name = connection.settings_dict["NAME"]
        marked = _has_rows(DemoMark)
        if not marked and any(_has_rows(model) for model in RECORDS):
            raise CommandError(
                f"The database {name} holds records, and no demonstration made it, so it was left alone. "
                "Name an empty one in DATABASE_URL."
            )
        self._say(f"Database: {name}")
        call_command("migrate", verbosity=0, interactive=False)
        self._say("Migrations: up to date")
        if marked:
            self._say("Demonstration: there already; nothing was changed")
        else:
            self._fill()

    @transaction.atomic
    def _fill(self):
        """All of it and its mark, or nothing: after a failure, running it again begins anew."""
        DemoMark.objects.create()
        self._say(f"Taxonomy: {_summary(load_taxonomy())}")
        self._say(f"Documented cases: {_summary(load_cases())}")
        with elevated("the demonstration's people have not signed in"):
            made = make_demonstration()
        self._say(f"Demonstration: {len(ACCOUNTS)} accounts and {made} invented initiatives")

    def _say_who_can_sign_in(self, how):
        self._say(f"\n{how} with the password {PASSWORD} as one of:")
        for account in ACCOUNTS:
            self._say(f"  {account.email:<34} {account.about}")
        self._say("")

    def _say(self, line):
        self.stdout.write(line)
        self.stdout.flush()


def _has_rows(model):
    """Asked before migrating, so the table may not be there yet."""
    with elevated("an empty database is one where nobody's records are"):
        return model._meta.db_table in connection.introspection.table_names() and model.objects.exists()


def _summary(counts):
    return ", ".join(f"{added} {what}" for what, (added, _) in counts.items())

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction

from mtd_tracker.rowsecurity import database
from mtd_tracker.rowsecurity.policies import locks, without_lock
from mtd_tracker.sight import guarded

ROLE = "mtd_web"


class Command(BaseCommand):
    help = (
        "Puts row-level security on a PostgreSQL database, and gives the role that serves the site its rights. Run "
        "it as the owner of the tables, after each “migrate”."
    )

    def add_arguments(self, parser):
        parser.add_argument("--role", default=ROLE, help=f"the role that serves the site ({ROLE})")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--lift", action="store_true", help="take the policies off, before “migrate”")
        what.add_argument("--check", action="store_true", help="change nothing: does it hold for who is connected?")

    def handle(self, *args, role, lift, check, **options):
        if not guarded():
            raise CommandError("Row-level security is PostgreSQL's. DATABASE_URL names another database.")
        if check:
            self._check()
            return
        _refuse_who_is_not_the_owner()
        if lift:
            database.take_off()
            self.stdout.write("The policies are off; until they are put on again, nobody but the owner sees a record.")
            return
        _refuse_holes()
        if _make_sure_of(role):
            self.stdout.write(f"{role} is made. It signs in once it has a password (ALTER ROLE … PASSWORD).")
        database.put_on(role)
        self.stdout.write(f"Row security is on {len(locks())} tables, and {role} has its rights.")

    def _check(self):
        found = database.faults()
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"Row security holds on {len(locks())} tables for who is connected.")


def _refuse_who_is_not_the_owner():
    tables = {lock.table for lock in locks()}
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if tables - present:
            raise CommandError("Tables are missing. Run “manage.py migrate” first.")
        cursor.execute(
            "SELECT current_user, bool_and(pg_has_role(tableowner, 'USAGE')) FROM pg_tables "
            "WHERE tablename = ANY (%s)",
            [sorted(tables)],
        )
        who, owns = cursor.fetchone()
    if not owns:
        raise CommandError(f"{who} doesn't own the tables. Run this with the owner's DATABASE_URL.")


def _refuse_holes():
    if holes := [model._meta.label for model in without_lock()]:
        raise CommandError(f"No rule says who may see {', '.join(holes)}: see mtd_tracker/rowsecurity/policies.py.")


def _make_sure_of(role):
    """Make the role if there is none. True where it is new. Raises: CommandError where it can't serve."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles "
            "WHERE rolname = %s",
            [role],
        )
        present = cursor.fetchone()
        if present and any(present):
            raise CommandError(f"{role} stands above row security, or may act as the owner. Choose another role.")
        if present:
            return False
        try:
            with transaction.atomic():
                cursor.execute(f"CREATE ROLE {connection.ops.quote_name(role)} LOGIN")
        except ProgrammingError as error:
            raise CommandError(
                f"There is no role {role}, and this one may not make it. As PostgreSQL's administrator: "
                f"createuser --pwprompt {role}"
            ) from error
    return True

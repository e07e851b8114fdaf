from django.core.management.base import BaseCommand, CommandError

from initiatives.dates import today
from initiatives.digests import due_people, mail_digest
from mtd_tracker.site_address import HOST_HELP, site_address


class Command(BaseCommand):
    help = (
        "Mails everybody who asked for it the numbers of their kept questions, once a month however often it is run."
    )

    def add_arguments(self, parser):
        parser.add_argument("--host", help=HOST_HELP)

    def handle(self, *args, host, **options):
        site, month = site_address(host), today().replace(day=1)
        people = due_people(month)
        sent = 0
        for user in people:
            try:
                sent += mail_digest(user, month, site=site)
            except OSError as error:
                raise CommandError(
                    f"{sent} sent, then no mail could be sent ({error}). Put EMAIL_URL right, and run this again: "
                    "nobody gets it twice."
                ) from error
        self.stdout.write(f"{sent} of {len(people)} digests sent for {month:%B %Y}.")

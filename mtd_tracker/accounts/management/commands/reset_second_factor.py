from allauth.core.context import request_context
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError
from django.test import RequestFactory

from mtd_tracker.accounts.actions import reset_second_factor
from mtd_tracker.accounts.models import User
from mtd_tracker.site_address import own_host


class Command(BaseCommand):
    help = "Takes away somebody's second factor whose device is lost: for an administrator whom no other can help."

    def add_arguments(self, parser):
        parser.add_argument("email", help="address that the person signs in with")

    def handle(self, *args, email, **options):
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            raise CommandError(f"Nobody signs in with “{email}”.")
        host = "localhost" if settings.DEBUG else own_host() or "localhost"
        try:
            with request_context(_request_of(host)):
                reset_second_factor(person, by=None)
        except OSError as error:  # it is done; only the mail is missing
            raise CommandError(f"It is done, but the mail could not be sent ({error}): tell the person.") from error
        self.stdout.write(f"{person} signs in with the password alone now, and was told by mail.")


def _request_of(host):
    """For the mail, which says at which address the site is: a command has no request that would say so."""
    request = RequestFactory().get("/", headers={"host": host}, secure=not settings.DEBUG)
    request.user = AnonymousUser()
    return request

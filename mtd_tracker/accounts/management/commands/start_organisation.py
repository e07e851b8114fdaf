from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.http.request import split_domain_port, validate_host

from initiatives.actions.organisations import add_organisation
from initiatives.models import Membership, Organisation
from mtd_tracker.accounts.models import User
from mtd_tracker.accounts.password_mail import send_password_mail


class Command(BaseCommand):
    help = "Begins an organisation with its first manager, who is mailed a link to choose a password."

    def add_arguments(self, parser):
        parser.add_argument("organisation", help="its name")
        parser.add_argument("--manager", required=True, metavar="EMAIL", help="e-mail address of the manager")
        parser.add_argument("--name", required=True, help="the manager's name, as colleagues know it")
        parser.add_argument("--host", help="the site's own host name, for the link (the first of ALLOWED_HOSTS)")

    def handle(self, *args, organisation, manager, name, host, **options):
        host = host or ("localhost:8000" if settings.DEBUG else next(iter(settings.ALLOWED_HOSTS), ""))
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            raise CommandError(f"“{host}” is not among ALLOWED_HOSTS, so its links would not open.")
        try:
            user = _begin(organisation.strip(), manager.strip(), name.strip())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{organisation} has begun, with {user.name} <{user.email}> as its manager.")
        if user.has_usable_password():
            self.stdout.write("This person has an account already and signs in as before.")
            return
        try:
            send_password_mail(user, host=host, secure=not settings.DEBUG)
        except OSError as error:  # everything is kept; only the mail is missing
            raise CommandError(
                f"The mail could not be sent ({error}). Put EMAIL_URL right; then “Forgot password?” on the "
                "sign-in page sends it."
            ) from error
        self.stdout.write("A link to choose a password was sent. It can be had again by “Forgot password?”.")


@transaction.atomic
def _begin(organisation, email, name):
    """Raises: ValidationError, with nothing written."""
    validate_email(email)
    if not organisation or not name:
        raise ValidationError("Give a name to the organisation and to its manager.")
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name=name)
    present = Organisation.objects.filter(confirmed=True, name__iexact=organisation).first()
    values = {"name": organisation, "acronym": "", "aliases": [], "kind": "", "country": "", "localness": {}}
    owner = present or add_organisation(values, by=None)
    Membership.objects.update_or_create(
        user=user, organisation=owner, defaults={"role": Membership.Role.MANAGER, "active": True}
    )
    return user

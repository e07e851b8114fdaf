from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from initiatives.actions.invitations import invite, renew
from initiatives.actions.members import change_role, join
from initiatives.actions.organisations import add_organisation
from initiatives.invitations import mail_invitation
from initiatives.models import Membership, Organisation
from mtd_tracker.accounts.models import User
from mtd_tracker.site_address import HOST_HELP, site_address


class Command(BaseCommand):
    help = "Begins an organisation, and mails its first manager an invitation. Run again, it sends that again."

    def add_arguments(self, parser):
        parser.add_argument("organisation", help="its name")
        parser.add_argument("--manager", required=True, metavar="EMAIL", help="e-mail address of the manager")
        parser.add_argument("--name", required=True, help="the manager's name, as colleagues know it")
        parser.add_argument("--host", help=HOST_HELP)

    def handle(self, *args, organisation, manager, name, host, **options):
        site = site_address(host)
        try:
            invitation = _begin(organisation.strip(), manager.strip().lower(), name.strip())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{organisation} has begun, with {name} <{manager}> as its manager.")
        if invitation is None:
            self.stdout.write("This person has an account already and signs in as before.")
            return
        try:
            mail_invitation(invitation, absolute=lambda path: f"{site}{path}")
        except OSError as error:  # everything is kept; only the mail is missing
            raise CommandError(
                f"The mail could not be sent ({error}). Put EMAIL_URL right, then run the same command again."
            ) from error
        self.stdout.write("An invitation was sent. The same command sends it again.")


@transaction.atomic
def _begin(name, email, manager):
    """The first manager's invitation; None for somebody with an account, who manages it at once.

    Raises: ValidationError, with nothing written.
    """
    validate_email(email)
    if not name or not manager:
        raise ValidationError("Give a name to the organisation and to its manager.")
    present = Organisation.objects.filter(confirmed=True, name__iexact=name).first()
    values = {"name": name, "acronym": "", "aliases": [], "kind": "", "country": "", "localness": {}}
    organisation = present or add_organisation(values, by=None)
    user = User.objects.filter(email__iexact=email).first()
    if user:
        membership = join(organisation, user=user, role=Membership.Role.MANAGER, by=None)
        if membership.role != Membership.Role.MANAGER:
            change_role(membership, by=None, role=Membership.Role.MANAGER)
        return None
    sent = organisation.invitations.pending().filter(email__iexact=email, role=Membership.Role.MANAGER).first()
    if sent:
        return renew(sent, by=None)
    return invite(organisation, by=None, email=email, role=Membership.Role.MANAGER, name=manager)

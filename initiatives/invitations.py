"""How an invitation travels: by mail, as a signed link that nobody can make up."""

from django.conf import settings
from django.core.mail import send_mail
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse

from initiatives.models import Invitation

SALT = "initiatives.invitation"


def token_of(invitation):
    return _signer().sign(invitation.ref.hex)


def invitation_of(token):
    """The invitation that this token stands for, open or not; None for a token that is none."""
    try:
        ref = _signer().unsign(token)
    except BadSignature:
        return None
    return Invitation.objects.select_related("organisation", "invited_by").filter(ref=ref).first()


def mail_invitation(invitation, *, absolute):
    """Say which organisation invites, by whom, and the link; nothing else. absolute: path -> address of the site.

    Raises: OSError (smtplib's errors are that) where the mail server doesn't take it.
    """
    context = {
        "organisation": _in_one_line(invitation.organisation),
        "invited_by": _in_one_line(invitation.invited_by or ""),
        "link": absolute(reverse("invitation", args=[token_of(invitation)])),
        "days": settings.INVITATION_DAYS,
    }
    text = render_to_string("invitations/mail.txt", context)
    send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}An invitation", text, None, [invitation.email])


def _signer():
    return Signer(salt=SALT, sep=".")


def _in_one_line(named):
    return " ".join(str(named).split())

"""The monthly mail about kept questions: a link and a number each, as its recipient may see it now; no word of theirs.

A person's questions are marked in the transaction in which their mail is handed over: a run that is killed is run
again, and goes on with those who have had none. Killed in that very moment, it mails one person twice, never nobody.
"""

import logging
from datetime import date
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from initiatives.actions.questions import mark_sent
from initiatives.models import SavedQuestion
from initiatives.questions import counts_for, kind_of
from mtd_tracker.sight import seen_by

logger = logging.getLogger(__name__)
SALT = "initiatives.digest"


def due_people(month):
    """Who is to get a mail for this month and had none. Shape: [User]. month: its first day."""
    due = SavedQuestion.objects.due_in(month).values("user")
    return list(get_user_model().objects.filter(pk__in=due).order_by("pk"))


def mail_digest(user, month: date, *, site):
    """Whether a mail went out: not where another run, or the person, was quicker, or the mail is refused.

    site: scheme and host. Raises: OSError (smtplib's errors are that) where no mail can be sent.
    """
    with seen_by(user):
        questions = list(SavedQuestion.objects.of(user).due_in(month))
        mail = _mail(user, month, questions, site)
    try:
        with transaction.atomic():
            if not mark_sent(questions, month, by=user):
                return False
            mail.send()
    except (SMTPRecipientsRefused, SMTPDataError):  # of this mail alone: others may go out
        logger.exception("A digest was refused")
        return False
    return True


def token_of(user):
    """For the link by which its reader, signed in or not, stops these mails."""
    return _signer().sign(user.ref.hex)


def reader_of(token):
    """Whose digests a token stops; None for a token that is none."""
    try:
        ref = _signer().unsign(token)
    except BadSignature:
        return None
    return get_user_model().objects.filter(ref=ref).first()


def _mail(user, month, questions, site):
    stop = f"{site}{reverse('initiatives:digest-stop', args=[token_of(user)])}"
    places = {one: place for place, one in enumerate(SavedQuestion.objects.of(user), start=1)}
    answers = [
        (places[one], kind_of(one), _in_words(counts_for(user, one)), f"{site}{one.get_absolute_url()}")
        for one in questions
    ]
    body = render_to_string("questions/digest.txt", {"answers": answers, "stop": stop, "site": site})
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Your kept questions, {month:%B %Y}"
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject, body, to=[user.email], headers=headers)


def _in_words(counts):
    return "can’t be asked any more" if counts is None else ", ".join(map(str, counts))


def _signer():
    return Signer(salt=SALT, sep=".")

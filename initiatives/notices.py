"""Mail about a review or a proposed link: that there is something to do, and where.

Never what a record holds, nor whose it is.
"""

import logging
from functools import partial
from smtplib import SMTPRecipientsRefused
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

from initiatives.actions.proposals import answerers_of, proposers_of
from initiatives.actions.review import reviewers_of, sender_of
from initiatives.models import Initiative, ReviewStep
from initiatives.permissions import is_member
from mtd_tracker.elevation import elevated

logger = logging.getLogger(__name__)


class Notice(NamedTuple):
    subject: str
    said: str
    address: str  # name of the page that it leads to


NOTICES = {
    ReviewStep.Kind.SUBMITTED: Notice(
        "A record waits for your review",
        "a record was sent for review, and you are one of those who may approve or return it:",
        "initiatives:review",
    ),
    ReviewStep.Kind.RETURNED: Notice(
        "A record came back from review",
        "a record that you sent for review was returned with a comment. Change it, and send it again:",
        "initiatives:detail",
    ),
    ReviewStep.Kind.APPROVED: Notice(
        "A record is approved",
        "a record that you sent for review was approved and is published now:",
        "initiatives:detail",
    ),
}
PROPOSED = Notice(
    "A link waits for your answer",
    "somebody recorded that their work did something for yours, and asks you to confirm or decline it:",
    "initiatives:proposals",
)
ANSWERED = Notice(
    "A link was answered",
    "those who keep the other record confirmed or declined a link that your side proposed, or thought better of it:",
    "initiatives:detail",
)
BODY = """Hello,

{said}

{address}

You need to sign in to read it. What it says is never sent by e-mail.

--
The MTD tracker at {host}
"""


def announce(request, initiative):
    """Once it is stored, mail the step of its review that a change has taken, if any, to those whom it concerns."""
    step = initiative and initiative.step_taken
    if step and step.kind in NOTICES:
        transaction.on_commit(partial(_send, request, step), robust=True)


def announce_proposal(request, link):
    """Once it is stored, mail those who may answer for the other side that a link was proposed to them.

    Whoever asked isn't told of a mail that failed: it would say that somebody is there to be mailed.
    """
    _announce_link(request, PROPOSED, reverse(PROPOSED.address), partial(answerers_of, link), telling=False)


def announce_answer(request, link):
    """Once it is stored, mail those on the side that proposed a link: the record's author, and whoever proposed it."""
    _announce_link(request, ANSWERED, reverse(ANSWERED.address, args=[link.source.ref]), partial(proposers_of, link))


def _announce_link(request, notice, address, people_of, *, telling=True):
    """people_of: asked once it is stored, as things stand then. Shape: [User]."""
    transaction.on_commit(lambda: _mail(request, notice, address, people_of(), telling=telling), robust=True)


def _send(request, step):
    notice = NOTICES[step.kind]
    _mail(request, notice, reverse(notice.address, args=[step.initiative.ref]), _concerned(step))


def _mail(request, notice, address, people, *, telling=True):
    """One mail a person. What was done stands even where no mail can be sent: whoever did it is told, if `telling`."""
    body = BODY.format(said=notice.said, address=request.build_absolute_uri(address), host=request.get_host())
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{notice.subject}"
    headers = {"Auto-Submitted": "auto-generated"}
    mails = [EmailMessage(subject, body, to=[person.email], headers=headers) for person in people]
    if not _all_sent(mails) and telling:
        told = "It is done, but the mail about it could not be sent. Tell those whom it concerns yourself."
        messages.warning(request, told)


def _all_sent(mails):
    refused = False
    try:
        with get_connection() as connection:
            for mail in mails:
                try:
                    connection.send_messages([mail])
                except SMTPRecipientsRefused:
                    refused = True
                    logger.exception("A mail was refused")
    except OSError:  # smtplib's errors are that
        logger.exception("A mail could not be sent")
        return False
    return not refused


def _concerned(step):
    """Active members alone, who may open the record, and never whoever took the step. Shape: [User]."""
    with elevated("whom a mail about a review goes to"):
        initiative = step.initiative
        if step.kind == ReviewStep.Kind.SUBMITTED:
            return list(reviewers_of(initiative, sender_id=step.by_id))
        people = get_user_model().objects.filter(pk__in=[initiative.author_id, sender_of(initiative)])
        may_open = Initiative.objects.filter(pk=initiative.pk)
        return [
            person
            for person in people.exclude(pk=step.by_id)
            if is_member(person) and may_open.visible_to(person).exists()
        ]

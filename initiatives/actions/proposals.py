"""A claimed link is proposed to those who keep the record that it leads to: they confirm it, or decline.

Nobody confirms their own: whoever may change both records is not the other side. A declined link is not proposed
again as it is, nor removed and recorded anew in the same words, so that nobody is pressed until they agree; one that
says something else can be.
"""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from reversion.models import Version

from initiatives.actions.content import save_beside
from initiatives.models import Grant, InitiativeLink, Membership
from initiatives.permissions import may_answer, may_edit
from mtd_tracker.elevation import elevated
from mtd_tracker.history import change, locked

PROPOSED = "Link proposed to the other side"
ANSWERS = {word: f"Link {word} by the other side" for word in ("confirmed", "declined")}  # notes of revisions
Evidence, Proposal = InitiativeLink.Evidence, InitiativeLink.Proposal


class AnsweredAlready(Exception):
    """The link does not wait for this person's answer any more, or says something else than what they read."""


def answerers_of(link):
    """Those who may answer for the other side, and open both records. Shape: [User].

    Queries: some for each of the target's managers, its author, and people named to write.
    """
    with elevated("whom a proposed link waits for"):
        target = link.target
        managing = Membership.objects.active().managing().filter(organisation=target.owner_id)
        named = Grant.objects.current().filter(initiative=target, access=Grant.Access.WRITE)
        people = get_user_model().objects.filter(
            Q(pk__in=managing.values("user")) | Q(pk__in=named.values("user")) | Q(pk=target.author_id)
        )
        there = InitiativeLink.objects.filter(pk=link.pk)
        return [person for person in people if may_answer(person, link) and there.visible_to(person).exists()]


def proposers_of(link):
    """Those who hear of the answer: the source's author, and whoever proposed links of it, as long as they may change
    it and open both records. Shape: [User].
    """
    with elevated("whom an answer to a link concerns"):
        proposing = Version.objects.get_for_object(link.source).filter(revision__comment=PROPOSED)
        asked = Q(pk__in=proposing.order_by().values("revision__user")) | Q(pk=link.source.author_id)
        there = InitiativeLink.objects.filter(pk=link.pk)
        people = get_user_model().objects.filter(asked)
        return [one for one in people if may_edit(one, link.source) and there.visible_to(one).exists()]


def refuse_unproposable(link):
    """Raises: ValidationError where it can't be proposed as it stands, and says what to do instead.

    Never for want of somebody who could answer: it would say who is named on the other record.
    """
    if link.evidence != Evidence.CLAIMED:
        raise ValidationError(f"It is {link.get_evidence_display()} already, so nobody needs to be asked.")
    if link.proposal == Proposal.DECLINED or was_declined(link):
        raise ValidationError(
            "The other side declined to confirm it, and is not asked the same again. If there is more to say, "
            "remove the link and record it with a note that says it."
        )


def was_declined(link, declined=None):
    """Whether the other side declined the same link in the same words. declined: of its source, where read already."""
    return (link.target_id, link.kind, link.note) in (declined_of(link.source) if declined is None else declined)


def declined_of(source):
    """What other sides declined to confirm, as the record's history tells.

    Shape: {(target's primary key, kind, note)}. Queries: one.
    """
    with elevated("which links were declined before"):
        revisions = Version.objects.get_for_object(source).order_by().values("revision")
        told = Version.objects.get_for_model(InitiativeLink).filter(
            revision__in=revisions, serialized_data__contains=f'"{Proposal.DECLINED}"'
        )
        declined = [one.field_dict for one in told if one.field_dict["proposal"] == Proposal.DECLINED]
    return {(row["target_id"], row["kind"], row["note"]) for row in declined}


def propose(link, *, by):
    """Ask the other side to confirm it. Asked twice, it is asked once; returns whether it was asked now.

    Raises: ValidationError where it can't be proposed; Http404 where it is gone.
    """
    with transaction.atomic():
        stored = locked(link.source).links_out.filter(pk=link.pk).first()
        if stored is None:
            raise Http404
        if stored.proposal == Proposal.OPEN:
            return False
        refuse_unproposable(stored)
        with change(link.source, by=by, note=PROPOSED) as record:
            stored.proposal = Proposal.OPEN
            stored.save()
            save_beside(record)
    return True


def answered(link):
    """The Revision in which the other side last answered, or None: to be told to that side alone."""
    with elevated("who answered a link"):
        kept = Version.objects.get_for_object(link).filter(revision__comment__in=ANSWERS.values())
        version = kept.select_related("revision__user").first()
    return version and version.revision


def answer(link, *, by, confirmed, wording):
    """The other side's word, the first one or another. Its revision is the source's, as the link is: in the target's
    past, whoever may not open the source would read that somebody hidden speaks with somebody they know.

    Raises: AnsweredAlready, and nothing is written then.
    """
    word = "confirmed" if confirmed else "declined"
    with transaction.atomic(), elevated("the other side's word on a link"):
        for end in sorted((link.source, link.target), key=lambda record: record.pk):
            locked(end)  # always in the same order: two who answer each other would wait for one another
        stored = InitiativeLink.objects.visible_to(by).filter(pk=link.pk).first()
        if stored is None or stored.wording != wording or not may_answer(by, stored):
            raise AnsweredAlready
        if not stored.may_be_answered or stored.answer == word:
            raise AnsweredAlready
        with change(link.source, by=by, note=ANSWERS[word]) as record:
            stored.evidence = Evidence.CONFIRMED if confirmed else Evidence.CLAIMED
            stored.proposal = "" if confirmed else Proposal.DECLINED
            stored.save()
            save_beside(record)

"""Asking for an erasure, agreeing to it, declining it, and carrying it out."""

from collections import Counter
from datetime import timedelta
from operator import attrgetter

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone

from initiatives.actions.erasing import erase_record
from initiatives.models import Engagement, Initiative
from mtd_tracker.elevation import elevated
from mtd_tracker.erasure import telling, tombstones
from mtd_tracker.erasure.models import Erasure, Kind, Tombstone
from mtd_tracker.erasure.people import erase_person, lock_those_in_charge, refuse_if_needed
from mtd_tracker.erasure.permissions import may_agree, may_decline
from mtd_tracker.erasure.sessions import forget_forms_about
from mtd_tracker.erasure.space import overwrite_freed_space
from mtd_tracker.erasure.tombstones import Line
from mtd_tracker.history import locked

User = get_user_model()
EXACT_TO = timedelta(seconds=1)  # the moments that the list of erasures holds


def ask_to_erase_record(initiative, *, by, reason):
    """Raises: ValidationError where it was asked already."""
    return _ask(Kind.RECORD, initiative, by=by, reason=reason, organisation=initiative.owner)


def ask_to_erase_person(person, *, by, reason=""):
    """Raises: ValidationError as above, or where this person is the last who can manage something."""
    refuse_if_needed(person)
    return _ask(Kind.PERSON, person, by=by, reason=reason)


def _ask(kind, subject, *, by, reason, organisation=None):
    erasure = Erasure(
        kind=kind, subject=subject.ref, organisation=organisation, requested_by=by, reason=reason.strip()
    )
    try:
        with transaction.atomic():
            erasure.save()
    except IntegrityError as error:
        raise ValidationError("This has been asked for already, and waits for a second person.") from error
    return erasure


def decline(erasure, *, by):
    """Say no, or take back what one asked for. The reason that was given is not kept."""
    with transaction.atomic():
        stored = _still_open(erasure)
        if not may_decline(by, stored, subject_of(stored, by)):
            raise PermissionDenied
        stored.declined_by, stored.declined_at, stored.reason = by, timezone.now(), ""
        stored.save()


def agree(erasure, *, by):
    """The second person's word: what was asked for is erased at once, and for good.

    Raises: ValidationError where it was decided meanwhile, leaves something without anyone in charge, or can't be
    put on the list of erasures; nothing is changed then.
    """
    with transaction.atomic():
        stored = _still_open(erasure)
        subject = locked(subject_of(stored, by))
        if not may_agree(by, stored, subject):
            raise PermissionDenied
        if stored.kind == Kind.PERSON:
            lock_those_in_charge(subject)
            refuse_if_needed(subject)
        stored.approved_by, stored.approved_at, stored.reason = by, timezone.now(), ""
        stored.save()
        address = getattr(subject, "email", None)
        with elevated("an erasure, agreed to by two, takes what hangs on its subject wherever it is"):
            bury(stored.kind, subject, at=stored.approved_at)
        transaction.on_commit(overwrite_freed_space)
        if address:
            telling.tell_erased(address)


def subject_of(erasure, user):
    """The record or the account, as far as this person may see it. Raises: Http404 otherwise."""
    return get_object_or_404(_seen(erasure.kind, user), ref=erasure.subject)


def with_subjects(erasures, user):
    """Each with what it would erase, as far as this person may see that. Shape: [(Erasure, Initiative or User)]."""
    erasures = list(erasures)
    asked = {kind: [erasure.subject for erasure in erasures if erasure.kind == kind] for kind in Kind}
    found = {one.ref: one for kind, refs in asked.items() if refs for one in _told(kind, user).filter(ref__in=refs)}
    return [(erasure, found[erasure.subject]) for erasure in erasures if erasure.subject in found]


def _seen(kind, user):
    return Initiative.objects.visible_to(user) if kind == Kind.RECORD else User.objects.all()


def _told(kind, user):
    """With what tells records of one name apart."""
    seen = _seen(kind, user)
    if kind == Kind.PERSON:
        return seen
    systems = Prefetch("engagements", Engagement.objects.select_related("conflict_system"))
    return seen.select_related("owner").prefetch_related(systems)


def bury(kind, subject, *, at):
    """Erase it and keep its tombstone: in the database, and in the file, which is on the disk before the database
    commits. Called within a transaction, once two people have agreed."""
    ref = subject.ref
    erase(kind, subject, at=at)
    Tombstone.objects.update_or_create(kind=kind, ref=ref, defaults={"erased_at": at})
    connection.check_constraints()  # what would fail at the commit fails here, before it is on the list
    tombstones.append(Line(kind, ref, at))


def erase(kind, subject, *, at):
    """All that is kept of it, here and in whatever else of the site holds its words."""
    ref = subject.ref
    {Kind.RECORD: erase_record, Kind.PERSON: erase_person}[kind](subject)
    forget_forms_about(str(ref))
    Erasure.objects.about(kind, ref).update(reason="")
    Erasure.objects.open().about(kind, ref).update(approved_at=at)


def apply_tombstones():
    """Erase again whatever a tombstone speaks of and a restored backup still holds; table and file then agree.

    A record that was made after that erasure and bears its ref is another one, and stays.

    Shape: ({kind: number erased}, number gone already, [Line of what stays], [number of a line that can't be read]).
    """
    in_file, unreadable = tombstones.read()
    in_table = [Line(stone.kind, stone.ref, stone.erased_at) for stone in Tombstone.objects.all()]
    written = set(map(str, in_file))
    latest = {(line.kind, line.ref): line for line in sorted(in_file + in_table, key=attrgetter("erased_at"))}
    erased, gone, spared = Counter(), 0, []
    for (kind, ref), line in latest.items():
        with transaction.atomic(), elevated("a backup that was restored holds what was erased, whoever may see it"):
            subject = (Initiative if kind == Kind.RECORD else User).objects.filter(ref=ref).first()
            stays = kind == Kind.RECORD and subject and subject.created_at >= line.erased_at + EXACT_TO
            if subject and not stays:
                erase(kind, subject, at=line.erased_at)
            Tombstone.objects.update_or_create(kind=kind, ref=ref, defaults={"erased_at": line.erased_at})
            if str(line) not in written:
                tombstones.append(line)
        if stays:
            spared.append(line)
        erased[kind] += bool(subject and not stays)
        gone += not subject
    overwrite_freed_space()
    return erased, gone, spared, unreadable


def _still_open(erasure):
    stored = Erasure.objects.open().select_for_update(no_key=True).filter(pk=erasure.pk).first()
    if stored is None:
        raise ValidationError("This was decided meanwhile.")
    return stored

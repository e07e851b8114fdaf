"""Questions that a person keeps under a name: a note of their own, so that it leaves no history."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from initiatives.dates import today
from initiatives.models import SavedQuestion
from initiatives.permissions import is_member_of, may_edit_question
from initiatives.questions import split_address

MOST, MOST_ON_HOME, MOST_MONTHLY = 100, 10, 20  # a person


def keep_question(address, *, by, name, sharing, organisation=None, on_home=False, monthly=False, in_place_of=None):
    """A new one, after the person's others. The very same one, sent twice, is kept once.

    in_place_of: one of them that asks this from now on, under this name; whatever else was said of it stays.
    Raises: ValidationError, by field, where the address isn't one that can be kept, or there are too many.
    """
    path, query, _ = split_address(address, user=by)
    with transaction.atomic():
        own = _taking_turns(by)
        if in_place_of:
            question = _own(in_place_of, own, by)
            question.path, question.query, question.name = path, query, name
            question.save()
            return question
        twin = own.filter(path=path, query=query, name=name).first()
        if twin:
            return twin
        question = _new_one(own, by, path=path, query=query)
        _say(question, own, name=name, sharing=sharing, organisation=organisation, on_home=on_home, monthly=monthly)
    return question


def _new_one(own, by, **address):
    if own.count() >= MOST:
        raise ValidationError(f"You keep {MOST} questions, which is the most. Delete one that you don’t need.")
    last = own.last()
    return SavedQuestion(user=by, position=last.position + 1 if last else 1, **address)


def edit_question(question, *, by, name, sharing, organisation=None, on_home=False, monthly=False):
    """Raises: ValidationError as above."""
    with transaction.atomic():
        own = _taking_turns(by)
        record = _own(question, own, by)
        _say(record, own, name=name, sharing=sharing, organisation=organisation, on_home=on_home, monthly=monthly)
    return record


def delete_question(question, *, by):
    with transaction.atomic():
        _own(question, _taking_turns(by), by).delete()


def move_question(question, *, by, later):
    """One place towards the end, or towards the beginning; where there is none, it stays."""
    with transaction.atomic():
        own = _taking_turns(by)
        record, order = _own(question, own, by), list(own)
        place = order.index(record)
        other = place + 1 if later else place - 1
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
        for position, one in enumerate(order, start=1):
            if one.position != position:
                own.filter(pk=one.pk).update(position=position)


def mark_sent(questions, month, *, by):
    """Within the transaction in which they are mailed. Whether all of them still are to be: else none is marked."""
    due = _taking_turns(by).due_in(month).filter(pk__in=[question.pk for question in questions])
    if not questions or due.count() < len(questions):
        return False
    due.update(sent_for=month)
    return True


def stop_digests(*, by):
    """None of this person's questions is mailed any more, until they say so again."""
    with transaction.atomic():
        _taking_turns(by).update(monthly=False)


def _taking_turns(person):
    """One person's questions are changed one after the other, so that limits and places hold."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    return SavedQuestion.objects.of(person)


def _own(question, own, by):
    if not may_edit_question(by, question):
        raise PermissionDenied
    return own.get(pk=question.pk)


def _say(question, own, *, name, sharing, organisation, on_home, monthly):
    faults, others = {}, own.exclude(pk=question.pk)
    shared = sharing == SavedQuestion.Sharing.ORGANISATION
    if shared and not (organisation and is_member_of(question.user, organisation.pk)):
        faults["organisation"] = "Choose one of your organisations."
    if on_home and others.filter(on_home=True).count() >= MOST_ON_HOME:
        faults["on_home"] = f"At most {MOST_ON_HOME} stand on the start page. Take another one off it first."
    if monthly and others.filter(monthly=True).count() >= MOST_MONTHLY:
        faults["monthly"] = f"At most {MOST_MONTHLY} are mailed. Stop another one first."
    if faults:
        raise ValidationError(faults)
    if monthly and not question.monthly:
        question.sent_for = today().replace(day=1)  # the first one comes with the month that begins next
    question.name, question.sharing = name, sharing
    question.organisation = organisation if shared else None
    question.on_home, question.monthly = on_home, monthly
    question.save()

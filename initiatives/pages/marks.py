"""The marks that a person can set on an initiative: what each one asks, when it makes sense, what takes it back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from initiatives.actions import lifecycle, review
from initiatives.actions.lifecycle import current_pause
from initiatives.actions.review import Way, way_of
from initiatives.dates import Precision, day_words, today
from initiatives.forms.lifecycle import (
    CancelForm,
    ConfirmForm,
    EndForm,
    MarkForm,
    PublishForm,
    ResumeForm,
    SuspendForm,
    UnconfirmForm,
)
from initiatives.models import COMPLETE, Publication, Status
from initiatives.permissions import may_put_forward, may_take_back

RUNNING = (Status.ACTIVE, Status.SUSPENDED)
AHEAD_OR_RUNNING = (Status.PLANNED, *RUNNING)


@dataclass(frozen=True)
class Mark:
    """One mark. act: an action of actions/lifecycle.py, given what the form holds.

    offered: whether it makes sense on a record as it stands. back: slug of the mark that takes it back.
    before: what that mark's form starts with, read from the record before this one is set. may: who may set it,
    among those who may edit the record. ahead: what is said instead of `done`, where the days answered lie ahead.
    """

    slug: str
    label: str
    question: str
    meaning: str
    done: str
    act: Callable
    offered: Callable
    back: str
    form: type = MarkForm
    before: Callable = lambda initiative: {}
    may: Callable = lambda user, initiative: True
    ahead: Callable = lambda answer: ""


def _stands(initiative, *statuses):
    """Whether it is of one of these today, by what is recorded."""
    return initiative.recorded_status() in statuses


def _dated(name):
    """Start the way back with the partial date that stands in `name` now."""

    def before(initiative):
        known = getattr(initiative, name)
        return {"day": known.iso} if known else {}

    return before


def _pause_before(initiative):
    pause = current_pause(initiative)
    return {"from_on": pause.from_on.isoformat()} if pause else {}


def _cancelled_before(initiative):
    return {"day": initiative.cancelled_on.isoformat()} if initiative.cancelled_on else {}


def _ends(answer):
    day = answer["day"]
    if day.last <= today():
        return ""
    on = "on" if day.precision == Precision.DAY else "in"
    return f"It ends {on} {day}; until that is over, it doesn’t count as ended."


def _pauses(answer):
    first = answer["from_on"]
    return f"It pauses from {day_words(first)}; until then it stays as it is." if first > today() else ""


def _goes_on(answer):
    last = answer["until_on"]
    return f"It pauses until {day_words(last)}, and counts as active from the day after." if last >= today() else ""


def _falls_out(answer):
    day = answer["day"]
    return f"It is cancelled from {day_words(day)}; until then its dates count." if day > today() else ""


ALL = (
    Mark(
        slug="confirm",
        label="Confirm that it still runs",
        question="Does it still run?",
        meaning="A record without an end asks to be confirmed once a year, so that readers can rely on it.",
        done="Confirmed.",
        act=lifecycle.confirm,
        form=ConfirmForm,
        offered=lambda initiative: _stands(initiative, *RUNNING),
        back="unconfirm",
        before=_dated("last_confirmed"),
    ),
    Mark(
        slug="unconfirm",
        label="Take the confirmation back",
        question="Take the last confirmation back?",
        meaning="The day given below holds again; without one, the record counts as not confirmed.",
        done="The confirmation is taken back.",
        act=lifecycle.unconfirm,
        form=UnconfirmForm,
        offered=lambda initiative: _stands(initiative, *RUNNING) and initiative.last_confirmed_on is not None,
        back="confirm",
        before=_dated("last_confirmed"),
    ),
    Mark(
        slug="end",
        label="Mark as ended",
        question="When did it end?",
        meaning="It stays in every list and chart, as ended from the day after.",
        done="Marked as ended.",
        act=lifecycle.end,
        form=EndForm,
        offered=lambda initiative: _stands(initiative, *AHEAD_OR_RUNNING),
        back="reopen",
        ahead=_ends,
    ),
    Mark(
        slug="reopen",
        label="Take the end back",
        question="Take its end back?",
        meaning="It then counts as running, with an open end.",
        done="The end is taken back.",
        act=lifecycle.reopen,
        offered=lambda initiative: (
            _stands(initiative, *AHEAD_OR_RUNNING, Status.ENDED) and initiative.end_on is not None
        ),
        back="end",
        before=_dated("end"),
    ),
    Mark(
        slug="suspend",
        label="Suspend",
        question="From when does it pause?",
        meaning="While it pauses it counts as suspended, not as active.",
        done="Suspended.",
        act=lifecycle.suspend,
        form=SuspendForm,
        offered=lambda initiative: _stands(initiative, *AHEAD_OR_RUNNING) and current_pause(initiative) is None,
        back="resume",
        ahead=_pauses,
    ),
    Mark(
        slug="resume",
        label="Resume",
        question="Until when did it pause?",
        meaning="From the day after, it counts as active again.",
        done="Resumed.",
        act=lifecycle.resume,
        form=ResumeForm,
        offered=lambda initiative: _stands(initiative, *AHEAD_OR_RUNNING) and current_pause(initiative) is not None,
        back="suspend",
        before=_pause_before,
        ahead=_goes_on,
    ),
    Mark(
        slug="cancel",
        label="Mark as cancelled",
        question="From when is it cancelled?",
        meaning="From that day on it leaves every count: use it for what does not take place after all. "
        "What ran and is over has ended; it is not cancelled.",
        done="Cancelled.",
        act=lifecycle.cancel,
        form=CancelForm,
        offered=lambda initiative: (
            _stands(initiative, *AHEAD_OR_RUNNING, Status.UNDATED) and initiative.cancelled_on is None
        ),
        back="reinstate",
        ahead=_falls_out,
    ),
    Mark(
        slug="reinstate",
        label="Take the cancellation back",
        question="Take its cancellation back?",
        meaning="Its own dates then say again whether it is planned, running or ended.",
        done="The cancellation is taken back.",
        act=lifecycle.reinstate,
        offered=lambda initiative: initiative.is_published and initiative.cancelled_on is not None,
        back="cancel",
        before=_cancelled_before,
    ),
    Mark(
        slug="withdraw",
        label="Withdraw from publication",
        question="Withdraw it from publication?",
        meaning="Only its author, the people named on it and, unless it is restricted, its organisation’s managers "
        "read it then; it leaves every list and count of others. Nothing is deleted, and for thirty days it can be "
        "brought back.",
        done="Withdrawn from publication.",
        act=lifecycle.withdraw,
        offered=lambda initiative: initiative.is_published,
        back="publish",
    ),
    Mark(
        slug="publish",
        label="Publish",
        question="Publish it?",
        meaning="It then appears in the lists, counts and charts of all who may read it.",
        done="Published.",
        act=lifecycle.publish,
        form=PublishForm,
        offered=lambda initiative: initiative.publication not in COMPLETE and not initiative.is_withdrawn_for_good,
        back="withdraw",
        may=may_put_forward,
    ),
    Mark(
        slug="take-back",
        label="Take it back from review",
        question="Take it back from review?",
        meaning="It is then as it was before it was sent, and can be sent again. What you changed meanwhile stays.",
        done="Taken back from review.",
        act=review.take_back,
        offered=lambda initiative: initiative.publication == Publication.IN_REVIEW,
        back="publish",
        may=may_take_back,
    ),
)

BY_SLUG = {mark.slug: mark for mark in ALL}


SENT = {
    "label": "Send for review",
    "question": "Send it for review?",
    "meaning": "A manager of its organisation reads it, and publishes it or returns it with a comment. Until then it "
    "appears in no list or count of others.",
    "done": "Sent for review.",
    "back": "take-back",
}
PUBLISHED_ALONE = {
    "meaning": "Its organisation reviews before publishing, but nobody else could review this one. You may publish "
    "it, and its history says so.",
}


def offered_on(initiative):
    """Those that make sense on the record as it stands."""
    return [mark for mark in ALL if mark.offered(initiative)]


def offered_to(user, initiative):
    """Those of them that this person, who may edit it, may set."""
    return [as_read(mark, initiative, user) for mark in offered_on(initiative) if mark.may(user, initiative)]


def as_read(mark, initiative, user):
    """The mark in the words that hold for this person: where its organisation reviews, publishing begins with that."""
    if mark.slug != "publish":
        return mark
    way = way_of(user, initiative.owner, author_id=initiative.author_id)
    return replace(mark, **{Way.REVIEW: SENT, Way.ALONE: PUBLISHED_ALONE}.get(way, {}))

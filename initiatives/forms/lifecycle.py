"""What each mark on an initiative asks for; most ask for a day, some for nothing."""

from datetime import timedelta

from django import forms

from initiatives.actions.lifecycle import current_pause
from initiatives.dates import today
from initiatives.forms.fields import DayField, LongText, PartialDateField
from initiatives.forms.who_reads import agreed_field
from initiatives.history import was_published
from initiatives.widening import reach_of
from mtd_tracker.forms import VersionedForm

PARTIAL_HELP = "A year (1993), a month (1993-07) or a day (1993-07-15)."


class MarkForm(VersionedForm, forms.Form):
    """Asks nothing but whether. Carries the version of the initiative that the person saw."""

    NEEDS_START = False

    def __init__(self, *args, initiative, **kwargs):
        self.instance = initiative
        super().__init__(*args, **kwargs)


def today_text():
    return today().isoformat()


class PublishForm(MarkForm):
    agreed = agreed_field()

    def __init__(self, *args, initiative, **kwargs):
        super().__init__(*args, initiative=initiative, **kwargs)
        if was_published(initiative) or not reach_of(initiative).is_outside:
            del self.fields["agreed"]


class RestoreForm(MarkForm):
    """for_more: whether more people would read it then than could at its time."""

    reason = LongText(label="Why should more people read this than could then?", max_length=2000)
    agreed = forms.BooleanField(required=False, label="Those concerned have agreed")

    def __init__(self, *args, for_more, **kwargs):
        super().__init__(*args, **kwargs)
        if not for_more:
            del self.fields["reason"], self.fields["agreed"]


class ConfirmForm(MarkForm):
    day = PartialDateField(
        label="Known to be running on", initial=today_text, help_text=f"{PARTIAL_HELP} Empty: today."
    )


class UnconfirmForm(MarkForm):
    day = PartialDateField(
        label="Last known to be running before that",
        help_text=f"{PARTIAL_HELP} Empty: it has not been confirmed.",
    )


class EndForm(MarkForm):
    day = PartialDateField(
        label="Ended",
        required=True,
        initial=today_text,
        help_text=f"{PARTIAL_HELP} It may lie ahead, where an end is planned.",
    )


class CancelForm(MarkForm):
    day = DayField(
        label="Cancelled from", required=True, initial=today, help_text="Until the day before, its dates count."
    )


class SuspendForm(MarkForm):
    from_on = DayField(label="First day of the pause", required=True, initial=today)
    until_on = DayField(
        label="Last day of the pause", help_text="Leave it empty while nobody knows; it can be resumed later."
    )


class ResumeForm(MarkForm):
    until_on = DayField(label="Last day of the pause", required=True, help_text="Work goes on the day after.")

    def __init__(self, *args, initiative, **kwargs):
        super().__init__(*args, initiative=initiative, **kwargs)
        pause = current_pause(initiative)
        if pause:
            self.initial.setdefault("until_on", max(pause.from_on, today() - timedelta(days=1)))

"""What the form of an initiative asks of its fields together, each fault beside the field that can mend it."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from initiatives.actions.content import check_dates, missing_for_publication
from initiatives.actions.sharing import ASK_FIRST
from initiatives.dates import today
from initiatives.forms.rows import check_rows, refuse_repeats
from initiatives.models import COMPLETE, Initiative, Organisation, Participation, PrincipleRating, Sharing
from initiatives.similarity import similar_titles
from mtd_tracker.refs import free

NAME_LENGTH = Organisation._meta.get_field("name").max_length


def ref_made_with(token, user):
    """The ref of what this person makes with a form's token; once that is erased, of what its form makes next.

    The token as it is would tell which refs exist.
    """
    return free(uuid.uuid5(token, str(user.pk)))


@dataclass
class LookAlikes:
    """What a person is asked to look at before publishing. organisations: pairs (name typed, [Organisation])."""

    initiatives: list
    organisations: list

    def __bool__(self):
        return bool(self.initiatives or self.organisations)


class InitiativeChecks:
    """Mixin of `InitiativeForm`."""

    def clean_form_token(self):
        return ref_made_with(self.cleaned_data["form_token"], self.user)

    def clean_last_confirmed(self):
        confirmed = self.cleaned_data["last_confirmed"]
        if confirmed and confirmed.first > today():
            raise ValidationError("This day is still to come. Give the last day on which it was known to be at work.")
        return confirmed

    def clean_rated_on(self):
        day = self.cleaned_data["rated_on"] or today()
        if day > today():
            raise ValidationError("An assessment can't be dated in the future.")
        return day

    def clean_locations(self):
        return refuse_repeats(self.cleaned_data["locations"], said_of=lambda row: ", ".join(filter(None, row)))

    def clean_engagement_dates(self):
        chosen = self.cleaned_data.get("conflicts")

        def check(row):
            if chosen is not None and row[0] not in chosen:
                raise ValidationError(f"{row[0]} is not ticked above: tick it, or clear its dates.")
            return row

        rows = check_rows(self.cleaned_data["engagement_dates"], check)
        return refuse_repeats(rows, said_of=lambda row: row[0])

    def clean_organisations(self):
        def found(row):
            role, text = row
            organisation = self.directory.find(text)
            if organisation is None and len(text) > NAME_LENGTH:
                raise ValidationError(f"A name has at most {NAME_LENGTH} characters; this one has {len(text)}.")
            return role, organisation or text

        return check_rows(self.cleaned_data["organisations"], found)

    def clean(self):
        cleaned = super().clean()
        self._let_own_organisation_lead()
        self._refuse_loose_rationales()
        self._check_ratings()
        self._check_whole()
        return cleaned

    def _let_own_organisation_lead(self):
        """Where a new record comes without any word on organisations; blank rows are a word."""
        widget = self.fields["organisations"].widget
        unsaid = widget.value_omitted_from_data(self.data, self.files, "organisations")
        if unsaid and self.instance is None and self.owner:
            self.cleaned_data["organisations"] = [(Participation.Role.LEAD, self.owner)]

    def _refuse_loose_rationales(self):
        tagged = {self.cleaned_data.get("lead_track"), *self.cleaned_data.get("tracks", [])}
        for track in self.tracks:
            name = f"track-{track.code}-rationale"
            if self.cleaned_data.get(name) and track not in tagged and not {"lead_track", "tracks"} & set(self.errors):
                self.add_error(name, f"{track} is not chosen: choose it, or clear this text.")

    def ratings(self):
        """Shape: {Principle: (0-3, evidence)}; those not assessed left out."""
        said = {p: self.cleaned_data.get(f"principle-{p.code}-rating") for p in self.principles}
        return {
            principle: (rating, self.cleaned_data.get(f"principle-{principle.code}-evidence", ""))
            for principle, rating in said.items()
            if rating is not None
        }

    def _check_ratings(self):
        ratings = self.ratings()
        for principle in self.principles:
            prefix = f"principle-{principle.code}"
            if f"{prefix}-rating" in self.errors or f"{prefix}-evidence" in self.errors:
                continue
            rating, evidence = ratings.get(principle, (None, self.cleaned_data[f"{prefix}-evidence"]))
            if rating is None and evidence:
                self.add_error(f"{prefix}-rating", "There is evidence without a rating: choose one, or clear it.")
            elif rating == PrincipleRating.Rating.DEMONSTRATED and not evidence:
                self.add_error(f"{prefix}-evidence", "Write down the evidence, or choose 2.")
            else:
                self._refuse_older_assessment(principle, rating, evidence)

    def _refuse_older_assessment(self, principle, rating, evidence):
        """The latest day counts: a change dated before it would be saved, and never show."""
        stored, day = self.stored_ratings.get(principle.code), self.cleaned_data.get("rated_on")
        if rating is None or not (stored and stored.rated_on and day):
            return
        if (stored.rating, stored.evidence) != (rating, evidence) and day < stored.rated_on:
            self.add_error(
                "rated_on", f"{principle} was assessed later, on {stored.rated_on}: choose that day or a later one."
            )

    def _check_whole(self):
        """What the actions would refuse, said beside the fields; one fault a field is enough."""
        content = self.content()
        faults = missing_for_publication(content) if self.publishing else {}
        if self._leaves_organisation(content) and not self.cleaned_data["agreed"]:
            faults["agreed"] = ASK_FIRST
        try:
            check_dates(content)
        except ValidationError as error:
            faults |= error.message_dict
        for name, fault in faults.items():
            if name not in self.errors:
                self.add_error(name, fault)

    def _leaves_organisation(self, content):
        """Whether it is published for the first time, for the network or for everyone."""
        level = content.sharing or (self.instance.sharing if self.instance else Sharing.ORGANISATION)
        return self.publishing and "agreed" in self.fields and Sharing(level).is_outside

    def look_alikes(self):
        """What this may be a second record of, among what the person may open; asked once, before publishing."""
        if not (self.is_valid() and self.publishing) or self.cleaned_data["confirmed_new"]:
            return LookAlikes([], [])
        content = self.content()
        typed = {name for _, name in content.participations if isinstance(name, str)}
        alike = [(name, self.directory.like(name)) for name in sorted(typed)]
        return LookAlikes(
            initiatives=[] if self.instance and self.instance.publication in COMPLETE else self._similar_to(content),
            organisations=[(name, found[:5]) for name, found in alike if found],
        )

    def _similar_to(self, content):
        others = Initiative.objects.visible_to(self.user).exclude(pk=self.instance and self.instance.pk)
        return similar_titles(others, content.title, [system for system, _, _ in content.engagements])

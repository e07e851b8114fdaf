"""How the sections of an initiative's form are drawn: controls that belong together, side by side."""

from typing import NamedTuple

from django.forms import BoundField

from initiatives.actions.review import Way, way_of
from initiatives.forms.directory import listed
from initiatives.models import Organisation, PrincipleRating
from initiatives.permissions import may_put_forward
from taxonomy.models import Principle, Track

SUGGESTED_AT_FIRST = 50  # organisations that stand in the page; typing asks for the others


class TrackRow(NamedTuple):
    track: Track
    lead: object  # a radio button
    contributing: object  # a checkbox
    rationale: BoundField


class PrincipleRow(NamedTuple):
    principle: Principle
    rating: BoundField
    evidence: BoundField
    rated: str  # the rating in words, "" where not assessed
    is_open: bool


class PublishButton(NamedTuple):
    label: str
    note: str


NEEDED_FIRST = "a conflict system, a start, a lead track and an organisation in charge"


class InitiativeSections:
    """Mixin of `InitiativeForm`."""

    def no_lead_yet(self):
        return self["lead_track"].subwidgets[0]

    def track_rows(self):
        leads = {button.data["value"]: button for button in self["lead_track"].subwidgets}
        boxes = {box.data["value"]: box for box in self["tracks"].subwidgets}
        return [
            TrackRow(track, leads[track.code], boxes[track.code], self[f"track-{track.code}-rationale"])
            for track in self.tracks
        ]

    def principle_rows(self):
        words = {str(number): f"{number} {word}" for number, word in PrincipleRating.Rating.choices}
        rows = []
        for principle in self.principles:
            rating, evidence = (self[f"principle-{principle.code}-{part}"] for part in ("rating", "evidence"))
            said = rating.value()
            filled = said not in (None, "") or evidence.value() or rating.errors or evidence.errors
            rows.append(PrincipleRow(principle, rating, evidence, words.get(str(said), ""), bool(filled)))
        return rows

    def publish_button(self):
        """What asking to publish does, by the organisations that may own the record; None where that is for others."""
        if self.instance and not may_put_forward(self.user, self.instance):
            return None
        owners = self.own_organisations if "owner" in self.fields else [self._first_owner()]
        author = self.instance.author_id if self.instance else self.user.pk
        ways = {way_of(self.user, owner, author_id=author): owner for owner in owners}
        if set(ways) == {Way.ALONE}:
            said = "reviews before publishing, but nobody else could review this. Its history will say so."
            return PublishButton("Publish", f"{ways[Way.ALONE]} {said}")
        if Way.REVIEW not in ways:
            return PublishButton("Publish", f"Publishing asks for {NEEDED_FIRST}.")
        label = "Send for review" if len(ways) == 1 else "Publish or send for review"
        return PublishButton(label, f"{ways[Way.REVIEW]} reviews before publishing. Sending asks for {NEEDED_FIRST}.")

    def _first_owner(self):
        return self.instance.owner if self.instance else self.own_organisations[0]

    def organisation_options(self):
        seen = Organisation.objects.visible_to(self.user).only("code", "name")
        return [listed(organisation) for organisation in seen[:SUGGESTED_AT_FIRST]]

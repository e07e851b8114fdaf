"""Invented records, drawn one after the other and written many at a time."""

import uuid
from datetime import UTC, date, datetime, timedelta

from initiatives.dates import PartialDate, Precision
from initiatives.models import (
    Dimension,
    Engagement,
    Grant,
    Initiative,
    InitiativeLink,
    Location,
    Participation,
    PrincipleRating,
    Publication,
    Sharing,
    Suspension,
    TrackTag,
)
from initiatives.sample.world import COUNTRIES, NOTE, PLACES
from initiatives.sample.writing import Table
from taxonomy.models import Level, Officiality

FIRST, LAST = date(1990, 1, 1), date(2026, 12, 31)
MADE = datetime(2020, 1, 1, tzinfo=UTC)  # the first of them; each next one a minute later
WORK = ("Dialogue", "Mediation training", "Radio series", "Market talks", "Joint prayer", "Fund", "Diálogo", "حوار")
WHO = ("traders", "elders", "teachers", "young leaders", "veterans", "editors", "mothers", "fishers", "réfugiés")
SHARED = {Sharing.PUBLIC: 30, Sharing.NETWORK: 30, Sharing.ORGANISATION: 25, Sharing.RESTRICTED: 15}
STATES = {Publication.PUBLISHED: 92, Publication.DRAFT: 4, Publication.IN_REVIEW: 2, Publication.WITHDRAWN: 2}
PRECISIONS = {Precision.DAY: 5, Precision.MONTH: 3, Precision.YEAR: 2}
BESIDES = (Participation.Role.PARTNER, Participation.Role.IMPLEMENTER, Participation.Role.FUNDER)
MODELS = (
    *(Initiative, Engagement, TrackTag, Participation, PrincipleRating, Location, Suspension, Grant),
    *(InitiativeLink, Initiative.activities.through),
)


class Records:
    """Draws records into the tables of a world; `write` sends what was drawn to the database."""

    def __init__(self, world):
        self.world, self.chance = world, world.chance
        self.tables = {model: Table(model) for model in MODELS}
        self.made = 0

    def write(self):
        """In the order of what refers to what. Shape: primary keys of the initiatives."""
        keys = [row[0] for row in self.tables[Initiative].rows]
        for table in self.tables.values():
            table.write()
        return keys

    def draw(self):
        """One initiative with all its parts."""
        self.made += 1
        start, end = self._span()
        owner = self.world.organisations.one(self.chance)
        key = self._initiative(owner, start, end)
        self._engagements(key, start, end)
        for place, track in enumerate(self.world.tracks.some(self.chance, self.chance.choice((1, 1, 2, 2, 3, 4)))):
            emphasis = TrackTag.Emphasis.CONTRIBUTING if place else TrackTag.Emphasis.LEAD
            self._add(TrackTag, key, track_id=track, emphasis=emphasis, rationale="")
        self._participations(key, owner)
        self._ratings(key, start)
        self._rest(key, start)

    # ---------------------------------------------------------------- parts

    def _add(self, model, initiative, **values):
        return self.tables[model].add(initiative_id=initiative, **values)

    def _initiative(self, owner, start, end):
        chance = self.chance
        work, who, place = chance.choice(WORK), chance.choice(WHO), chance.choice(PLACES)
        author = chance.choice(self.world.people[owner])
        made = MADE + timedelta(minutes=self.made)
        confirmed = chance.random() < 0.5 and start is not None and end is None
        cancelled = start and chance.random() < 0.02
        return self.tables[Initiative].add(
            ref=uuid.UUID(int=chance.getrandbits(128), version=4),
            version=1,
            title=f"{work} with {who} in {place}, sample {self.made}",
            summary=f"{work} with {who}, a year of meetings in {place}. {NOTE}",
            description="",
            language="en",
            owner_id=owner,
            author_id=author,
            sharing=_drawn(chance, SHARED),
            publication=_drawn(chance, STATES),
            **_date_columns("start", start),
            **_date_columns("end", end),
            **_date_columns("last_confirmed", self._day_after(date(2024, 1, 1)) if confirmed else None),
            cancelled_on=self._day_after(start.first).first if cancelled else None,
            officiality=chance.choice(("", *Officiality.values)),
            level=chance.choice(("", *Level.values)),
            dimension=chance.choice(("", *Dimension.values)),
            sources="",
            shown_dates=chance.choice(("", "", "", "", "", "", "month", "year")),
            shown_places=chance.choice(("", "", "", "", "country", "region")),
            withdrawn_on=None,
            created_at=made,
            updated_at=made,
            updated_by_id=author,
        )

    def _engagements(self, key, start, end):
        systems = self.world.systems.some(self.chance, self.chance.choices((1, 2, 3), (85, 12, 3))[0])
        for place, system in enumerate(systems):
            own = place and start and self.chance.random() < 0.3  # began later there
            later = PartialDate.spanning(min(start.first.year + 1, end.last.year if end else 2026)) if own else None
            later = later if own and later.first >= start.first else None
            columns = _date_columns("start", later) | _date_columns("end", None)
            self._add(Engagement, key, conflict_system_id=system, **columns)

    def _participations(self, key, owner):
        chance = self.chance
        parts = {(owner, Participation.Role.LEAD)} if chance.random() < 0.95 else set()
        for organisation in self.world.organisations.some(chance, chance.choice((0, 1, 1, 2, 3))):
            parts.add((organisation, chance.choice(BESIDES)))
        for organisation, role in sorted(parts):
            self._add(Participation, key, organisation_id=organisation, role=role)

    def _ratings(self, key, start):
        chance = self.chance
        for principle in chance.sample(self.world.principles, min(len(self.world.principles), chance.randint(1, 6))):
            first = self._day_after(start.first if start else FIRST).first
            days = [first, first + timedelta(days=chance.randint(200, 900))] if chance.random() < 0.15 else [first]
            for day in days:
                rating = chance.randint(0, 3)
                evidence = "Seen in the minutes of the meetings." if rating == 3 else ""
                values = {"rating": rating, "evidence": evidence, "rated_on": day}
                self._add(PrincipleRating, key, principle_id=principle, **values)

    def _rest(self, key, start):
        chance = self.chance
        self._add(Location, key, country=chance.choice(COUNTRIES), place=chance.choice(("", *PLACES)))
        if self.world.activities:
            activity = chance.choice(self.world.activities)
            self._add(Initiative.activities.through, key, activitytype_id=activity)
        if start and chance.random() < 0.05:
            day = self._day_after(start.first).first
            until = day + timedelta(days=300) if chance.random() < 0.5 else None
            self._add(Suspension, key, from_on=day, until_on=until)
        if chance.random() < 0.03:
            reader = chance.choice(self.world.people[self.world.organisations.one(chance)])
            self._add(Grant, key, user_id=reader, access=Grant.Access.READ, until_on=None)
        if self.made > 1 and chance.random() < 0.1:
            self.tables[InitiativeLink].add(
                source_id=key,
                target_id=chance.randint(max(key - 500, key - self.made + 1), key - 1),
                kind=chance.choice(InitiativeLink.Kind.values),
                evidence=chance.choice(InitiativeLink.Evidence.values),
                note="",
                proposal="",
            )

    # ---------------------------------------------------------------- days

    def _span(self):
        """(start, end) as PartialDates; a few without either, half of them without an end."""
        chance = self.chance
        if chance.random() < 0.02:
            return None, None
        start = self._day_after(FIRST)
        return start, (self._day_after(start.last) if chance.random() < 0.5 else None)

    def _day_after(self, day):
        """A day from this one to the last, known to the year, the month or the day."""
        drawn = day + timedelta(days=self.chance.randint(0, max(0, (LAST - day).days)))
        return PartialDate.around(drawn, _drawn(self.chance, PRECISIONS))


def _drawn(chance, weights):
    return str(chance.choices(list(weights), list(weights.values()))[0])


def _date_columns(name, day):
    kept = day and (day.first if name == "start" else day.last)
    return {f"{name}_on": kept, f"{name}_precision": str(day.precision) if day else ""}

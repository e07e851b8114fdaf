"""Coverage written a second time, slowly and straight from the definitions, and compared over random worlds.

It reads models one by one, knows nothing of the analytics room, and follows the order of the definitions' text.
"""

import random
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from math import log
from statistics import median

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Value

from initiatives.models import (
    Engagement,
    Initiative,
    InitiativeLink,
    Localness,
    Organisation,
    Participation,
    PrincipleRating,
    Suspension,
    TrackTag,
)
from taxonomy.models import Principle, Track
from tests.factories import ConflictSystemFactory, OrganisationFactory, make_initiative
from tests.initiatives.asking import coverage_of

FIRST = date(2014, 1, 1)
DAYS = 7 * 365


PARTS = (
    "engagements__conflict_system",
    "track_tags__track__replaced_by",
    "suspensions",
    "participations__organisation",
    "principle_ratings__principle",
)


class Book:
    """The definitions, sentence by sentence, for one system.

    inside: the viewer sees every date as recorded, or a function that says so of a record. opens: the same of whether
    the viewer may open it.
    """

    def __init__(self, system, *, from_day, to_day, as_of, lead_only, inside, opens=lambda initiative: True):
        self.system, self.t = system, as_of
        self.inside = inside if callable(inside) else lambda initiative: inside
        self.from_day, self.to_day, self.lead_only = from_day, to_day, lead_only
        opened = [i for i in Initiative.objects.prefetch_related(*PARTS) if opens(i)]
        published = [i for i in opened if i.publication == "published"]
        self.named = [i for i in published if any(e.conflict_system == system for e in i.engagements.all())]
        going = [i for i in self.named if not (i.cancelled_on and self.first(i, i.cancelled_on) <= as_of)]
        population = [i for i in going if self.in_population(i)]
        self.n = [i for i in population if self.tracks(i)]
        self.untagged = len(population) - len(self.n)
        self.undated = len([i for i in going if self.start(i) is None])
        self.planned = [i for i in going if self.is_planned(i)]
        self.listed = self.list_tracks()

    def engagement(self, i):
        return next(e for e in i.engagements.all() if e.conflict_system == self.system)

    def first(self, i, day):
        """Where the viewer is told a month or a year alone, its first day."""
        if day and not self.inside(i) and i.shown_dates:
            return date(day.year, day.month if i.shown_dates == "month" else 1, 1)
        return day

    def last(self, i, day):
        """The same, its last day: the one before the next first."""
        if day and not self.inside(i) and i.shown_dates == "month":
            return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)
        if day and not self.inside(i) and i.shown_dates == "year":
            return date(day.year + 1, 1, 1) - timedelta(days=1)
        return day

    def start(self, i):
        return self.first(i, self.engagement(i).start_on or i.start_on)

    def end(self, i):
        return self.last(i, self.engagement(i).end_on or i.end_on)

    def in_population(self, i):
        last = min(self.to_day, self.t) if self.to_day else self.t
        start, end = self.start(i), self.end(i)
        in_time = start is not None and start <= last
        return in_time and (end is None or self.from_day is None or end >= self.from_day)

    def is_planned(self, i):
        start = self.start(i)
        if start is None or start <= self.t:
            return False
        return not (self.to_day and self.to_day > self.t) or start <= self.to_day

    def tracks(self, i):
        tags = [tag for tag in i.track_tags.all() if tag.emphasis == "lead" or not self.lead_only]
        return {tag.track.replaced_by or tag.track for tag in tags}

    def status(self, i):
        if self.end(i) and self.end(i) < self.t:
            return "ended"
        pauses = [(self.first(i, p.from_on), self.last(i, p.until_on)) for p in i.suspensions.all()]
        return "suspended" if [1 for a, b in pauses if a <= self.t and (not b or b >= self.t)] else "active"

    def is_unconfirmed(self, i):
        a_year_before = date(self.t.year - 1, self.t.month, min(self.t.day, 28 if self.t.month == 2 else 31))
        recently = i.last_confirmed_on is not None and self.last(i, i.last_confirmed_on) >= a_year_before
        return self.status(i) == "active" and not self.end(i) and not recently

    def on(self, track):
        return [i for i in self.n if track in self.tracks(i)]

    def list_tracks(self):
        carried = set().union(*(self.tracks(i) for i in self.n + self.planned))
        in_use = [track for track in Track.objects.order_by("position") if track.status == "in_use"]
        return in_use + [track for track in Track.objects.order_by("position") if track in carried - set(in_use)]

    def with_role(self, i, *roles):
        return {part.organisation for part in i.participations.all() if part.role in roles}

    def share(self, track):
        parts = [Fraction(1, len(self.tracks(i))) for i in self.on(track)]
        return sum(parts, Fraction(0)) / len(self.n) if self.n else Fraction(0)

    def track_row(self, track):
        records = self.on(track)
        statuses = Counter(self.status(i) for i in records)
        working = {o for i in records for o in self.with_role(i, "lead", "implementer", "partner", "mediator")}
        return (
            track.code,
            statuses["active"],
            len([i for i in self.planned if track in self.tracks(i)]),
            statuses["suspended"],
            statuses["ended"],
            len([i for i in records if self.is_unconfirmed(i)]),
            len(working),
            len({o for i in records for o in self.with_role(i, "funder")}),
            round(len(records) / len(self.n), 9) if self.n else 0,
            round(float(self.share(track)), 9),
        )

    def entropy(self):
        shares = [float(self.share(track)) for track in self.listed]
        return -sum(share * log(share) for share in shares if share)

    def co_tagging(self):
        rows = []
        for a, b in combinations(self.listed, 2):
            both = len([i for i in self.n if {a, b} <= self.tracks(i)])
            if both:
                rows.append((a.code, b.code, both, round(both / (len(self.on(a)) + len(self.on(b)) - both), 9)))
        return rows

    def flows(self):
        flows = Counter()
        n = {i.pk: i for i in self.n}
        for link in InitiativeLink.objects.all():
            if link.source_id in n and link.target_id in n:
                from_tracks, to_tracks = self.tracks(n[link.source_id]), self.tracks(n[link.target_id])
                for k in from_tracks:
                    for one in to_tracks:
                        if k != one:
                            weight = Fraction(1, len(from_tracks) * len(to_tracks))
                            flows[k.code, one.code, link.evidence] += weight
        return {key: round(float(weight), 9) for key, weight in flows.items()}

    def principles(self):
        rows = {}
        for principle in Principle.objects.all():
            for track in self.listed:
                latest = []
                for i in self.on(track):
                    ratings = [r for r in i.principle_ratings.all() if r.principle == principle]
                    days = {r: self.first(i, r.rated_on) or date.min for r in ratings}
                    known = [r for r in ratings if days[r] <= self.t]
                    latest += sorted(known, key=lambda r: (days[r], r.pk))[-1:]
                if latest:
                    values = [r.rating for r in latest]
                    rows[principle.code, track.code] = (
                        len(latest),
                        len([value for value in values if value in (2, 3)]),
                        len([r for r in latest if r.evidence]),
                        median(values) if len(values) >= 3 else None,
                    )
        return rows

    def years(self):
        if not self.n:
            return []
        first = min(self.start(i).year for i in self.n)
        first = max(first, self.from_day.year) if self.from_day else first
        last = min(self.to_day.year, self.t.year) if self.to_day else self.t.year
        return [
            (
                year,
                track.code,
                len([i for i in self.on(track) if self.ran_in(i, year)]),
                len([i for i in self.on(track) if self.start(i).year == year]),
                len([i for i in self.on(track) if self.end(i) and self.end(i).year == year]),
            )
            for year in range(first, last + 1)
            for track in self.listed
        ]

    def ran_in(self, i, year):
        ends = self.end(i) or date.max
        return self.start(i) <= min(date(year, 12, 31), self.t) and ends >= date(year, 1, 1)

    def concentration(self):
        weights, without = Counter(), 0
        for i in self.n:
            carrying = self.with_role(i, "lead", "implementer")
            without += not carrying
            for organisation in carrying:
                weights[organisation] += Fraction(1, len(carrying))
        total = sum(weights.values())
        hhi = float(sum((weight / total) ** 2 for weight in weights.values())) if weights else None
        return len(weights), without, hhi

    def critical(self):
        found = []
        for track in self.listed:
            active = [i for i in self.on(track) if self.status(i) == "active"]
            for organisation in Organisation.objects.order_by("name"):
                left = [i for i in active if organisation not in self.with_role(i, "lead", "implementer")]
                if active and not left:
                    found.append((track.code, organisation.code))
        return found

    def localness(self, *roles):
        rows = Localness.objects.filter(conflict_system=self.system)
        local = {row.organisation_id: row.is_local for row in rows}
        answers = []
        for i in self.n:
            answers.append([local[o.pk] for o in self.with_role(i, *roles) if o.pk in local])
        return len([one for one in answers if True in one]), len([one for one in answers if one])

    def completeness(self):
        in_charge = [i for i in self.named if self.with_role(i, "lead", "mediator", "party")]
        complete = [i for i in in_charge if self.start(i) and self.tracks(i)]
        return len(complete) / len(self.named) if self.named else None


# ---------------------------------------------------------------- random worlds


def make_world(chance, tracks, principles):
    """Some thirty records over two systems, with every kind of oddity."""
    tracks = list(tracks.values())
    tracks[0].status, tracks[0].replaced_by = "retired", tracks[1]
    tracks[8].status = "retired"
    for track in (tracks[0], tracks[8]):
        track.save()
    systems = [ConflictSystemFactory(), ConflictSystemFactory()]
    organisations = [OrganisationFactory() for _ in range(5)]
    for organisation in organisations[:3]:
        Localness.objects.create(organisation=organisation, conflict_system=systems[0], is_local=chance.random() < 0.5)
    records = [_make_record(chance, tracks, principles, systems, organisations) for _ in range(chance.randint(0, 30))]
    for _ in range(len(records)):
        source, target = chance.sample(records, 2) if len(records) > 1 else (None, None)
        if source:
            InitiativeLink.objects.get_or_create(
                source=source,
                target=target,
                kind=chance.choice(InitiativeLink.Kind.values),
                defaults={"evidence": chance.choice(InitiativeLink.Evidence.values)},
            )
    return systems[0]


def _make_record(chance, tracks, principles, systems, organisations):
    start, end = _span(chance)
    record = make_initiative(
        conflicts=chance.choice([systems, systems[:1], systems[1:]]),
        tracks=chance.sample(tracks, chance.choice([0, 1, 1, 2, 3])),
        start=chance.choice([None] + [start] * 9),
        organisations={
            (chance.choice(Participation.Role.values), chance.choice(organisations))
            for _ in range(chance.randint(0, 4))
        },
        publication=chance.choice(["published"] * 9 + ["draft"]),
        cancelled_on=chance.choice([None] * 9 + [_day(chance)]),
        last_confirmed=chance.choice([None, _day(chance).isoformat()]),
        shown_dates=chance.choice(["", "", "month", "year"]),
    )
    if record.start and end:
        record.end_on, record.end_precision = date.fromisoformat(end), "day"
        record.save()
    if chance.random() < 0.2:
        TrackTag.objects.filter(initiative=record).update(emphasis="contributing")
    if chance.random() < 0.2:
        own_start = record.start_on or _day(chance)
        Engagement.objects.filter(initiative=record).update(start_on=own_start, start_precision="day")
    ways_to_end = [[None, 300], [300]]  # at most one of its pauses is open
    for lengths in chance.choice([[]] * 6 + [ways_to_end[:1]] * 2 + [ways_to_end]):
        pause, length = _day(chance), chance.choice(lengths)
        until_on = pause + timedelta(days=length) if length else None
        Suspension.objects.create(initiative=record, from_on=pause, until_on=until_on)
    for principle in principles.values():
        for rated_on in chance.sample([None, _day(chance), _day(chance)], chance.randint(0, 2)):
            PrincipleRating.objects.update_or_create(
                initiative=record,
                principle=principle,
                rated_on=rated_on,
                defaults={"rating": chance.randint(0, 3), "evidence": chance.choice(["", "Seen."])},
            )
    return record


def _day(chance):
    return FIRST + timedelta(days=chance.randrange(DAYS))


def _span(chance):
    """(start, end or None), as text."""
    start, end = sorted((_day(chance), _day(chance)))
    return chance.choice([start.isoformat(), str(start.year)]), chance.choice([None, end.isoformat()])


def make_question(chance):
    from_day, to_day = sorted((_day(chance), _day(chance)))
    from_day, to_day = chance.choice([None, from_day]), chance.choice([None, to_day])
    return {"from_day": from_day, "to_day": to_day, "as_of": _day(chance), "lead_only": chance.random() < 0.2}


def as_text(question):
    return {
        name: value.isoformat() if isinstance(value, date) else "on"
        for name, value in question.items()
        if value not in (None, False)
    }


SEEDS = [*range(20), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(20, 500))]


def assert_the_same(book, site):
    assert_same_population(book, site)
    assert_same_ties(book, site)
    assert_same_rest(book, site)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_book_and_the_site_tell_the_same(tracks, principles, seed):
    chance = random.Random(seed)  # noqa: S311  worlds, no secrets
    system = make_world(chance, tracks, principles)
    for inside in (True, False, False):
        question = make_question(chance)
        initiatives = Initiative.objects.annotate(reads_exactly=Value(inside))
        site = coverage_of(system, initiatives=initiatives, **as_text(question))
        assert_the_same(Book(system, **question, inside=inside), site)


@pytest.mark.parametrize("seed", SEEDS)
def test_they_tell_each_viewer_the_same(tracks, principles, alice, maria, olga, curator, bridge, seed):
    """By what sharing says in words: whom a record is open to, and whom its dates are told as recorded."""
    chance = random.Random(seed)  # noqa: S311  worlds, no secrets
    system = make_world(chance, tracks, principles)
    members, named = {alice: bridge, maria: bridge, olga: olga.memberships.get().organisation}, {}
    for record in Initiative.objects.all():
        _share(chance, record, members, named)
    for viewer in (alice, maria, olga, curator, AnonymousUser()):
        question = make_question(chance)

        def inside(i, viewer=viewer):
            return viewer in members and (
                i.owner == members[viewer] or i.author == viewer or viewer in named.get(i.pk, ())
            )

        def opens(i, viewer=viewer):
            return (viewer in members and viewer in named.get(i.pk, ())) or {
                "public": True,
                "network": viewer in members or viewer == curator,
                "organisation": members.get(viewer) == i.owner,
                "restricted": viewer in members and i.author == viewer,
            }[i.sharing]

        seen = Initiative.objects.visible_to(viewer)
        book = Book(system, **question, inside=inside, opens=opens)
        assert_the_same(book, coverage_of(system, initiatives=seen, **as_text(question)))
        assert_the_same(book, coverage_of(system, initiatives=seen.filter(pk__gt=0), **as_text(question)))


def _share(chance, record, members, named):
    record.author = chance.choice([None, *members])
    record.owner = members[record.author] if record.author else chance.choice(list(members.values()))
    record.sharing = chance.choice(["public", "network", "organisation", "restricted"])
    record.save()
    if chance.random() < 0.2:
        reader = chance.choice(list(members))
        record.grants.create(user=reader, access="read")
        named[record.pk] = [reader]


def assert_same_population(book, site):
    assert (len(book.n), len(book.planned)) == (site.initiatives, site.planned)
    assert (book.untagged, book.undated) == (site.untagged, site.undated)
    assert [book.track_row(track) for track in book.listed] == [
        (
            row.track.code,
            row.active,
            row.planned,
            row.suspended,
            row.ended,
            row.unconfirmed,
            row.organisations,
            row.funders,
            round(row.reach, 9),
            round(row.share, 9),
        )
        for row in site.tracks
    ]
    if book.n:
        assert log(site.effective_tracks) == pytest.approx(book.entropy(), abs=1e-9)
        assert site.evenness_nine == pytest.approx(book.entropy() / log(len(book.listed)), abs=1e-9)
    assert site.breadth == len([row for row in site.tracks if row.active])


def assert_same_ties(book, site):
    flows = {(flow.source.code, flow.target.code, flow.evidence): round(flow.weight, 9) for flow in site.flows}
    assert book.flows() == flows
    assert book.co_tagging() == [
        (tie.a.code, tie.b.code, tie.initiatives, round(tie.jaccard, 9)) for tie in site.co_tagging
    ]
    pairs = {frozenset(row[:2]) for row in book.co_tagging()} | {frozenset(key[:2]) for key in book.flows()}
    possible = len(book.listed) * (len(book.listed) - 1) / 2
    assert site.pair_coverage == pytest.approx(len(pairs) / possible)
    lonely = [
        row.track.code for row in site.tracks if row.active and not any(row.track.code in pair for pair in pairs)
    ]
    assert lonely == [track.code for track in site.isolated]


def assert_same_rest(book, site):
    assert book.principles() == {
        (cell.principle.code, cell.track.code): (cell.assessed, cell.practised, cell.evidenced, cell.median)
        for cell in site.principles
    }
    assert book.years() == [(row.year, row.track.code, row.active, row.started, row.ended) for row in site.years]
    organisations, without, hhi = book.concentration()
    assert (organisations, without) == (site.concentration.organisations, site.concentration.without)
    assert site.concentration.hhi == pytest.approx(hhi)
    assert book.critical() == [(track.code, organisation.code) for track, organisation in site.critical]
    assert book.localness("lead", "implementer", "partner") == (site.localness.local, site.localness.known)
    assert book.localness("lead") == (site.localness.led, site.localness.led_known)
    assert site.completeness == pytest.approx(book.completeness())

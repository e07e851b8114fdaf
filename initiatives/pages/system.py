"""Conflict systems with what belongs to them, each page's in one query: their tables are small, and many."""

from collections import defaultdict
from functools import cached_property, partial

from django.db.models import Case, When

from initiatives.alphabet import by_name
from initiatives.drawing.charts import phase_line
from initiatives.models import ConflictExternalId, ConflictSystem, DisputedClaim, Phase
from initiatives.options import TermOptions
from mtd_tracker.together import Together, made_of
from taxonomy.models import Track

PHASE = ("kind", "start_on", "start_precision")
NAMED = ("id", "code", "name")
EXTERNAL_ID = ("scheme", "identifier", "release")
CLAIM = ("id", "claim", "source", "doubt")


class SystemPage:
    """What stands around the figures of one system. Queries: one."""

    def __init__(self, system):
        self._read = Together(
            phases=(system.phases.all(), PHASE),
            parts=(system.children.all(), NAMED),
            related=(system.related.all(), NAMED),
            external_ids=(system.external_ids.all(), EXTERNAL_ID),
            claims=(system.disputed_claims.all(), CLAIM),
        )

    @property
    def phases(self):
        phases = self._those("phases", Phase, PHASE)
        return phase_line(sorted(phases, key=lambda phase: phase.start_on))

    @cached_property
    def parts(self):
        return by_name(self._those("parts", ConflictSystem, NAMED))

    @cached_property
    def related(self):
        return by_name(self._those("related", ConflictSystem, NAMED))

    @cached_property
    def external_ids(self):
        numbers = self._those("external_ids", ConflictExternalId, EXTERNAL_ID)
        return sorted(numbers, key=lambda one: (one.scheme, one.identifier))

    @cached_property
    def claims(self):
        return sorted(self._those("claims", DisputedClaim, CLAIM), key=lambda claim: claim.pk)

    def _those(self, name, model, fields):
        return made_of(self._read[name], model, fields)


class AllSystems:
    """Every system by name, with its parent and its parts; with them the tracks, and what `lens` says of these.
    Queries: one."""

    FIELDS = (*NAMED, "parent_id", "invented")

    def __init__(self, lens):
        systems = ConflictSystem.objects.annotate(is_invented=Case(When(invented=True, then=1), default=0))
        tracks = TermOptions(Track)
        lens.read = read = Together(
            **lens.PARTS, tracks=tracks.part, systems=(systems, (*NAMED, "parent", "is_invented"))
        )
        tracks.read = partial(read.__getitem__, "tracks")
        self._read, self._tracks = read, tracks

    @property
    def tracks(self):
        """What each counts as, by primary key."""
        return self._tracks.counted_under

    @cached_property
    def systems(self):
        found = made_of(self._read["systems"], ConflictSystem, self.FIELDS)
        own = {system.pk: system for system in found}
        for system in found:
            system.parent = own.get(system.parent_id)
        return by_name(found)

    @cached_property
    def _parts(self):
        parts = defaultdict(list)
        for system in self.systems:
            parts[system.parent_id].append(system)
        return parts

    def parts_of(self, system):
        return self._parts[system.pk]

"""How a reader wants the circle and the lanes drawn; kept in the address, and says nothing of records."""

from dataclasses import dataclass

from initiatives.models import InitiativeLink

PARAMETERS = ("turn", "arcs", "flows")
OFF = "off"
LEVELS = tuple(InitiativeLink.Evidence.values)


@dataclass(frozen=True)
class Switch:
    """One level of evidence, drawn or not. then: what `flows` becomes when it is switched; None for leaving it out."""

    level: str
    drawn: bool
    then: tuple[str, ...] | None


@dataclass(frozen=True)
class Drawing:
    """Turned by so many places, with or without its arcs. levels: of evidence, whose arrows are drawn."""

    turn: int = 0
    arcs: bool = True
    levels: tuple[str, ...] = LEVELS

    @classmethod
    def asked(cls, query):
        """What the query string asks for; what can't be read there counts as not asked."""
        turn, flows = query.get("turn", ""), query.getlist("flows")
        return cls(
            turn=int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 4 else 0,
            arcs=query.get("arcs") != OFF,
            levels=() if OFF in flows else tuple(level for level in LEVELS if level in flows) or LEVELS,
        )

    def switches(self, present):
        """One for each of the levels that are present, in the model's order."""
        return [Switch(level, level in self.levels, self._switched(level)) for level in LEVELS if level in present]

    def _switched(self, switched):
        """None where every level is drawn then, as without the parameter."""
        drawn = tuple(level for level in LEVELS if (level in self.levels) != (level == switched))
        return None if drawn == LEVELS else drawn or (OFF,)

"""How a reader wants the circle drawn; kept in the address, and says nothing of records."""

from dataclasses import dataclass

PARAMETERS = ("turn", "arcs", "flows")
OFF = "off"


@dataclass(frozen=True)
class Drawing:
    """Turned by so many places, with or without its lines."""

    turn: int = 0
    arcs: bool = True
    flows: bool = True

    @classmethod
    def asked(cls, query):
        """What the query string asks for; what can't be read there counts as not asked."""
        turn = query.get("turn", "")
        return cls(
            turn=int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 4 else 0,
            arcs=query.get("arcs") != OFF,
            flows=query.get("flows") != OFF,
        )

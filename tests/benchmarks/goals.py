"""What is to hold. Each limit is on a ratio; a goal is missed only if the tenth percentile of the rounds misses it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """At most floor times its own SQL by hand and bare times the bare page together, and so many queries besides
    those for session and user; with a hundred times the records at most grows times as long."""

    name: str
    address: str
    floor: float
    bare: float
    queries: int
    grows: float | None = None


def pages(*, middling, largest):
    """middling, largest: conflict systems."""
    return [
        Page("dashboard, middling system", f"{middling.get_absolute_url()}?from=2021", 1.5, 4, 8, grows=4),
        Page("dashboard, largest system", f"{largest.get_absolute_url()}?from=2021", 1.5, 4, 8, grows=30),
        Page("all systems", "/conflicts/", 1.2, 12, 4, grows=8),
        Page("list", "/initiatives/", 1.25, 5, 5, grows=2.5),
        Page("list, filtered", f"/initiatives/?conflict={largest.code}&status=active&track=business", 1.25, 5, 5),
        Page("list, text", "/initiatives/?q=mediation", 1.25, 5, 5),
    ]


PUBLISHING = 1.6  # times the same where nothing derived is kept
LIST_TO_ADMIN = 1 / 5

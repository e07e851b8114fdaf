"""The three kinds of term, as addresses and sentences name them."""

from dataclasses import dataclass

from taxonomy.models import ActivityType, Principle, Term, Track


@dataclass(frozen=True)
class Kind:
    slug: str
    model: type[Term]
    noun: str
    plural: str

    def __str__(self):
        return self.slug


TRACKS = Kind("tracks", Track, "track", "tracks")
PRINCIPLES = Kind("principles", Principle, "principle", "principles")
ACTIVITIES = Kind("activities", ActivityType, "activity type", "activity types")

KINDS = {kind.slug: kind for kind in (TRACKS, PRINCIPLES, ACTIVITIES)}


class KindConverter:
    """Path converter: `tracks`, `principles` or `activities` to its Kind."""

    regex = "|".join(KINDS)

    def to_python(self, value):
        return KINDS[value]

    def to_url(self, value):
        return str(value)

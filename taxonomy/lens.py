"""The reader's lens: the scheme whose numbers track labels carry. Kept in a cookie, for signed-out readers too."""

from django.db.models import Case, When
from django.utils.functional import SimpleLazyObject, cached_property

from mtd_tracker.together import Apart
from taxonomy.models import Mapping, Scheme

COOKIE = "lens"
MAX_AGE = 365 * 24 * 3600  # seconds

# A related term is not a term for the track: under it, the track's name stands alone.
LABELLING = (Mapping.Match.EXACT, Mapping.Match.CLOSE, Mapping.Match.NARROW, Mapping.Match.BROAD)


class Lens:
    """A scheme, and the label that it gives each track.

    Queries: one, and one for labels; none where a page reads them with its own and puts its Together into `read`.
    """

    # What it reads, as parts of an Apart or a Together.
    PARTS = {
        "schemes": (
            Scheme.objects.annotate(first=Case(When(canonical=True, then=1), default=0)),
            ("id", "code", "name", "position", "first", "source", "note"),
        ),
        "labels": (
            Mapping.objects.filter(match__in=LABELLING),
            ("match", "term__position", "term", "term__scheme", "track", "term__label"),
        ),
    }

    def __init__(self, code=None):
        self.code = code
        self.read = Apart(**self.PARTS)

    @cached_property
    def scheme(self):
        """The scheme asked for, else the canonical one; None before any taxonomy is loaded."""
        schemes = {scheme.code: scheme for scheme in self.schemes}
        return schemes.get(self.code) or next((s for s in self.schemes if s.canonical), None)

    @cached_property
    def schemes(self):
        """In their order."""
        schemes = [
            Scheme(pk=key, code=code, name=name, position=position, canonical=bool(first), source=source, note=note)
            for key, code, name, position, first, source, note in self.read["schemes"]
        ]
        return sorted(schemes, key=lambda scheme: (scheme.position, scheme.code))

    @cached_property
    def labels(self):
        """{track's primary key: label}, each from the term that matches best; of equals, the scheme's first."""
        own = [row for row in self.read["labels"] if self.scheme and row[3] == self.scheme.pk]
        labels = {}
        for *_, track, label in sorted(own, key=lambda row: (LABELLING.index(row[0]), *row[1:3])):
            labels.setdefault(track, label)
        return labels

    def label(self, track):
        """The scheme's label for this track, or "" where it has none."""
        return self.labels.get(track.pk, "")

    def text(self, track):
        """Label and name, for places that hold text alone: "3 Business"."""
        return f"{self.label(track)} {track.name}".strip()


def lens_of(request):
    """The reader's lens; one a request, so that view and templates ask the database once."""
    if not hasattr(request, "_lens"):
        request._lens = Lens(request.COOKIES.get(COOKIE))
    return request._lens


def lens(request):
    """Template context: `lens`."""
    return {"lens": SimpleLazyObject(lambda: lens_of(request))}

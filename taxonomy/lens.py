"""The reader's lens: the scheme whose numbers track labels carry. Kept in a cookie, for signed-out readers too."""

from django.utils.functional import SimpleLazyObject, cached_property

from taxonomy.models import Mapping, Scheme

COOKIE = "lens"
MAX_AGE = 365 * 24 * 3600  # seconds

# A related term is not a term for the track: under it, the track's name stands alone.
LABELLING = (Mapping.Match.EXACT, Mapping.Match.CLOSE, Mapping.Match.NARROW, Mapping.Match.BROAD)


def _closest_first(mapping):
    return LABELLING.index(mapping.match), mapping.term.position, mapping.term_id


class Lens:
    """A scheme, and the label that it gives each track. Queries: one for the scheme, one for the labels."""

    def __init__(self, code=None):
        self.code = code

    @cached_property
    def scheme(self):
        """The scheme asked for, else the canonical one; None before any taxonomy is loaded."""
        schemes = {scheme.code: scheme for scheme in self.schemes}
        return schemes.get(self.code) or next((s for s in self.schemes if s.canonical), None)

    @cached_property
    def schemes(self):
        return list(Scheme.objects.all())

    @cached_property
    def labels(self):
        """{track's primary key: label}, each from the term that matches best; of equals, the scheme's first."""
        mappings = Mapping.objects.filter(term__scheme=self.scheme, match__in=LABELLING).select_related("term")
        labels = {}
        for mapping in sorted(mappings, key=_closest_first):
            labels.setdefault(mapping.track_id, mapping.term.label)
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

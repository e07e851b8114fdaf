"""How every scheme names the tracks: one row a track, one cell a scheme."""

from dataclasses import dataclass

from django.db.models import Prefetch

from taxonomy.models import Mapping, Scheme, SchemeTerm, Track


@dataclass(frozen=True)
class Cell:
    """What one scheme calls one track. mappings: empty where it has no term."""

    scheme: Scheme
    mappings: tuple[Mapping, ...]


@dataclass(frozen=True)
class Row:
    track: Track
    cells: tuple[Cell, ...]

    @property
    def named(self):
        """The cells of the schemes that have a term for the track."""
        return [cell for cell in self.cells if cell.mappings]


@dataclass(frozen=True)
class Crosswalk:
    """bridges, levels: the terms that stand for an officiality or a level, whatever they are related to beside."""

    schemes: tuple[Scheme, ...]
    rows: tuple[Row, ...]
    bridges: tuple[SchemeTerm, ...]
    levels: tuple[SchemeTerm, ...]


def crosswalk(tracks):
    """The crosswalk of these tracks over every scheme.

    Shape: rows in the order of `tracks`, cells in the order of the schemes; within a cell in the scheme's order.
    Queries: three, however many schemes and tracks there are.
    """
    mappings = Mapping.objects.order_by("term__position", "pk")
    terms = SchemeTerm.objects.order_by("position", "pk").prefetch_related(Prefetch("mappings", queryset=mappings))
    schemes = list(Scheme.objects.prefetch_related(Prefetch("terms", queryset=terms)))
    all_terms = [term for scheme in schemes for term in scheme.terms.all()]
    return Crosswalk(
        schemes=tuple(schemes),
        rows=tuple(Row(track, tuple(_cell(scheme, track) for scheme in schemes)) for track in tracks),
        bridges=tuple(term for term in all_terms if term.officiality),
        levels=tuple(term for term in all_terms if term.level),
    )


def _cell(scheme, track):
    mappings = (mapping for term in scheme.terms.all() for mapping in term.mappings.all())
    return Cell(scheme, tuple(mapping for mapping in mappings if mapping.track_id == track.pk))

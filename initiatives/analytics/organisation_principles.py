"""How far the principles are lived on each track of one organisation's work: counted in the database.

Source: docs/definitions.md, "Principles x tracks" and "Portfolio of an organisation".
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from initiatives.analytics.figures import PrincipleOnTrack
from initiatives.analytics.portfolio import counts_as, takes_in
from initiatives.analytics.principles import principles_on_tracks
from initiatives.models import BEGUN, PrincipleRating, TrackTag
from initiatives.models.coarsening import shown_day
from initiatives.timing import initiatives_on, is_unconfirmed, with_status
from taxonomy.models import Principle, Track
from taxonomy.order import listed


@dataclass(frozen=True)
class OrganisationPrinciples:
    """initiatives: N, over all conflict systems, each once. tracks: in circle order, a retired one only where an
    assessed record carries it."""

    initiatives: int
    tracks: tuple[Track, ...]
    principles: tuple[PrincipleOnTrack, ...]


def organisation_principles(initiatives, *, organisation, period, reader, statuses=(), unconfirmed=False):
    """Principles by tracks over the work that an organisation has any part in, by the initiatives' own dates.

    initiatives: a queryset of what the reader may open (`visible_to`). statuses, unconfirmed: where the question
    narrows to them. Queries: four, however many records there are.
    """
    tags = TrackTag.objects.counting(lead_only=period.lead_only)
    theirs = initiatives.filter(takes_in(organisation), Exists(tags.filter(initiative=OuterRef("pk"))))
    asked = [status for status in BEGUN if not statuses or status in statuses]
    counted = initiatives_on(period.as_of, theirs, reader).filter(with_status(asked, period))
    if unconfirmed:
        counted = counted.filter(is_unconfirmed(period))
    counted_as, principles = Track.objects.counted_under(), Principle.objects.counted_under()
    rated = _rated(counted, principles, counted_as, period, reader)
    tracks = listed(counted_as, carried={track for _, _, track, *_ in rated})
    return OrganisationPrinciples(counted.order_by().count(), tracks, principles_on_tracks(tracks, principles, rated))


def _rated(counted, principles, tracks, period, reader):
    """By the latest rating of each principle on or before the as-of day, an undated one being the oldest.

    Shape: [("", principle, track, rating, how many, with evidence)], keys of what they count as.
    """
    since = shown_day("rated_on", keeps="first", reader=reader, initiative="initiative__")
    ratings = PrincipleRating.objects.annotate(own=counts_as("principle", principles)).alias(since=since)
    known = ratings.filter(Q(rated_on=None) | Q(since__lte=period.as_of))
    latest = known.filter(initiative=OuterRef("initiative"), own=OuterRef("own"))
    latest = latest.order_by(F("since").desc(nulls_last=True), "-pk").values("pk")[:1]
    rows = known.filter(initiative__in=counted.order_by().values("pk"), pk=Subquery(latest))
    if period.lead_only:
        rows = rows.filter(initiative__track_tags__emphasis=TrackTag.Emphasis.LEAD)
    rows = rows.annotate(track=counts_as("initiative__track_tags__track", tracks))
    numbers = (
        rows.order_by()
        .values_list("own", "track", "rating")
        .annotate(
            n=Count("initiative", distinct=True), evidenced=Count("initiative", distinct=True, filter=~Q(evidence=""))
        )
    )
    return [("", *row) for row in numbers]

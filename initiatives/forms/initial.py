"""What the form of an initiative shows before anyone types: the way back from `InitiativeForm.content`."""

from datetime import date

from django.db.models import Prefetch, prefetch_related_objects

from initiatives.dates import PartialDate, today
from initiatives.forms.directory import listed
from initiatives.forms.rows import Row
from initiatives.models import Engagement, Grant, Participation, PrincipleRating, Sharing, TrackTag

PLAIN = ("title", "summary", "description", "language", "start", "end", "last_confirmed", "cancelled_on")
SORTING = ("officiality", "level", "dimension", "sharing", "shown_dates", "shown_places")
SHOWN = (  # parts that the form shows, and what they refer to
    "activities",
    "locations",
    "suspensions",
    "external_ids",
    Prefetch("participations", Participation.objects.select_related("organisation")),
    Prefetch("grants", Grant.objects.select_related("user")),
    Prefetch("engagements", Engagement.objects.select_related("conflict_system")),
    Prefetch("track_tags", TrackTag.objects.select_related("track")),
    Prefetch("principle_ratings", PrincipleRating.objects.select_related("principle")),
)


def initial_of_new(organisation):
    """A new initiative is led by the person's own organisation, and shared with it, unless they say otherwise."""
    return {
        "organisations": [Row((Participation.Role.LEAD, listed(organisation)))],
        "language": "en",
        "sharing": Sharing.ORGANISATION,
        "owner": organisation.code,
        "rated_on": today(),
        "lead_track": "",
    }


def read_parts(initiative):
    """Have at hand what the form shows. Queries: one a kind of part; none of a past record, which holds its own."""
    prefetch_related_objects([initiative], *SHOWN)


def initial_of(initiative, ratings):
    """Everything that a record holds, as the form writes it. ratings: from `latest_ratings`."""
    return {
        **{name: getattr(initiative, name) for name in (*PLAIN, *SORTING)},
        "sources": initiative.source_lines,
        "activities": [activity.code for activity in initiative.activities.all()],
        "locations": [Row((place.country.code, place.place)) for place in initiative.locations.all()],
        "suspensions": [Row((pause.from_on, pause.until_on)) for pause in initiative.suspensions.all()],
        "external_ids": [Row((other.scheme, other.identifier)) for other in initiative.external_ids.all()],
        "owner": initiative.owner.code,
        "rated_on": today(),
        **_participations(initiative),
        **initial_grants(initiative.grants.all()),
        **_engagements(initiative),
        **_tracks(initiative),
        **_ratings(ratings),
    }


def latest_ratings(initiative):
    """Shape: {code of the principle: PrincipleRating}."""
    rows = sorted(initiative.principle_ratings.all(), key=lambda row: row.rated_on or date.min)
    return {row.principle.code: row for row in rows}


def _participations(initiative):
    parts = initiative.participations.all()
    return {"organisations": [Row((part.role, listed(part.organisation))) for part in parts]}


def initial_grants(grants):
    return {"grants": [Row((grant.user.email, grant.access, grant.until_on)) for grant in grants]}


def initial_of_sharing(initiative):
    """What the form on who reads a record starts with. Queries: two."""
    partners = initiative.organisation_grants.select_related("organisation")
    return {
        "sharing": initiative.sharing,
        "owner": initiative.owner.code,
        "shown_dates": initiative.shown_dates,
        "shown_places": initiative.shown_places,
        "partners": [Row((listed(partner.organisation), partner.until_on)) for partner in partners],
        **initial_grants(initiative.grants.select_related("user")),
    }


def _engagements(initiative):
    engagements = initiative.engagements.all()
    own_dates = [e for e in engagements if e.start or e.end]
    return {
        "conflicts": [e.conflict_system.code for e in engagements],
        "engagement_dates": [Row((e.conflict_system.code, _typed(e.start), _typed(e.end))) for e in own_dates],
    }


def _typed(date):
    return date.iso if isinstance(date, PartialDate) else ""


def _tracks(initiative):
    tags = initiative.track_tags.all()
    lead = [tag.track.code for tag in tags if tag.emphasis == TrackTag.Emphasis.LEAD]
    return {
        "lead_track": lead[0] if lead else "",
        "tracks": [tag.track.code for tag in tags if tag.emphasis == TrackTag.Emphasis.CONTRIBUTING],
        **{f"track-{tag.track.code}-rationale": tag.rationale for tag in tags},
    }


def _ratings(ratings):
    initial = {}
    for code, row in ratings.items():
        initial |= {f"principle-{code}-rating": row.rating, f"principle-{code}-evidence": row.evidence}
    return initial

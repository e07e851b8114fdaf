"""What a revision holds: the initiative with everything that hangs on it, so that it can be brought back whole."""

import reversion

from initiatives.models import (
    ConflictExternalId,
    ConflictSystem,
    Engagement,
    ExternalId,
    Grant,
    Initiative,
    InitiativeLink,
    Localness,
    Location,
    LogEntry,
    Membership,
    Organisation,
    OrganisationGrant,
    Participation,
    Phase,
    PrincipleRating,
    Suspension,
    TrackTag,
)

INITIATIVE_PARTS = (
    "engagements",
    "participations",
    "track_tags",
    "principle_ratings",
    "locations",
    "suspensions",
    "external_ids",
    "grants",
    "organisation_grants",
    "links_out",
)

reversion.register(Initiative, follow=INITIATIVE_PARTS)
for part in (
    Engagement,
    Participation,
    TrackTag,
    PrincipleRating,
    Location,
    Suspension,
    ExternalId,
    Grant,
    OrganisationGrant,
    InitiativeLink,
):
    reversion.register(part)
reversion.register(LogEntry)
reversion.register(ConflictSystem, follow=("phases", "external_ids"))
reversion.register(Phase)
reversion.register(ConflictExternalId)
reversion.register(Organisation, follow=("localness",))
reversion.register(Localness)
reversion.register(Membership)

"""What a revision holds: the initiative with everything that hangs on it, so that it can be brought back whole."""

import reversion
from reversion.models import Version

from initiatives.models import (
    ConflictExternalId,
    ConflictSystem,
    CoverageStatement,
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
    Publication,
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
reversion.register(CoverageStatement)
reversion.register(Organisation, follow=("localness",))
reversion.register(Localness)
reversion.register(Membership)


def was_published(initiative):
    """Whether it ever was more than a draft; one that was taken back to a draft stays so. Queries: at most one."""
    if initiative.publication != Publication.DRAFT or initiative.withdrawn_on:
        return True
    kept = Version.objects.get_for_object(initiative)
    # In text that a person wrote, the quotation marks would be escaped.
    return kept.filter(serialized_data__contains=f'"publication": "{Publication.PUBLISHED}"').exists()

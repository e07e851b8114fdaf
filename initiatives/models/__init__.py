"""What people do, and with whom: one file a noun."""

from initiatives.models.conflict import (
    ConflictExternalId,
    ConflictSystem,
    CoverageStatement,
    DisputedClaim,
    Engagement,
    Phase,
)
from initiatives.models.grant import Grant
from initiatives.models.initiative import Dimension, ExternalId, Initiative, Location, Sharing, Suspension
from initiatives.models.link import InitiativeLink
from initiatives.models.log import LogEntry
from initiatives.models.organisation import Localness, Membership, Organisation, Participation
from initiatives.models.status import BEGUN, Publication, Status
from initiatives.models.tagging import PrincipleRating, TrackTag

__all__ = [
    "BEGUN",
    "ConflictExternalId",
    "ConflictSystem",
    "CoverageStatement",
    "Dimension",
    "DisputedClaim",
    "Engagement",
    "ExternalId",
    "Grant",
    "Initiative",
    "InitiativeLink",
    "Localness",
    "Location",
    "LogEntry",
    "Membership",
    "Organisation",
    "Participation",
    "Phase",
    "PrincipleRating",
    "Publication",
    "Sharing",
    "Status",
    "Suspension",
    "TrackTag",
]

"""What people do, and with whom: one file a noun."""

from initiatives.models.autosave import Autosave
from initiatives.models.coarsening import AS_RECORDED, ShownDates, ShownPlaces
from initiatives.models.conflict import (
    ConflictExternalId,
    ConflictSystem,
    DisputedClaim,
    Engagement,
    Phase,
)
from initiatives.models.coverage_statement import CoverageStatement
from initiatives.models.grant import Grant, OrganisationGrant
from initiatives.models.initiative import (
    Dimension,
    ExternalId,
    Initiative,
    Location,
    Sharing,
    Suspension,
)
from initiatives.models.invitation import Invitation
from initiatives.models.keeper import KeeperNaming
from initiatives.models.link import InitiativeLink
from initiatives.models.log import LogEntry
from initiatives.models.organisation import Localness, Membership, Organisation, Participation
from initiatives.models.question import SavedQuestion
from initiatives.models.reading import Reading
from initiatives.models.review import ReviewStep
from initiatives.models.status import BEGUN, COMPLETE, FOR_MANAGERS, Publication, Status
from initiatives.models.tagging import PrincipleRating, TrackTag
from initiatives.models.tally import Tally
from initiatives.models.wording import Wording

__all__ = [
    "AS_RECORDED",
    "BEGUN",
    "COMPLETE",
    "FOR_MANAGERS",
    "Autosave",
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
    "Invitation",
    "KeeperNaming",
    "Localness",
    "Location",
    "LogEntry",
    "Membership",
    "Organisation",
    "OrganisationGrant",
    "Participation",
    "Phase",
    "PrincipleRating",
    "Publication",
    "Reading",
    "ReviewStep",
    "SavedQuestion",
    "Sharing",
    "ShownDates",
    "ShownPlaces",
    "Status",
    "Suspension",
    "Tally",
    "TrackTag",
    "Wording",
]

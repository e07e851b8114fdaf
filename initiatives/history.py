"""What a revision holds: the initiative with everything that hangs on it, so that it can be brought back whole; and
for whom an initiative was then."""

from datetime import UTC

import reversion
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, StrIndex, Substr, TruncDate
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
    Sharing,
    Suspension,
    TrackTag,
)
from initiatives.models.belonging import memberships_of

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
    return kept.filter(_says("publication", Publication.PUBLISHED)).exists()


def was_for(user, *, owners, drafts=False, named=True):
    """Condition on a version of an initiative: it was for this person then, who may edit or review the record now.

    As a colleague's: it was no draft, not restricted, and of one of `owners`, which are keys of organisations. Or it
    named them, as the record still does: who is named now reads nothing that is older than their name.
    drafts: whether a draft counts as for colleagues too. named: false where the record names them no more, which
    spares half of the work. The author's own past is all of it, without being asked.
    """
    own = Q(pk__in=[])
    for key in owners:
        own |= Q(serialized_data__contains=f'"owner": {key},')
    closed = _says("sharing", Sharing.RESTRICTED)
    if not drafts:
        closed |= _says("publication", Publication.DRAFT)
    return own & ~closed | _names(user) if named else own & ~closed


def organisations_with_merged(user):
    """Keys of the organisations that a person belongs to, and of those merged into them. Queries: one or two."""
    own = {membership.organisation_id for membership in memberships_of(user)}
    return own | set(Organisation.objects.filter(merged_into__in=own).values_list("pk", flat=True))


def _says(field, value):
    """Condition on a version. In text that a person wrote, the quotation marks would be escaped."""
    return Q(serialized_data__contains=f'"{field}": "{value}"')


def _names(user):
    """Condition on a version of an initiative: its revision names this person, for that day too, and so does the
    record now."""
    now = Grant.objects.current().filter(user=user).annotate(key=Cast("initiative", CharField()))
    row = Concat(Value('"initiative": '), OuterRef("object_id"), Value(f', "user": {user.pk},'))
    day = Cast(TruncDate("revision__date_created", tzinfo=UTC), CharField())
    before = '"until_on": "'
    then = (
        Version.objects.get_for_model(Grant)
        .filter(revision=OuterRef("revision"), serialized_data__contains=row)
        .annotate(until=Substr("serialized_data", StrIndex("serialized_data", Value(before)) + len(before), 10))
        .filter(Q(serialized_data__contains='"until_on": null') | Q(until__gte=day))
    )
    return Q(Exists(now.filter(key=OuterRef("object_id")))) & Q(Exists(then))

"""Two entries that mean the same organisation become one. There is no way back: which parts came from which is in
the history of each initiative alone, and there a person who may edit it can put a part right.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from initiatives.models import CoverageStatement, Initiative, Organisation, SavedQuestion
from mtd_tracker.elevation import elevated
from mtd_tracker.history import change

AT_WORK = (
    "It is at work on this site: people belong to it or are invited, or records are its own. Merging would open "
    "records to others, so it stays. Only an organisation that merely takes part in the records of others is merged."
)


def merge_organisations(source, target, *, by, version=None):
    """Everywhere, `target` stands in the place of `source`, whose names and address lead there from then on.

    Each initiative that names it gets a revision of its own; whoever merges isn't told how many, or which. Where a
    record was opened to `source`, that ends: nobody read it that way, and whether the members of `target` may is for
    those to say who share it. Raises: ValidationError where it can't be; StaleSave where `source` changed since
    `version`.
    """
    with transaction.atomic(), elevated("a merge moves an organisation's parts in every record, hidden ones too"):
        source, target = _both_locked(source, target)
        _check(source, target)
        note = f"{source.name} was merged into {target.name}"
        for initiative in _initiatives_naming(source):
            with change(initiative, by=by, note=note) as record:
                _move_parts(record, source, target)
                record.save(update_fields=["version"])  # nobody has worked on it: its last change stays
        with change(target, by=by, note=note) as record:
            record.aliases = _names_of_both(record, source)
            record.save()
            _move_localness(source, record)
        CoverageStatement.objects.filter(organisation=source).update(organisation=target)
        SavedQuestion.objects.filter(organisation=source).update(organisation=target)
        Organisation.objects.filter(made_in=source).update(made_in=target)
        for organisation in [source, *source.merged_from.all()]:
            asked = version if organisation == source else None
            with change(organisation, by=by, note=note, version=asked) as record:
                record.merged_into, record.confirmed = target, False
                record.save()
    return target


def is_at_work(organisation):
    """Whether it can't be merged. One answer for several reasons, so that none of them can be told from it."""
    with transaction.atomic(), elevated("whether an organisation owns a record counts, not who may open it"):
        return _has_people_or_records(organisation)


def _has_people_or_records(organisation):
    return (
        organisation.memberships.exists()
        or organisation.invitations.pending().exists()
        or Initiative.objects.filter(owner=organisation).exists()
    )


def _both_locked(*pair):
    """In the order of their keys, so that two merges at once don't wait for each other."""
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in pair]).order_by("pk")
    stored = {row.pk: row for row in rows}
    return [stored[one.pk] for one in pair]


def _check(source, target):
    if source == target:
        raise ValidationError({"into": "This is the same organisation. Choose the other one."})
    if source.merged_into_id or target.merged_into_id:
        raise ValidationError("One of the two was merged in the meantime. Look again at what is there now.")
    if not target.confirmed:
        raise ValidationError({"into": "Confirm that one first: its names become known to everyone."})
    if _has_people_or_records(source):
        raise ValidationError(AT_WORK)


def _initiatives_naming(source):
    """All of them, whoever may open them: a part left behind would stand under a name that is gone."""
    parts = source.participations.order_by().values("initiative")
    opened = source.organisation_grants.order_by().values("initiative")
    return Initiative.objects.filter(Q(pk__in=parts) | Q(pk__in=opened)).order_by("pk")


def _move_parts(initiative, source, target):
    """A part that `target` has already, in the same role, is dropped."""
    held = set(initiative.participations.filter(organisation=target).values_list("role", flat=True))
    for part in initiative.participations.filter(organisation=source):
        if part.role in held:
            part.delete()
        else:
            part.organisation = target
            part.save()
    initiative.organisation_grants.filter(organisation=source).delete()


def _names_of_both(target, source):
    """The target's other names, and all of the source's that are new; each once, whatever its case."""
    taken = {target.name.casefold(), target.acronym.casefold(), ""}
    names = []
    for name in [*target.aliases, source.name, source.acronym, *source.aliases]:
        if name.casefold() not in taken:
            taken.add(name.casefold())
            names.append(name)
    return names


def _move_localness(source, target):
    """What is known of the target already holds."""
    known = target.localness.values("conflict_system")
    source.localness.filter(conflict_system__in=known).delete()
    for row in source.localness.all():
        row.organisation = target
        row.save()

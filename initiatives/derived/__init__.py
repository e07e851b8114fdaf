"""What is derived from initiatives and kept, so that it can be read quickly.

Written in the transaction of the change that it follows from (see apps.py), written again by `manage.py
rebuild_derived`, and compared with its sources by `manage.py check_derived`.
"""

from initiatives.derived import tallies, wordings
from initiatives.models import Initiative

KINDS = (tallies, wordings)  # each: MODEL, and `derive(initiatives)`, rows of it as they should be kept
AT_A_TIME = 2_000  # initiatives


def settle(initiatives, kinds=None):
    """Write anew what is derived from these. initiatives: primary keys, gone ones too; at most AT_A_TIME.

    Within a transaction that holds them, so that nobody who is just saving one of them writes the same.
    kinds: of KINDS, unless all of them.
    """
    for kind in KINDS if kinds is None else kinds:
        kind.MODEL.objects.filter(initiative__in=initiatives).delete()
        kind.MODEL.objects.bulk_create(kind.derive(initiatives))


def faults(initiatives, kinds=None):
    """Where what is kept of these differs from what follows from them. kinds: as above. Shape: [sentence]."""
    found = []
    for kind in KINDS if kinds is None else kinds:
        kept = {row.pk: _content(row) for row in kind.MODEL.objects.filter(initiative__in=initiatives)}
        right = {row.pk: _content(row) for row in kind.derive(initiatives)}
        name = kind.MODEL._meta.verbose_name
        found += [f"{name} {pk} is missing" for pk in right.keys() - kept.keys()]
        found += [f"{name} {pk} follows from nothing" for pk in kept.keys() - right.keys()]
        found += [f"{name} {pk} is out of date" for pk in right.keys() & kept.keys() if right[pk] != kept[pk]]
    return sorted(found)


def settle_names(initiatives):
    """What is searched of all those that name one thing, once that has another name. initiatives: a queryset.

    They say the same of it, so that the first one tells whether any has to be written anew.
    """
    keys = list(initiatives.order_by("pk").values_list("pk", flat=True).distinct())
    if keys and faults(keys[:1], kinds=[wordings]):
        for some in batched(keys):
            Initiative.objects.filter(pk__in=some).hold()
            settle(some, kinds=[wordings])


def batches():
    """Primary keys of all initiatives, whoever may open them."""
    return batched(list(Initiative.objects.order_by("pk").values_list("pk", flat=True)))


def batched(keys):
    """Shape: lists of at most AT_A_TIME."""
    return [keys[place : place + AT_A_TIME] for place in range(0, len(keys), AT_A_TIME)]


def _content(row):
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]

"""Which terms a page lists, and in what order."""


def in_order(terms):
    """Terms of one kind in their own order, tracks in that of the circle; retired ones last."""
    return sorted(terms, key=lambda term: (term.is_retired, term.position, term.code))


def listed(counted_under, *, carried):
    """Every term in use; after them those retired without a replacement that records carry.

    counted_under: as `TermQuerySet.counted_under` gives it. carried: primary keys of what records count under.
    """
    own = {term.pk: term for term in counted_under.values()}.values()
    return tuple(in_order(term for term in own if not term.is_retired or term.pk in carried))

"""Finding initiatives by words: the same words find the same on PostgreSQL and on SQLite.

Every word has to stand somewhere in what a record says or names, as a part of a word too: "dialog" finds "Dialogue",
and a word of Arabic is found with whatever is written onto it. Case, accents and spellings count as folding.py says.
"""

from django.db.models import OuterRef

from initiatives.folding import folded
from initiatives.models import Wording
from mtd_tracker.written import any_row_by_row

COMMON = 10_000  # found more often than this, words are looked for in the list's own order, row by row


def search(initiatives, text, *, reader):
    """Those in which this reader may find each word. initiatives: what they may open. Queries: one."""
    words = list(dict.fromkeys(folded(text).split()))
    if not words:
        return initiatives
    wording = Wording.objects.holding(words, reader).filter(initiative=OuterRef("pk"))
    keys = Wording.objects.keys_holding(words, reader, most=COMMON + 1)
    if len(keys) <= COMMON:
        initiatives = initiatives.filter(pk__among=keys)
    return initiatives.filter(any_row_by_row(wording))

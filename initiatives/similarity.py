"""Whether two names may mean the same thing. Pointed out to people, never decided for them."""

from difflib import SequenceMatcher

from initiatives.folding import folded

ALIKE = 0.8  # ratio of matching letters, 1 for equal texts
LONG = 12  # letters from which on one name inside another is more than chance


class Likeness:
    """Compares many names with one; `Likeness(title).to(other)`."""

    def __init__(self, text):
        self.text = folded(text)
        self.matcher = SequenceMatcher(b=self.text, autojunk=False)  # what is computed for b is kept

    def to(self, other):
        other = folded(other)
        if not (self.text and other):
            return False
        shorter, longer = sorted((self.text, other), key=len)
        if len(shorter) >= LONG and shorter in longer:
            return True
        self.matcher.set_seq1(other)
        # The upper bounds are cheap and spare most of the comparisons.
        return (
            self.matcher.real_quick_ratio() >= ALIKE
            and self.matcher.quick_ratio() >= ALIKE
            and self.matcher.ratio() >= ALIKE
        )


def similar_titles(initiatives, title, systems):
    """Initiatives in one of these conflict systems with a title like this one, the latest five.

    initiatives: a queryset of what the person may open; nothing else is compared. Queries: at most three.
    """
    likeness = Likeness(title)
    candidates = initiatives.filter(engagements__conflict_system__in=systems).order_by("-pk").distinct()
    found = [pk for pk, other in candidates.values_list("pk", "title") if likeness.to(other)]
    return list(initiatives.filter(pk__in=found[:5]).prefetch_related("suspensions"))

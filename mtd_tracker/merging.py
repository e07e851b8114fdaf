"""Two people changed one record: what each of them did, field by field, and how the two are put together.

Three sides of the same form: `base`, as the person found it; `theirs`, as it is stored now; `yours`, as it was sent.
All three are made for the same person, so that none says more than that person's form does.
"""

from dataclasses import dataclass

from django import forms

THEIRS, YOURS = "theirs", "yours"
TAKE = "take-"  # before a field's name: the side that was chosen where the two collide


@dataclass(frozen=True)
class FieldSides:
    """One field on which the sides differ, in words; base: None where it is no longer known."""

    name: str
    label: str
    base: str | None
    theirs: str
    yours: str
    chosen: str = ""

    @property
    def input_name(self):
        return f"{TAKE}{self.name}"


@dataclass(frozen=True)
class Merge:
    """What stands between a stale form and the stored record.

    started_from: the version that the form began with; base_known: whether the history still holds it.
    is_offered: whether the two can be put together; not for a form that only asks a question.
    collisions: changed by both, to something different. theirs_only, yours_only: changed by one side alone.
    joined: lists to which both added or from which both took, without touching each other.
    Each a tuple of FieldSides. values: what the form becomes, {name of an input: [text]}.
    was_asked: whether it was sent with a collision left undecided.
    """

    started_from: int | None
    base_known: bool
    is_offered: bool
    collisions: tuple
    theirs_only: tuple
    yours_only: tuple
    joined: tuple
    values: dict
    was_asked: bool = False

    @property
    def is_decided(self):
        return all(sides.chosen for sides in self.collisions)


def three_way(yours, theirs, base, *, started_from=None, is_offered=True):
    """How a form as it was sent relates to the stored record.

    yours: bound. theirs, base: the same form, unbound, of the record now and as it was; base may be None, and then
    every difference is a collision. What was chosen in an earlier round is read from what was sent.
    """
    found = {"collisions": [], "theirs_only": [], "yours_only": [], "joined": []}
    values = {}
    for name, field in yours.fields.items():
        if name in yours.ASIDE:
            continue
        mine, other = yours[name].value(), theirs[name].value()
        was = base[name].value() if base else None
        kind, value = _compare(field, was, other, mine, base is not None)
        if kind is None:
            continue
        chosen = yours.data.get(f"{TAKE}{name}", "") if kind == "collisions" else ""
        chosen = chosen if chosen in (THEIRS, YOURS) else ""
        if chosen == THEIRS:
            value = other
        if kind in ("theirs_only", "joined") or chosen == THEIRS:
            values |= sent_as(field, name, value)
        texts = (in_words(field, was) if base else None, in_words(field, other), in_words(field, mine))
        found[kind].append(FieldSides(name, yours[name].label, *texts, chosen))
    kinds = {kind: tuple(sides) for kind, sides in found.items()}
    return Merge(started_from, base is not None, is_offered, values=values, **kinds)


def _compare(field, base, theirs, yours, base_known):
    """Shape: (kind of difference or None, value that the two make together)."""
    was, other, mine = (comparable(field, value) for value in (base, theirs, yours))
    if mine == other:
        return None, yours
    if not base_known:
        return "collisions", yours
    if mine == was:
        return "theirs_only", theirs
    if other == was:
        return "yours_only", yours
    if isinstance(mine, frozenset) and _apart(was, other, mine):
        return "joined", _joined(field, base, theirs, yours)
    return "collisions", yours


def _apart(base, theirs, yours):
    """Whether two changes of one list can both be done: not where both touch the same item."""
    both_took = (base - theirs) & (base - yours)
    return not (both_took and ((theirs - base) or (yours - base)))


def _joined(field, base, theirs, yours):
    """Yours, without what they took away, and then what they added."""

    def items(value):
        return {_item(item): item for item in field.prepare_value(value) or []}

    was, other, mine = items(base), items(theirs), items(yours)
    kept = [item for key, item in mine.items() if key in other or key not in was]
    return kept + [item for key, item in other.items() if key not in was and key not in mine]


def _is_list(field):
    return hasattr(field, "columns") or isinstance(field.widget, forms.SelectMultiple | forms.CheckboxSelectMultiple)


def _item(item):
    return tuple(str(text).strip() for text in item) if isinstance(item, list | tuple) else str(item)


def comparable(field, value):
    """A value so that two are equal if a person would call them so; lists without their order."""
    value = field.prepare_value(value)
    if _is_list(field):
        return frozenset(_item(item) for item in value or [])
    if isinstance(field, forms.BooleanField):
        return bool(value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def in_words(field, value):
    """A value as a person reads it: the labels of choices, one a line."""
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if value in (None, ""):
        return ""
    if hasattr(field, "columns"):
        return _rows_in_words(field, value)
    texts = _labelled(field, value if isinstance(value, list | tuple | set) else [value])
    return "\n".join(sorted(texts) if len(texts) > 1 else texts)


def _rows_in_words(field, rows):
    columns = [_labelled(column, [row[place] for row in rows]) for place, column in enumerate(field.columns.values())]
    return "\n".join(sorted(", ".join(filter(None, row)) for row in zip(*columns, strict=True)))


def _labelled(field, values):
    """The label of each value that is a choice; others as they are."""
    choices = getattr(field, "choices", None) or ()
    labels = {str(key): str(label) for key, label in choices if key and not isinstance(label, list | tuple)}
    return [labels.get(str(value), str(value).replace("\r\n", "\n")) for value in values]


def sent_as(field, name, value):
    """A field's value as a browser would send it. Shape: {name of an input: [text]}."""
    value = field.prepare_value(value)
    if hasattr(field, "columns"):
        return {column: [row[place] for row in value or []] for place, column in enumerate(field.columns)}
    if _is_list(field):
        return {name: [str(item) for item in value or []]}
    if isinstance(field, forms.BooleanField):
        return {name: ["on"] if value else []}
    return {name: ["" if value is None else str(value)]}


def are_alike(one, other):
    """Whether two forms say the same of a record."""
    return all(
        comparable(field, one[name].value()) == comparable(field, other[name].value())
        for name, field in one.fields.items()
        if name not in one.ASIDE
    )

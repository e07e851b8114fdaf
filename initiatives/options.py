"""What a filter offers a reader to choose from, and which other codes it takes from a link.

Offered: {code: label}, in the order shown; never anything that only a hidden record would bring in.
Known: codes -> {code: (code it stands for, label)}, for codes that are not offered, such as retired ones.
What the database knows of them is read together: `part` is what one asks, and `read`, which the filter gives it, what
comes of it.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django_countries import countries

from initiatives.alphabet import place_of
from initiatives.models import ConflictSystem, Organisation, Participation
from mtd_tracker.together import made_of
from taxonomy.models import counted_under

ANY, NONE = "any", "none"  # in place of a track's code: on at least one, on none


@dataclass
class FixedOptions:
    """Options that are the same for everyone, of which a reader may be offered a part."""

    offered: dict
    others: dict

    def known(self, codes):
        return {code: (code, self.others[code]) for code in codes if code in self.others}


def country_options():
    """All of them, whoever asks, so that no record shows through."""
    return FixedOptions(dict(countries), {})


class TermOptions:
    """Terms of the taxonomy in use; a retired one is taken from old links as its replacement, or as itself."""

    FIELDS = ("id", "code", "name", "position", "status", "replaced_by")

    def __init__(self, model, label=str, extra=None):
        self.model, self.label, self.extra = model, label, extra or {}

    @property
    def part(self):
        return self.model.objects.all(), self.FIELDS

    @cached_property
    def terms(self):
        """All of them in their order, by what is told of them here."""
        attributes = [self.model._meta.get_field(name).attname for name in self.FIELDS]
        return sorted(made_of(self.read(), self.model, attributes), key=lambda term: (term.position, term.code))

    @property
    def in_use(self):
        return [term for term in self.terms if not term.is_retired]

    @cached_property
    def offered(self):
        return {term.code: self.label(term) for term in self.in_use} | self.extra

    @cached_property
    def counted_under(self):
        """Shape: {primary key: the term it counts as today}."""
        return counted_under(self.terms)

    def known(self, codes):
        retired = [term for term in self.terms if term.is_retired and term.code in codes]
        counted = {term.code: self.counted_under[term.pk] for term in retired}
        return {code: (term.code, self.label(term)) for code, term in counted.items()}

    @property
    def counted(self):
        """Codes that something can count under."""
        return dict.fromkeys(term.code for term in self.counted_under.values())

    def counting_under(self, code):
        """Primary keys of the term with this code and of those retired in its favour."""
        return [pk for pk, term in self.counted_under.items() if term.code == code]


class ConflictOptions:
    """All of them: conflict systems are public knowledge."""

    @property
    def part(self):
        return ConflictSystem.objects.all(), ("code", "name", "id")

    @cached_property
    def rows(self):
        return self.read()

    @cached_property
    def offered(self):
        return _by_name((code, name) for code, name, _ in self.rows)

    def known(self, codes):
        return {}

    def keys_of(self, codes):
        """Primary keys. By them PostgreSQL knows how many records a system has, and so how to look for them."""
        return [key for code, _, key in self.rows if code in codes]


class OrganisationOptions:
    """Those that take part in something this person may open; from a link, any that they may know of, a merged one
    as the one that stands for it."""

    def __init__(self, initiatives, user):
        self.initiatives, self.user = initiatives, user

    @property
    def part(self):
        """One participation each will do: as `Exists`, PostgreSQL would read all of them, of all the records."""
        initiative = _first(self.initiatives.filter(pk=OuterRef("initiative")))
        parts = Participation.objects.alias(open=initiative).filter(organisation=OuterRef("pk"), open__isnull=False)
        return Organisation.objects.alias(part=_first(parts)).filter(part__isnull=False), ("code", "name")

    @cached_property
    def offered(self):
        return _by_name(self.read())

    def known(self, codes):
        readable = [code for code in codes if "\0" not in code]  # PostgreSQL would raise
        found = Organisation.objects.known_to(self.user).filter(code__in=readable).select_related("merged_into")
        return {one.code: (one.current.code, one.current.name) for one in found}


def _first(rows):
    return Subquery(rows.order_by().values("pk")[:1])


def _by_name(rows):
    return dict(sorted(rows, key=lambda row: (place_of(row[1]), row[0])))

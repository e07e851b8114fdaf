"""What a filter offers a reader to choose from, and which other codes it takes from a link.

Offered: {code: label}, in the order shown; never anything that only a hidden record would bring in.
Known: codes -> {code: (code it stands for, label)}, for codes that are not offered, such as retired ones.
"""

from dataclasses import dataclass
from functools import cached_property

from django_countries import countries

from initiatives.models import ConflictSystem, Location, Organisation, Participation

ANY, NONE = "any", "none"  # in place of a track's code: on at least one, on none


@dataclass
class FixedOptions:
    """Options that are the same for everyone, of which a reader may be offered a part."""

    offered: dict
    others: dict

    def known(self, codes):
        return {code: (code, self.others[code]) for code in codes if code in self.others}


class TermOptions:
    """Terms of the taxonomy in use; a retired one is taken from old links as its replacement, or as itself."""

    def __init__(self, model, label=str, extra=None):
        self.model, self.label, self.extra = model, label, extra or {}

    @cached_property
    def offered(self):
        return {term.code: self.label(term) for term in self.model.objects.in_use()} | self.extra

    @cached_property
    def counted_under(self):
        """Shape: {primary key: the term it counts as today}."""
        return self.model.objects.counted_under()

    def known(self, codes):
        retired = [term for term in self.model.objects.all() if term.is_retired and term.code in codes]
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

    @cached_property
    def systems(self):
        return list(ConflictSystem.objects.all())

    @cached_property
    def offered(self):
        return {system.code: system.name for system in self.systems}

    def known(self, codes):
        return {}

    def called(self, word):
        """Primary keys of the systems with this word in a name, contested ones included.

        Compared here, because SQLite keeps lists of names in a form in which accents can't be searched.
        """
        word = word.casefold()
        return [s.pk for s in self.systems if any(word in name.casefold() for name in [s.name, *s.aliases])]


class OrganisationOptions:
    """Those that take part in something this person may open; from a link, any that they may know of, a merged one
    as the one that stands for it."""

    def __init__(self, initiatives, user):
        self.initiatives, self.user = initiatives, user

    @cached_property
    def offered(self):
        taking_part = Participation.objects.filter(initiative__in=self.initiatives.order_by())
        found = Organisation.objects.filter(pk__in=taking_part.values("organisation"))
        return {organisation.code: organisation.name for organisation in found}

    def known(self, codes):
        readable = [code for code in codes if "\0" not in code]  # PostgreSQL would raise
        found = Organisation.objects.known_to(self.user).filter(code__in=readable).select_related("merged_into")
        return {one.code: (one.current.code, one.current.name) for one in found}


class CountryOptions:
    """Those told to this person by something they may open; from a link, any ISO 3166 code."""

    def __init__(self, initiatives, user):
        self.initiatives, self.user = initiatives, user

    @cached_property
    def offered(self):
        told = Location.objects.telling_country_to(self.user)
        located = told.filter(initiative__in=self.initiatives.order_by()).order_by()
        codes = set(located.values_list("country", flat=True).distinct())
        return {code: name for code, name in countries if code in codes}  # by name, as the library sorts them

    def known(self, codes):
        names = dict(countries)
        return {code: (code, names[code]) for code in codes if code in names}

"""The organisations that a person may see, found by what one types.

Compared in Python: SQLite knows upper and lower case of ASCII alone, and keeps aliases escaped.
"""

import re
from functools import cached_property

from django.core.exceptions import ValidationError

from initiatives.models import Organisation
from initiatives.similarity import Likeness, folded

LISTED = re.compile(r".+ \((?P<code>[-\w]+)\)")


def listed(organisation):
    """As the list of suggestions names an organisation: "Name (code)"."""
    return f"{organisation.name} ({organisation.code})"


class Directory:
    """Queries: one, at the first question. One that this person can't see is as if it did not exist.

    A merged one is found as the one that stands for it.
    """

    def __init__(self, user):
        self.user = user

    @cached_property
    def known(self):
        return list(Organisation.objects.known_to(self.user).select_related("merged_into"))

    @cached_property
    def organisations(self):
        return [organisation for organisation in self.known if not organisation.merged_into]

    def find(self, text):
        """The organisation that this text names by code, name, acronym or alias; None where it names none.

        Raises: ValidationError where it names several.
        """
        wanted = text.casefold()
        chosen = LISTED.fullmatch(wanted)
        code = chosen["code"] if chosen else wanted
        by_code = [
            o.current for o in self.known if o.code.casefold() == code and (o.name.casefold() in wanted or not chosen)
        ]
        by_name = [o for o in self.organisations if o.name.casefold() == wanted]
        by_other = [o for o in self.organisations if wanted in {n.casefold() for n in (o.acronym, *o.aliases)}]
        found = by_code or by_name or by_other
        if len(found) > 1:
            codes = ", ".join(sorted(organisation.code for organisation in found))
            raise ValidationError(f"“{text}” is the name of several organisations. Write the code of one: {codes}.")
        return found[0] if found else None

    def matching(self, text, limit=20):
        """Those in whose code or names this text occurs, names that begin with it first."""
        wanted = folded(text)
        found = [o for o in self.organisations if any(wanted in folded(name) for name in _names(o))]
        return sorted(found, key=lambda o: not folded(o.name).startswith(wanted))[:limit]

    def like(self, name):
        """Those with a name much like this one: the same one, perhaps, spelt differently."""
        likeness = Likeness(name)
        return [o for o in self.organisations if any(likeness.to(other) for other in (o.name, *o.aliases))]


class Targets(Directory):
    """Those that an organisation can be merged into: confirmed ones, and not itself."""

    def __init__(self, user, organisation):
        super().__init__(user)
        self.organisation = organisation

    @cached_property
    def known(self):
        return [one for one in super().known if one.current.confirmed and one.current != self.organisation]


def _names(organisation):
    return (organisation.name, organisation.code, organisation.acronym, *organisation.aliases)

"""The wordings that follow from initiatives."""

from collections import defaultdict
from functools import cache, partial

from initiatives.folding import folded
from initiatives.models import Engagement, Initiative, Location, Participation, Wording

MODEL = Wording
SAID = ("title", "summary", "description")


def derive(initiatives):
    """As they should be kept, drafts among them. Shape: [Wording]. Queries: four, however many initiatives."""
    names = _names(initiatives)
    lines = partial(_lines, cache(folded))  # many say the same names
    places = defaultdict(list)
    for key, place in Location.objects.filter(initiative__in=initiatives).values_list("initiative", "place"):
        places[key].append(place)
    rows = []
    for key, shown_places, *said in Initiative.objects.filter(pk__in=initiatives).values_list(
        "pk", "shown_places", *SAID
    ):
        told = [] if shown_places else places[key]
        kept = places[key] if shown_places else []
        rows.append(Wording(initiative_id=key, text=lines(*said, *names[key], *told), places=lines(*kept)))
    return rows


def _names(initiatives):
    """Of organisations and conflict systems. Shape: {initiative: [name]}."""
    names = defaultdict(list)
    parts = Participation.objects.filter(initiative__in=initiatives).order_by("pk")
    for key, *called in parts.values_list("initiative", "organisation__name", "organisation__acronym"):
        names[key] += called
    engagements = Engagement.objects.filter(initiative__in=initiatives).order_by("pk")
    for key, name, aliases in engagements.values_list(
        "initiative", "conflict_system__name", "conflict_system__aliases"
    ):
        names[key] += [name, *aliases]
    return names


def _lines(fold, *texts):
    """Each once, a line apart, so that no word reaches from one into the next."""
    return "\n".join(dict.fromkeys(filter(None, map(fold, texts))))

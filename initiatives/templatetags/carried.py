"""Who carries a term, for pages of the taxonomy: it knows nothing of initiatives itself."""

from django import template

from initiatives.models import Initiative
from taxonomy.models import ActivityType, Principle, Track

register = template.Library()

CARRIES = {Track: "track_tags__track", Principle: "principle_ratings__principle", ActivityType: "activities"}


@register.simple_tag(takes_context=True)
def carried_by(context, term):
    """How many initiatives, that this reader may open, carry a term itself. Queries: one."""
    visible = Initiative.objects.visible_to(context["request"].user)
    return visible.filter(**{CARRIES[type(term)]: term}).order_by().values("pk").distinct().count()

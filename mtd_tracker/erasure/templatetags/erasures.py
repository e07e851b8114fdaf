from django import template

from mtd_tracker.erasure.models import Erasure

register = template.Library()


@register.inclusion_tag("erasure/_desk.html", takes_context=True)
def erasures_waiting(context):
    """How many wait for this person's word. A tag, because the start page's own room knows nothing of erasures."""
    return {"number": Erasure.objects.waiting_for(context["request"].user).count()}

from django import template

from mtd_tracker.erasure.models import Erasure, Kind

register = template.Library()


@register.inclusion_tag("erasure/_desk.html", takes_context=True)
def erasures_waiting(context):
    """How many wait for this person's word. A tag, because the start page's own room knows nothing of erasures."""
    return {"number": Erasure.objects.waiting_for(context["request"].user).count()}


@register.inclusion_tag("erasure/_asked.html", takes_context=True)
def erasure_asked(context, ref):
    """That this record's erasure waits for a second person, to those who have a word in it."""
    asked = Erasure.objects.visible_to(context["request"].user).about(Kind.RECORD, ref)
    return {"erasure": asked.select_related("requested_by").first()}

from django import template

from mtd_tracker.erasure.models import Erasure, Kind

register = template.Library()


@register.inclusion_tag("erasure/_desk.html", takes_context=True)
def erasures_waiting(context):
    """How many wait for this person's word. A tag, because the start page's own room knows nothing of erasures.

    Queries: one that mostly finds that none waits for anybody, else one more. The same below.
    """
    waits = Erasure.objects.open().exists()
    return {"number": Erasure.objects.waiting_for(context["request"].user).count() if waits else 0}


@register.inclusion_tag("erasure/_asked.html", takes_context=True)
def erasure_asked(context, ref):
    """That this record's erasure waits for a second person, to those who have a word in it."""
    if not Erasure.objects.open().about(Kind.RECORD, ref).exists():
        return {"erasure": None}
    asked = Erasure.objects.visible_to(context["request"].user).about(Kind.RECORD, ref)
    return {"erasure": asked.select_related("requested_by").first()}

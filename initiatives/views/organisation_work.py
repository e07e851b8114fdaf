"""What the pages about one organisation's work have in common: whose it is, and what is asked of it."""

from functools import wraps

from django.shortcuts import get_object_or_404

from initiatives.models import Organisation
from initiatives.pages.portfolio import asked_of
from initiatives.pages.window import Window, narrowings
from initiatives.views.answering import answer_moved
from initiatives.views.asking import asked_by


def of_organisation(name):
    """Hands a page, or its data, its organisation; one that was merged leads to those of what it became.

    name: of the address.
    """

    def with_organisation(view):
        @wraps(view)
        def found(request, code):
            known = Organisation.objects.known_to(request.user).select_related("merged_into")
            organisation = get_object_or_404(known, code=code)
            if organisation.merged_into:
                return answer_moved(request, name, organisation.merged_into.code)
            return view(request, organisation)

        return found

    return with_organisation


def work_asked(request):
    return asked_by(request, asked_of(request.GET))


def work_context(asked, organisation, query):
    return {
        "section": "organisations",
        "organisation": organisation,
        "window": Window(asked.form, query),
        "narrowings": narrowings(asked),
    }

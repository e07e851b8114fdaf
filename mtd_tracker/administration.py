"""The administrators' pages, from Django: people, organisations and who belongs to which. Nothing of initiatives.

Only what is registered here on purpose appears; what other packages register for themselves does not.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator

from mtd_tracker.reauthentication import require_reauthentication


class Administration(AdminSite):
    site_header = site_title = "MTD tracker: administration"
    index_title = "People and organisations"

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """By the site's own page, with its limits on guessing."""
        return secure_admin_login(super().login)(request, extra_context)

    def get_urls(self):
        """Without the one that leads from any row's key to its page: it would tell which are there, and names."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]


class OffersOnly:
    """Mixin of each ModelAdmin: its list is narrowed by what stands beside it, and by nothing else in an address.

    Django lets an address ask for whatever refers to a row: who wrote initiatives, or is named on one.
    """

    view_on_site = False  # its address isn't there: see `Administration`

    def lookup_allowed(self, lookup, value, request):
        return lookup.split("__")[0] in self.list_filter

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))  # PostgreSQL would raise


class ProvenFirst:
    """Mixin of a ModelAdmin: whoever adds or changes something proves once more who they are."""

    def changeform_view(self, request, *args, **kwargs):
        if request.method == "POST":
            require_reauthentication(request)
        return super().changeform_view(request, *args, **kwargs)


site = Administration()

"""The site's addresses, and what its pages are measured against."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.shortcuts import render
from django.urls import path

from initiatives.models import Initiative
from mtd_tracker.urls import urlpatterns as site


def bare(request):
    """A page of the base template alone."""
    return render(request, "base.html")


class PeerAdmin(ModelAdmin):
    """The same records as a plain changelist of Django's, of what the person may open."""

    list_display = ("title", "owner", "publication", "sharing", "start_on", "end_on")
    list_filter = ("publication", "sharing", "conflict_systems", "tracks", "organisations", "activities")
    list_select_related = ("owner",)
    search_fields = ("title", "summary", "description")

    def get_queryset(self, request):
        return Initiative.objects.visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return True


class PeerSite(AdminSite):
    def has_permission(self, request):
        return True

    def each_context(self, request):
        return {"has_permission": True, "available_apps": []}


peer = PeerSite(name="peer")
peer.register(Initiative, PeerAdmin)
urlpatterns = [path("bare/", bare), path("peer/", peer.urls), *site]

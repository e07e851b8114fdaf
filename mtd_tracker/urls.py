from django.urls import include, path

from mtd_tracker import administration, health
from mtd_tracker.accounts import invitations

handler500 = "mtd_tracker.failures.server_error"

urlpatterns = [
    path("", include("initiatives.urls")),
    path("", include("mtd_tracker.erasure.urls")),
    path("taxonomy/", include("taxonomy.urls")),
    path("accounts/", include("mtd_tracker.accounts.urls")),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("admin/", administration.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

from django.urls import include, path

from mtd_tracker import administration, health

urlpatterns = [
    path("", include("initiatives.urls")),
    path("taxonomy/", include("taxonomy.urls")),
    path("accounts/", include("mtd_tracker.accounts.urls")),
    path("admin/", administration.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

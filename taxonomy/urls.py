from django.urls import path

from taxonomy.views import curation, reading

app_name = "taxonomy"

urlpatterns = [
    path("", reading.index, name="index"),
    path("schemes/", reading.schemes, name="schemes"),
    path("lens/", reading.choose_lens, name="lens"),
    path("tracks/<slug:code>/", reading.track, name="track"),
    path("principles/<slug:code>/", reading.principle, name="principle"),
    path("activities/<slug:code>/", reading.activity, name="activity"),
    # kind: tracks, principles or activities
    path("<slug:kind>/new/", curation.term_new, name="term-new"),
    path("<slug:kind>/order/", curation.term_order, name="term-order"),
    path("<slug:kind>/<slug:code>/edit/", curation.term_edit, name="term-edit"),
    path("<slug:kind>/<slug:code>/retire/", curation.term_retire, name="term-retire"),
    path("<slug:kind>/<slug:code>/restore/", curation.term_restore, name="term-restore"),
    path("<slug:kind>/<slug:code>/history/", curation.term_history, name="term-history"),
]

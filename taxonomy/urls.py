from django.urls import path, register_converter

from taxonomy.kinds import KindConverter
from taxonomy.views import curation, reading

register_converter(KindConverter, "kind")

app_name = "taxonomy"

urlpatterns = [
    path("", reading.index, name="index"),
    path("schemes/", reading.schemes, name="schemes"),
    path("lens/", reading.choose_lens, name="lens"),
    # curation; before the terms themselves, so that "new" and "order" are no codes
    path("<kind:kind>/new/", curation.term_new, name="term-new"),
    path("<kind:kind>/order/", curation.term_order, name="term-order"),
    path("<kind:kind>/<slug:code>/edit/", curation.term_edit, name="term-edit"),
    path("<kind:kind>/<slug:code>/retire/", curation.term_retire, name="term-retire"),
    path("<kind:kind>/<slug:code>/restore/", curation.term_restore, name="term-restore"),
    path("<kind:kind>/<slug:code>/history/", curation.term_history, name="term-history"),
    path("tracks/<slug:code>/", reading.track, name="track"),
    path("principles/<slug:code>/", reading.principle, name="principle"),
    path("activities/<slug:code>/", reading.activity, name="activity"),
]

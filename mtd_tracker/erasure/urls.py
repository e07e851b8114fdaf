from django.urls import path

from mtd_tracker.erasure import views

app_name = "erasure"

urlpatterns = [
    path("initiatives/<uuid:ref>/erase/", views.record_erasure, name="record"),
    path("accounts/erase/", views.account_erasure, name="account"),
    path("erasures/", views.erasure_list, name="list"),
    path("erasures/<uuid:ref>/", views.erasure_detail, name="erasure"),
]

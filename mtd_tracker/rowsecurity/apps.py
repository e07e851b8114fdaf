from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out

from mtd_tracker.sight import look_as


class RowSecurityConfig(AppConfig):
    name = "mtd_tracker.rowsecurity"
    verbose_name = "Row security"

    def ready(self):
        user_logged_in.connect(_look_as_who_signed_in, dispatch_uid="sight")
        user_logged_out.connect(_look_as_nobody, dispatch_uid="sight")


def _look_as_who_signed_in(sender, request, user, **kwargs):
    if getattr(request, "in_sight", False):
        look_as(user)


def _look_as_nobody(sender, request, **kwargs):
    if getattr(request, "in_sight", False):
        look_as(None)

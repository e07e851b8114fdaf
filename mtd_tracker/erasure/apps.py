from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "mtd_tracker.erasure"
    verbose_name = "Erasure"

from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "mtd_tracker.erasure"
    verbose_name = "Erasure"

    def ready(self):
        from mtd_tracker.erasure import tombstones  # noqa: F401, PLC0415  once the models are there: it answers for refs

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mtd_tracker.accounts"
    verbose_name = "People"

    def ready(self):
        from mtd_tracker.accounts import checks, known_browser, signals  # noqa: F401, PLC0415  they register themselves

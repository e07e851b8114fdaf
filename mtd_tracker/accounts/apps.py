from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mtd_tracker.accounts"
    verbose_name = "People"

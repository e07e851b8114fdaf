from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mtd_tracker.demo"
    verbose_name = "Demonstration"

from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "initiatives"

    def ready(self):
        from initiatives import history  # noqa: F401, PLC0415  registers what is kept, once the models are there

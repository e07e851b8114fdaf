from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "initiatives"

    def ready(self):
        # Once the models are there: what is kept of them is registered, and what is derived follows them.
        from initiatives import checks, history  # noqa: F401, PLC0415  they register themselves
        from initiatives.derived import refreshing  # noqa: F401, PLC0415  the same

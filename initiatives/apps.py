from django.apps import AppConfig
from django.db.backends.signals import connection_created


class InitiativesConfig(AppConfig):
    name = "initiatives"

    def ready(self):
        # Once the models are there: what is kept of them is registered, and what is derived follows them.
        from initiatives import checks, history  # noqa: F401, PLC0415  they register themselves
        from initiatives.alphabet import teach  # noqa: PLC0415  beside them
        from initiatives.derived import refreshing  # noqa: F401, PLC0415  the same

        connection_created.connect(teach)

from django.conf import settings
from django.core.checks import Info, Tags, Warning, register

OF_ONE_PROCESS = ("locmem.LocMemCache", "dummy.DummyCache")


@register(Tags.security, deploy=True)
def limits_are_shared(app_configs, **kwargs):
    """Limits on guessing, and codes that were used, count in the cache."""
    if not settings.CACHES["default"]["BACKEND"].endswith(OF_ONE_PROCESS):
        return []
    return [
        Warning(
            "Each process has a cache of its own, so whoever guesses passwords has as many tries as there are "
            "processes, and a code of a second factor works once in each.",
            hint="Set CACHE_URL, for example to db://cache, and run createcachetable.",
            id="accounts.W001",
        )
    ]


@register(Tags.security, deploy=True)
def who_opens_much_has_a_second_factor(app_configs, **kwargs):
    if settings.REQUIRE_MFA:
        return []
    return [
        Warning(
            "Managers, curators and administrators sign in by a password alone.",
            hint="Leave REQUIRE_MFA unset, or set it to true.",
            id="accounts.W002",
        )
    ]


@register(Tags.security, deploy=True)
def the_database_has_a_second_lock(app_configs, **kwargs):
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        return []
    return [
        Info(
            "SQLite has no row-level security: a mistake in one query could show what is hidden.",
            hint="Name a PostgreSQL database in DATABASE_URL, and run setup_database_roles.",
            id="accounts.I001",
        )
    ]

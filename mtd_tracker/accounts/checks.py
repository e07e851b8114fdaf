from django.conf import settings
from django.core.checks import Tags, Warning, register

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

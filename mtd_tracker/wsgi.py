import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from mtd_tracker.unreadable import unreadable_types_reach_us

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mtd_tracker.settings")
application = unreadable_types_reach_us(get_wsgi_application())

# Views and all that they need, read now and set aside for good: else every so many requests one waits while the
# interpreter looks through all of it for garbage.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()

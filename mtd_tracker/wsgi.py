import os

from django.core.wsgi import get_wsgi_application

from mtd_tracker.unreadable import unreadable_types_reach_us

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mtd_tracker.settings")
application = unreadable_types_reach_us(get_wsgi_application())

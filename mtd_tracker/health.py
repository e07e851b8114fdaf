"""Two questions that whatever watches the site asks: is the process up, and can it serve?"""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mtd_tracker.failures import cache_answers
from mtd_tracker.rowsecurity.database import faults
from mtd_tracker.rowsecurity.middleware import needs_no_sight
from mtd_tracker.sight import guarded

logger = logging.getLogger(__name__)


@needs_no_sight
@require_safe
@login_not_required
@never_cache
def alive(request):
    return HttpResponse("ok\n", content_type="text/plain")


@needs_no_sight
@require_safe
@login_not_required
@never_cache
def ready(request):
    """200 once the database answers and every migration has run; 503 with the reason before.

    That the second lock is missing is for the log: it keeps nobody from working, and strangers are not told. Nor is
    a site taken off the net because nobody can sign in: who is signed in works on.
    """
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        missing = faults() if guarded() and not (settings.DEBUG or pending) else []
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if pending:
        return HttpResponse("migrations are pending\n", content_type="text/plain", status=503)
    for fault in missing:
        logger.warning("Row security: %s", fault)
    if not cache_answers():
        logger.warning("The cache does not answer: nobody signs in, changes a password or proves who they are.")
        return HttpResponse("ready, but nobody can sign in: the cache does not answer\n", content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")

"""Sessions in the database: whose each is, on which kind of browser, and when it ends. See accounts/models.py.

Two limits, both counted here and not in the browser: without any request for SESSION_IDLE_MINUTES (unless the person
chose to stay signed in), and SESSION_MAX_HOURS after signing in, whatever was done.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.utils import timezone


class SessionStore(db.SessionStore):
    """browser: what asks, in words. limit: the one that somebody's session ran into, None while it lasts."""

    KEPT = ("session_data", "expire_date", "user_id", "browser", "stays")

    browser = ""
    limit = None

    @classmethod
    def get_model_class(cls):
        from mtd_tracker.accounts.models import Session  # noqa: PLC0415  models are loaded after this module

        return Session

    def _validate_session_key(self, key):
        """The database is asked for no key that it could not have given: PostgreSQL raises on a NUL."""
        return super()._validate_session_key(key) and set(key) <= set(VALID_KEY_CHARS)

    def load(self):
        """Queries: one; a second one once a minute, to note that the session is in use."""
        session = self.model.objects.filter(session_key=self.session_key).first()
        if session is None:
            self._session_key = None
            return {}
        now = timezone.now()
        limit = session.limit_passed(now)
        if limit:
            session.delete()
            self._session_key = None
            self.limit = limit if session.user_id else None
            return {}
        session.note_use(now)
        return self.decode(session.session_data)

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        session.browser = self.browser
        session.stays = bool(data.get("_session_expiry"))
        return session

    def save(self, must_create=False):
        """Raises: UpdateError where the session was ended elsewhere in the meantime."""
        if must_create or self.session_key is None:
            return super().save(must_create=must_create)
        session = self.create_model_instance(self._get_session())
        kept = {name: getattr(session, name) for name in self.KEPT}
        if not self.model.objects.filter(pk=session.pk).update(**kept):
            raise UpdateError


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's, and the session knows in which kind of browser it is."""

    def process_request(self, request):
        super().process_request(request)
        request.session.browser = browser_in_words(request.headers.get("User-Agent", ""))


def ended_sessions_are_told(get_response):
    """Middleware: whoever comes back after a limit reads why they are signed out, on whichever page they get."""

    def middleware(request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.user.is_authenticated:
            limit = request.session.limit
            if limit:
                messages.info(request, WHY[limit]())
        return get_response(request)

    return middleware


WHY = {
    "idle": lambda: (
        f"You were signed out because nothing was asked for in {settings.SESSION_IDLE_MINUTES} minutes. "
        "What was saved is still there."
    ),
    "longest": lambda: "You were signed out because you signed in long ago. What was saved is still there.",
}

# The first that is found counts: most browsers also claim to be others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent):
    """“Firefox on Windows”: enough to know one's own device again, and no more than that is kept."""
    browser, system = (next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, SYSTEMS))
    return f"{browser or 'A browser'} on {system}" if system else browser or "An unknown browser"

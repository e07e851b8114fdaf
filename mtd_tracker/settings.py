"""Settings, all in one file and all from the environment; the README lists the variables.

Without SECRET_KEY this is a development site: DEBUG on, loopback hosts only. With it, everything is strict.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from mtd_tracker.secret_key import development_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # what the site writes when it is told no other place: database, development key

env = Env()

SECRET_KEY = env.str("SECRET_KEY", "")
DEBUG = not SECRET_KEY
if DEBUG:
    SECRET_KEY = development_secret_key(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])

LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = LOOPBACK_HOSTS if DEBUG else env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS = [f"https://{host.removeprefix('.')}" for host in ALLOWED_HOSTS if not DEBUG]

# ---------------------------------------------------------------- parts

INSTALLED_APPS = [
    "mtd_tracker.accounts",
    "mtd_tracker.demo",
    "mtd_tracker.erasure",
    "mtd_tracker.rowsecurity",
    "taxonomy",
    "initiatives",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_countries",
    "django_filters",
    "django_htmx",
    "reversion",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "mtd_tracker.stack.calls_have_room",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # slow lines; Django pads compressed pages against BREACH
    "mtd_tracker.caching.nothing_is_shown_twice",
    "mtd_tracker.sessions.SessionMiddleware",
    "mtd_tracker.slashes.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mtd_tracker.signed_out.LoginRequiredMiddleware",  # deny by default
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mtd_tracker.unreadable.unreadable_forms_are_refused",
    "mtd_tracker.sessions.ended_sessions_are_told",
    "mtd_tracker.accounts.known_browser.known_browsers_are_marked",
    "mtd_tracker.reauthentication.FormsSurviveProving",
    "mtd_tracker.accounts.second_factor.RequireSecondFactor",
    "mtd_tracker.rowsecurity.middleware.Sight",  # innermost, so that everything of a view is in its transaction
]

ROOT_URLCONF = "mtd_tracker.urls"
WSGI_APPLICATION = "mtd_tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "taxonomy.lens.lens",
                "initiatives.permissions.standing",
            ],
            "builtins": ["taxonomy.templatetags.taxonomy"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ---------------------------------------------------------------- database

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # Readers go on while one writes; writers queue instead of failing; a commit survives a power cut.
    DATABASES["default"]["ENGINE"] = "mtd_tracker.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # which pytest-django assumes of no engine but Django's
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": 8},
        # Compiling the row policies takes a hundred times longer than asking them. And the database fits in memory, so
        # that looking up one row is cheap; PostgreSQL assumes a turning disk, and would read whole tables instead.
        "options": "-c jit=off -c random_page_cost=1.1",
    }
SILENCED_SYSTEM_CHECKS = ["models.W040"]  # SQLite leaves the further columns of a covering index out, and may
ERASURES_FILE = env.path("ERASURES_FILE", VAR_DIR / "erasures.txt")  # outlives the restore of an older database
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits live in the cache: several processes need one that they share. Room for many, because one who tries
# at many addresses would push others' limits out of a small one.
CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}
if "redis" in CACHES["default"]["BACKEND"]:
    CACHES["default"].setdefault("OPTIONS", {}).update(socket_timeout=3, socket_connect_timeout=3)  # seconds
else:
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)

# ---------------------------------------------------------------- people

SESSION_ENGINE = "mtd_tracker.sessions"
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 120)
SESSION_MAX_HOURS = env.int("SESSION_MAX_HOURS", 14 * 24)
SESSION_COOKIE_AGE = SESSION_MAX_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # unless the person chose to stay signed in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "mtd_tracker.accounts.passwords.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "mtd_tracker.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_FORMS = {
    "login": "mtd_tracker.accounts.forms.SignInForm",
    "reauthenticate": "mtd_tracker.accounts.forms.ProveItForm",
    "reset_password": "mtd_tracker.accounts.forms.AskForResetForm",
    "reset_password_from_key": "mtd_tracker.accounts.forms.NewPasswordForm",
    "change_password": "mtd_tracker.accounts.forms.OtherPasswordForm",
}
INVITATIONS_AN_HOUR = env.int("INVITATIONS_AN_HOUR", 60)  # that one person, or one organisation, may send
ACCOUNT_RATE_LIMITS = {  # besides allauth's own
    "reset_password": "20/m/ip,5/h/key",  # key: an address
    "name": "20/h/user,60/d/user",  # addresses that are nobody's, of those whom one names on records
    "invite": f"{INVITATIONS_AN_HOUR}/h/user,{INVITATIONS_AN_HOUR}/h/key",  # key: an organisation
}
RESET_STEP = 0.5  # seconds: asking for a new password takes as long for an unknown address as for a known one
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whose password or second factor changed is told by mail
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by people who know the address
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds for which having proved who one is holds
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[MTD tracker] "
INVITATION_DAYS = env.int("INVITATION_DAYS", 7)  # for which a link into an organisation holds
MFA_ADAPTER = "mtd_tracker.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds by which a clock may be off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: nobody signs up on their own
MFA_FORMS = {
    "authenticate": "mtd_tracker.accounts.mfa_forms.SignInCodeForm",
    "reauthenticate": "mtd_tracker.accounts.mfa_forms.ProveByCodeForm",
    "activate_totp": "mtd_tracker.accounts.mfa_forms.SetUpAppForm",
    "deactivate_totp": "mtd_tracker.accounts.mfa_forms.RemoveAppForm",
    "generate_recovery_codes": "mtd_tracker.accounts.mfa_forms.NewRecoveryCodesForm",
    "add_webauthn": "mtd_tracker.accounts.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "mtd_tracker.accounts.mfa_forms.RenamePasskeyForm",
    "authenticate_webauthn": "mtd_tracker.accounts.mfa_forms.SignInSecondPasskeyForm",
    "login_webauthn": "mtd_tracker.accounts.mfa_forms.SignInPasskeyForm",
    "reauthenticate_webauthn": "mtd_tracker.accounts.mfa_forms.ProveByPasskeyForm",
}
REQUIRE_MFA = env.bool("REQUIRE_MFA", not DEBUG)  # of managers, curators and administrators
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

if DEBUG:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    vars().update(env.dj_email_url("EMAIL_URL", "smtp://localhost:25"))
    if not vars().get("EMAIL_BACKEND"):
        raise ImproperlyConfigured("EMAIL_URL begins with smtp:// or submission:// (587, with TLS); see the README.")
    EMAIL_TIMEOUT = 15  # seconds; a mail server that hangs must not hold up the site
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "mtd-tracker@localhost")

# ---------------------------------------------------------------- language and time

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # times are stored, and "today" is taken, in UTC
DATE_FORMAT = "j F Y"

# ---------------------------------------------------------------- static files

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# ---------------------------------------------------------------- security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks from data: addresses
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # what they name is kept in no table
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    if env.bool("BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else one who guesses passwords locks out everybody behind the proxy

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"routes": {"()": "mtd_tracker.logs.RoutesAlone"}},
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"filters": ["routes"]},
        "django.security.csrf": {"filters": ["routes"]},
        "weasyprint": {"level": "ERROR"},  # it warns of each property of a style sheet that it doesn't know
    },
}

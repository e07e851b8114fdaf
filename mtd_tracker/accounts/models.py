import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person, who signs in by e-mail. What they may see follows from memberships, see initiatives.

    is_curator: keeps the taxonomy; sees no more initiatives for it. ref: names the person where no row may.
    """

    username = None
    first_name = None
    last_name = None
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150, help_text="As colleagues know you.")
    is_curator = models.BooleanField("curator", default=False, help_text="Keeps the taxonomy.")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="Somebody signs in with this address already.",
            )
        ]

    def __str__(self):
        return self.name or self.email

    def save(self, *args, **kwargs):
        """A new password, and an account that is switched off, end every session: none wakes up again later."""
        self.email = self.email.lower()  # as allauth looks it up
        over = bool(self.pk) and (self._password is not None or not self.is_active)
        super().save(*args, **kwargs)
        if over:
            self.sessions.all().delete()

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)


class SessionQuerySet(models.QuerySet):
    def lasting(self):
        """Those that neither limit has ended, latest use first."""
        now = timezone.now()
        in_use = models.Q(stays=True) | models.Q(last_seen_at__gt=now - idle_limit())
        return self.filter(in_use, expire_date__gt=now, begun_at__gt=now - longest()).order_by("-last_seen_at")


class Session(AbstractBaseSession):
    """Somebody signed in on one device. See mtd_tracker/sessions.py.

    ref: names the session on a page, where its key may not stand. stays: chosen when signing in; without use it goes
    on. No address of the device is kept.
    """

    NOTED_EVERY = timedelta(minutes=1)

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    browser = models.CharField(max_length=60, blank=True)
    stays = models.BooleanField(default=False)
    begun_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    objects = SessionQuerySet.as_manager()

    def __str__(self):
        return self.browser

    def limit_passed(self, now):
        """Which limit ended it: "longest" or "idle"; None while it lasts."""
        if self.expire_date <= now or now - self.begun_at >= longest():
            return "longest"
        return None if self.stays or now - self.last_seen_at < idle_limit() else "idle"

    def note_use(self, now):
        """Written at most once a minute, however many requests there are."""
        if now - self.last_seen_at >= self.NOTED_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_seen_at=now)


def idle_limit():
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def longest():
    return timedelta(hours=settings.SESSION_MAX_HOURS)

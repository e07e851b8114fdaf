"""People and words that every test may use. Alice and Colin work at one organisation, Olga at another."""

import gc
from importlib.util import find_spec

import pytest
from django.core.cache import cache
from django.db import connection

from mtd_tracker.sight import guarded
from taxonomy.models import ActivityType, Mapping, Principle, Scheme, SchemeTerm, Track
from tests.derived import following
from tests.factories import (
    ConflictSystemFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.runtime_role import put_on, take_off

# A plain run leaves the browser tests out, and has no Playwright: it comes with `uv run --group browser`.
collect_ignore = [] if find_spec("playwright") else ["browser"]
if not guarded():
    collect_ignore += ["mtd_tracker/rowsecurity"]  # SQLite has none

TRACKS = (
    "government",
    "conflict-resolution",
    "business",
    "private-citizen",
    "research-training-education",
    "activism",
    "religion",
    "funding",
    "media",
)


def pytest_collection_finish():
    """What is there by now stays to the end: the search for garbage need not go through it thousands of times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """On PostgreSQL every test works as the role that serves the site, which row security binds."""
    if not guarded():
        yield
        return
    with django_db_blocker.unblock():
        put_on(connection)
    yield
    with django_db_blocker.unblock():
        take_off(connection)


@pytest.fixture
def cache_gone(settings):
    """The shared cache is a Redis where nobody listens."""
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": redis}


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    """Limits on guessing are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def done_at_once(monkeypatch):
    """What waits for the end of a transaction is done at once: a test is one that never ends."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do, **options: do())


@pytest.fixture(autouse=True)
def _derived_follows(request):
    """What is derived follows what a test writes past the actions; not where `derived_by_actions_alone` is asked."""
    if "derived_by_actions_alone" in request.fixturenames:
        yield
        return
    with following():
        yield


@pytest.fixture
def derived_by_actions_alone():
    """For tests of that very thing."""


@pytest.fixture(scope="session")
def _erasures_file(tmp_path_factory):
    return tmp_path_factory.mktemp("site") / "erasures.txt"


@pytest.fixture(autouse=True)
def _quick_settings(settings, _erasures_file):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RESET_STEP = 0
    settings.ERASURES_FILE = _erasures_file
    _erasures_file.unlink(missing_ok=True)


@pytest.fixture
def tracks(db):
    """The nine, numbered as in the canonical scheme. Shape: {code: Track}."""
    scheme = Scheme.objects.create(code="imtd-9", name="Nine tracks", canonical=True)
    tracks = Track.objects.bulk_create(
        Track(code=code, name=code.replace("-", " ").title(), position=number)
        for number, code in enumerate(TRACKS, start=1)
    )
    terms = SchemeTerm.objects.bulk_create(
        SchemeTerm(scheme=scheme, label=str(track.position), name=track.name, position=track.position)
        for track in tracks
    )
    Mapping.objects.bulk_create(
        Mapping(term=term, track=track, match="exact") for term, track in zip(terms, tracks, strict=True)
    )
    return {track.code: track for track in tracks}


@pytest.fixture
def principles(db):
    """Two are enough. Shape: {code: Principle}."""
    return {
        code: Principle.objects.create(code=code, name=code.title(), position=position, prompts=["Who, and when?"])
        for position, code in enumerate(("relationship", "trust"), start=1)
    }


@pytest.fixture
def activities(db):
    return {
        code: ActivityType.objects.create(code=code, name=code.title(), position=position)
        for position, code in enumerate(("training", "mediation"), start=1)
    }


@pytest.fixture
def valley(db):
    """A conflict system."""
    return ConflictSystemFactory(code="valley", name="Valley")


@pytest.fixture
def bridge(db):
    """The organisation of Alice, Colin and Maria."""
    return OrganisationFactory(code="bridge", name="Bridge")


@pytest.fixture
def harbour(db):
    """The other organisation, of Olga and Otto."""
    return OrganisationFactory(code="harbour", name="Harbour")


def _member(name, organisation, role="practitioner"):
    user = UserFactory(name=name.title(), email=f"{name}@example.org")
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


@pytest.fixture
def alice(bridge):
    """A practitioner, the author in most tests."""
    return _member("alice", bridge)


@pytest.fixture
def colin(bridge):
    """Alice's colleague."""
    return _member("colin", bridge)


@pytest.fixture
def maria(bridge):
    """Alice's manager."""
    return _member("maria", bridge, "manager")


@pytest.fixture
def olga(harbour):
    """A practitioner elsewhere."""
    return _member("olga", harbour)


@pytest.fixture
def otto(harbour):
    """A manager elsewhere."""
    return _member("otto", harbour, "manager")


@pytest.fixture
def curator(db):
    return UserFactory(name="Cura", email="cura@example.org", is_curator=True)


@pytest.fixture
def administrator(db):
    return UserFactory(name="Ada", email="ada@example.org", is_staff=True, is_superuser=True)

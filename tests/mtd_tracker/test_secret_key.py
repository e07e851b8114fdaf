"""The key that a site without SECRET_KEY makes for itself."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

from django.core.management.utils import get_random_secret_key

from mtd_tracker.secret_key import development_secret_key


def test_whoever_begins_at_once_gets_the_same_key(tmp_path, monkeypatch):
    def slowly():
        sleep(0.02)
        return get_random_secret_key()

    monkeypatch.setattr("mtd_tracker.secret_key.get_random_secret_key", slowly)
    path = tmp_path / "var" / "secret_key"
    with ThreadPoolExecutor(8) as several:
        keys = set(several.map(development_secret_key, [path] * 8))
    assert keys == {path.read_text()}
    assert len(path.read_text()) >= 50
    assert [one.name for one in path.parent.iterdir()] == ["secret_key"]


def test_it_stays_the_same_and_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "secret_key"
    assert development_secret_key(path) == development_secret_key(path)
    assert path.stat().st_mode & 0o777 == 0o600

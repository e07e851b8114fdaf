"""What the environment makes of the settings, asked of a fresh process each."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "k7fQ2x-only-for-this-test-w9Lr4Tz8-Vb3Nn6Mm1Pp5Ss0Dd-Gg7Hh2Jj4"
ASK = """
import json, sys
from mtd_tracker import settings
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))
"""


def run(*command, **environment):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


def ask(*names, **environment):
    answer = run("-c", ASK, *names, **environment)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_without_a_key_it_is_a_development_site_for_this_machine_alone():
    found = ask("DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", ALLOWED_HOSTS="example.org")
    assert found["DEBUG"] is True
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert len(found["SECRET_KEY"]) >= 50


def test_with_a_key_everything_is_strict():
    found = ask(
        "DEBUG",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "SECURE_PROXY_SSL_HEADER",
        "CSRF_TRUSTED_ORIGINS",
        SECRET_KEY=KEY,
        ALLOWED_HOSTS="tracker.example.org",
    )
    assert found == {
        "DEBUG": False,
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": ["tracker.example.org"],
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_PROXY_SSL_HEADER": None,  # a header that anyone can send, unless a proxy is there
        "CSRF_TRUSTED_ORIGINS": ["https://tracker.example.org"],
    }


def test_behind_a_proxy_limits_on_guessing_hold_for_each_visitor():
    names = ("ALLAUTH_TRUSTED_PROXY_COUNT", "SECURE_PROXY_SSL_HEADER")
    assert ask(*names, SECRET_KEY=KEY, BEHIND_PROXY="true") == dict(
        zip(names, (1, ["HTTP_X_FORWARDED_PROTO", "https"]), strict=True)
    )
    assert ask(*names, SECRET_KEY=KEY) == dict.fromkeys(names)


def test_debug_cannot_be_turned_on_from_the_environment():
    assert ask("DEBUG", SECRET_KEY=KEY, DEBUG="1") == {"DEBUG": False}


def test_without_hosts_a_real_site_answers_to_none():
    assert ask("ALLOWED_HOSTS", SECRET_KEY=KEY) == {"ALLOWED_HOSTS": []}


@pytest.mark.parametrize("setting", ["DATABASE_URL", "SECURE_HSTS_SECONDS", "EMAIL_URL"])
def test_a_setting_that_cannot_be_read_is_refused(setting):
    answer = run("-c", ASK, SECRET_KEY=KEY, **{setting: "nonsense"})
    assert answer.returncode != 0
    assert "nonsense" in answer.stderr or setting in answer.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("submission://user:word@mail.example.org", [587, True, False]),
        ("smtp://user:word@mail.example.org:465/?ssl=True", [465, False, True]),
        ("smtp://mail.example.org:25", [25, False, False]),
    ],
)
def test_mail_goes_as_the_readme_says(url, expected):
    names = ("EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    assert list(ask(*names, SECRET_KEY=KEY, EMAIL_URL=url).values()) == expected


def check_deployment(**environment):
    command = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    return run(*command, SECRET_KEY=KEY, ALLOWED_HOSTS="tracker.example.org", **environment)


@pytest.mark.parametrize("cache", ["db://cache", "redis://localhost:6379/0"])
def test_the_deployment_check_finds_nothing(cache):
    answer = check_deployment(CACHE_URL=cache)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("cache", ["locmem://", "dummy://"])
def test_the_deployment_check_finds_a_cache_that_processes_do_not_share(cache):
    answer = check_deployment(CACHE_URL=cache)
    assert answer.returncode != 0
    assert "accounts.W001" in answer.stderr


def test_a_real_site_asks_for_a_second_factor_and_a_development_site_does_not():
    assert ask("REQUIRE_MFA", SECRET_KEY=KEY) == {"REQUIRE_MFA": True}
    assert ask("REQUIRE_MFA") == {"REQUIRE_MFA": False}
    assert ask("REQUIRE_MFA", SECRET_KEY=KEY, REQUIRE_MFA="false") == {"REQUIRE_MFA": False}
    assert ask("REQUIRE_MFA", REQUIRE_MFA="true") == {"REQUIRE_MFA": True}


@pytest.mark.parametrize("cache", ["locmem://", "db://cache"])
def test_who_tries_at_many_addresses_does_not_push_the_limits_of_others_out_of_the_cache(cache):
    assert ask("CACHES", CACHE_URL=cache)["CACHES"]["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


def test_a_session_ends_after_two_hours_without_use_and_two_weeks_at_most_unless_set_otherwise():
    names = ("SESSION_IDLE_MINUTES", "SESSION_MAX_HOURS", "SESSION_COOKIE_AGE")
    assert list(ask(*names).values()) == [120, 336, 336 * 3600]
    assert list(ask(*names, SESSION_IDLE_MINUTES="15", SESSION_MAX_HOURS="12").values()) == [15, 12, 12 * 3600]


def test_scripts_and_styles_come_from_the_site_alone(client, db):
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_deployment_check_finds_a_site_without_second_factors():
    answer = check_deployment(CACHE_URL="db://cache", REQUIRE_MFA="false")
    assert answer.returncode != 0
    assert "accounts.W002" in answer.stderr

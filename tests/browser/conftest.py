"""A real Chromium (Debian's) on a live server with the demonstration's records."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import expect, sync_playwright

# Playwright's synchronous calls run inside an event loop, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
AXE = (Path(__file__).parent.parent / "data" / "axe-core" / "axe.min.js").read_text()
PASSWORD = "demo-peace-2026"

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """On SQLite a file, so that each thread of the server has a connection of its own, as on a real site: two requests
    at once on the one connection of a database in memory wait for each other for ever."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("site") / "site.sqlite3")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def make_demonstration():
    """make_demonstration(): into an empty database. On SQLite it is made once, and copied whole for the next test."""
    with closing(sqlite3.connect(":memory:")) as kept:

        def make():
            if kept.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
                connection.ensure_connection()
                kept.backup(connection.connection)
                ContentType.objects.clear_cache()
                return
            with override_settings(DEBUG=True):  # it refuses to be made elsewhere
                call_command("demo", "--no-serve", verbosity=0)
            if connection.vendor == "sqlite":
                connection.connection.backup(kept)

        yield make


@pytest.fixture
def site(transactional_db, live_server, make_demonstration):
    """Address of a server that holds the demonstration."""
    make_demonstration()
    return live_server.url


@pytest.fixture
def open_page(chromium, site):
    """open_page(width=…, javascript=…): a page that fails the test on any script error or blocked resource."""
    contexts, complaints = [], []

    def open_page(*, width=1280, javascript=True):
        context = chromium.new_context(
            base_url=site, viewport={"width": width, "height": 900}, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
        )
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((site, "data:")) else complaints.append(f"left the site: {request.url}")
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in():
    def sign_in(page, account):
        page.goto("/accounts/login/")
        page.fill("[name=login]", f"{account}@demo.example")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/")

    return sign_in


def prove(page):
    """Say once more who one is, where the page asks."""
    expect(page.locator("h1")).to_have_text("Is it you?")
    page.fill("main [name=password]", PASSWORD)
    page.click("main button[type=submit]")


def axe_violations(page):
    """What axe finds wrong on the page, by all that it looks for unasked and by wcag22aa, whose one rule it leaves out
    else. Shape: ["rule: element", …]."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})")
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]

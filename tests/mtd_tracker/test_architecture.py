"""The floors of the house: no import runs upwards. Read from the source, so that a lazy import counts too."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GROUND = (
    "mtd_tracker.sight",
    "mtd_tracker.history",
    "mtd_tracker.forms",
    "mtd_tracker.htmx",
    "mtd_tracker.datafile",
    "mtd_tracker.elevation",
    "mtd_tracker.reauthentication",
    "mtd_tracker.past",
    "mtd_tracker.merging",
    "mtd_tracker.names",
    "mtd_tracker.parsing",
    "mtd_tracker.refs",
    "mtd_tracker.returning",
    "mtd_tracker.saving",
    "mtd_tracker.site_address",
    "mtd_tracker.together",
    "mtd_tracker.written",
)
SITE = ("mtd_tracker.administration",)  # where an app's admin module registers what it shows
ABOVE_VIEWS = ("initiatives.views", "taxonomy.views", "initiatives.urls", "taxonomy.urls", "initiatives.forms")


def modules(*patterns):
    found = sorted(path for pattern in patterns for path in ROOT.glob(pattern) if "migrations" not in path.parts)
    assert found, patterns
    return found


def imports(path):
    """Full names of everything that a module of ours imports. Shape: {name}."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(name, packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def faults(paths, *, banned, allowed=()):
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in sorted(imports(path))
        if within(name, banned) and not within(name, allowed)
    ]


def test_the_taxonomy_knows_nothing_of_initiatives():
    assert faults(modules("taxonomy/**/*.py"), banned=["initiatives"]) == []


def test_the_apps_know_only_the_ground_of_the_site():
    paths = [path for path in modules("taxonomy/**/*.py", "initiatives/**/*.py") if path.name != "admin.py"]
    assert faults(paths, banned=["mtd_tracker"], allowed=GROUND) == []
    assert faults(modules("initiatives/admin.py"), banned=["mtd_tracker"], allowed=GROUND + SITE) == []


def test_the_ground_knows_no_app():
    paths = [ROOT / f"{name.replace('.', '/')}.py" for name in GROUND + SITE]
    assert faults(paths, banned=["taxonomy", "initiatives", "mtd_tracker.accounts", "mtd_tracker.demo"]) == []


@pytest.mark.parametrize("room", ["initiatives/analytics", "initiatives/exchange"])
def test_figures_and_files_know_no_view_and_no_form(room):
    assert faults(modules(f"{room}/**/*.py"), banned=ABOVE_VIEWS) == []


def test_figures_know_no_request_and_no_template():
    banned = ["django.http", "django.shortcuts", "django.template"]
    assert faults(modules("initiatives/analytics/**/*.py"), banned=banned) == []


def test_models_and_actions_know_no_view():
    paths = modules("initiatives/models/*.py", "initiatives/actions/*.py", "taxonomy/models.py")
    assert faults(paths, banned=ABOVE_VIEWS) == []


def test_no_code_of_the_site_imports_its_tests():
    assert faults(modules("taxonomy/**/*.py", "initiatives/**/*.py", "mtd_tracker/**/*.py"), banned=["tests"]) == []

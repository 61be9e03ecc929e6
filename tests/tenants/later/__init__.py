"""Migrations of a later release, for tests of the fleet. Each package is the campuses' own plus one more.

Use one with `settings.MIGRATION_MODULES = {..., "campuses": "tests.tenants.later.adds_a_column"}`.
"""

from apps.campuses import migrations


def real_path() -> list[str]:
    return list(migrations.__path__)


def after() -> list[tuple[str, str]]:
    """The dependencies of a migration that comes after the newest of the app."""
    from pathlib import Path

    newest = max(file.stem for folder in real_path() for file in Path(folder).glob("[0-9]*.py"))
    return [("campuses", newest)]
